"""Answers with prepared JSON: those that repeat an earlier answer to a request that asks for the same.

Such an answer differs from the earlier one in its ids, its time and the length of the request. The first two times it
is made like any other; after that, a template is filled in. The result is the same, byte for byte.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from ...model.answers import Answer
from ...model.families import Model
from ...model.prompt_cache import Cached
from ...wire.events import END, Event
from ...wire.ids import Ids, Padding
from ...wire.template import IdStandIns, StandIns, Template

MOST_REQUESTS = 1_000
"""How many kinds of requests are remembered, and how many answers that were given once."""

MOST_BYTES = 16_000_000
"""How many bytes the templates may take together."""

LONGEST = 10_000
"""The limit for a request whose answer is prepared, in bytes."""

MOST_MESSAGES = 50

AT_ONCE = 32
"""How many events of a stream form one piece of its body if there is no wait between them."""

CLOCK, READ, TOTAL, FIRST_ID = range(4)
"""The numbers of the holes: the time in Unix seconds, the input tokens, all tokens, and after that the ids."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """An answer without the parts that differ.

    Args:
        whole: its JSON.
        written: how many tokens the model generated.
        draws: functions that make its ids, in order. The first is the answer's own id.
        stream: the frames of its stream, if there is one.
        padded: how many of them are padded.
        pauses: how many tokens were generated for each frame, and whether it says that the answer has ended.
    """

    whole: Template
    written: int
    draws: Sequence[Callable[[Ids], str]]
    stream: Template | None = None
    padded: int = 0
    pauses: Sequence[tuple[int, bool]] = ()

    def fill(self, ids: Ids, now: float, read: int) -> "Prepared":
        """Return the answer at this time in Unix seconds to a request with `read` input tokens."""
        drawn = "\n".join([draw(ids) for draw in self.draws]).encode()
        return Prepared(self, b"%d\n%d\n%d\n%b" % (now, read, read + self.written, drawn))

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return self.whole.size + (self.stream.size if self.stream else 0) + 16 * len(self.pauses)


class Prepared:
    """An answer whose JSON is written when it is needed.

    Args:
        recipe: the parts that are the same in other answers.
        values: the parts that differ, one per line. As one object, they take little memory.
    """

    __slots__ = ("recipe", "values")

    def __init__(self, recipe: Recipe, values: bytes) -> None:
        self.recipe, self.values = recipe, values

    @property
    def id(self) -> str:
        """Its id."""
        return self.values.split(b"\n", FIRST_ID + 1)[FIRST_ID].decode()

    @property
    def drawn(self) -> list[str]:
        """All its ids and other made-up texts, in the order in which they were made. The first is its own id."""
        return self.values.decode().split("\n")[FIRST_ID:]

    def encode(self) -> bytes:
        """Return its JSON."""
        return self.recipe.whole.fill(self.values.split(b"\n"))

    def json(self) -> dict[str, Any]:
        """Return its parsed JSON."""
        read: dict[str, Any] = from_json(self.encode())
        return read


class PreparedStream:
    """The stream of a prepared answer."""

    __slots__ = ("_recipe", "_values")

    def __init__(self, answer: Prepared) -> None:
        self._recipe, values = answer.recipe, answer.values.split(b"\n")
        self._values = values + Padding(values[FIRST_ID].decode()).several(self._recipe.padded)

    def encode(self) -> bytes:
        """Return all its frames."""
        assert self._recipe.stream  # noqa: S101 - narrows the type
        return self._recipe.stream.fill(self._values)

    def frames(self) -> Iterator[tuple[tuple[int, bool], bytes]]:
        """Yield each frame, and before it what to wait for according to the recipe."""
        frames = self.encode().split(END)
        return zip(self._recipe.pauses, [frame + END for frame in frames[:-1]], strict=True)

    def bursts(self) -> Iterator[bytes]:
        """Yield all its frames, many at a time."""
        whole = self.encode()
        if len(self._recipe.pauses) <= AT_ONCE:
            yield whole
            return
        frames = whole.split(END)
        for start in range(0, len(frames) - 1, AT_ONCE):
            yield END.join([*frames[start : min(start + AT_ONCE, len(frames) - 1)], b""])

    def last(self) -> dict[str, Any]:
        """Return the content of its last frame."""
        frame = self.encode().split(END)[-2]
        read: dict[str, Any] = from_json(frame.partition(b"data: ")[2])
        return read


class Recipes:
    """The recipes of earlier answers, and what is known about their requests.

    Args:
        used: whether recipes are used. If not, every answer is made from scratch.
    """

    def __init__(self, *, used: bool = True) -> None:
        self._used = used
        self._checked: OrderedDict[bytes, tuple[Model, str | None]] = OrderedDict()
        self._given: OrderedDict[Hashable, None] = OrderedDict()
        self._recipes: OrderedDict[Hashable, Recipe] = OrderedDict()
        self._size = 0

    def besides(self, body: Mapping[str, Any], member: str, weight: int) -> bytes | None:
        """Return what a request asks for other than the text of its `member`: other parameters, and the roles.

        Args:
            body: the request.
            member: where its text is: a string, or messages with a role and a text.
            weight: about how many bytes it takes.

        Returns:
            None if it has more than text, or too much.
        """
        return _besides(body, member) if self._used and weight <= LONGEST else None

    def checked(self, besides: bytes | None) -> tuple[Model, str | None] | None:
        """Return the model and effort of requests that ask for this, if one was checked and not refused."""
        return self._checked.get(besides) if besides else None

    def note(self, besides: bytes | None, model: Model, effort: str | None) -> None:
        """Remember that requests that ask for this are not refused."""
        if besides:
            self._checked[besides] = model, effort
            if len(self._checked) > MOST_REQUESTS:
                self._checked.popitem(last=False)

    def recipe(
        self, besides: bytes, answers: Sequence[Answer], cached: Cached, prepare: "Callable[[Preparing], Recipe]"
    ) -> Recipe | None:
        """Return the recipe of earlier answers to requests that ask for the same, or None.

        Args:
            besides: what the request asks for other than text.
            answers: what the model answers.
            cached: what the prompt cache had of the prompt.
            prepare: writes the recipe.
        """
        key = _key(besides, answers, cached)
        if key is None:
            return None
        recipe = self._recipes.get(key)
        if recipe is None and self._is_due(key):
            recipe = self._recipes[key] = prepare(Preparing())
            self._size += recipe.size
            while self._size > MOST_BYTES and len(self._recipes) > 1:
                self._size -= self._recipes.popitem(last=False)[1].size
        return recipe

    def _is_due(self, key: Hashable) -> bool:
        if key in self._given:
            del self._given[key]
            return True
        self._given[key] = None
        if len(self._given) > MOST_REQUESTS:
            self._given.popitem(last=False)
        return False


def _besides(body: Mapping[str, Any], member: str) -> bytes | None:
    words = body.get(member)
    roles: list[str] | None = None
    if type(words) is list:
        roles = []
        for message in words[: MOST_MESSAGES + 1]:
            if type(message) is not dict or len(message) != 2 or not message.get("content"):
                return None
            if type(message["content"]) is not str or type(role := message.get("role")) is not str:
                return None
            roles.append(role)
        if len(roles) > MOST_MESSAGES:
            return None
    elif type(words) is not str:
        return None
    if not words:
        return None
    return to_json([member, roles, {key: value for key, value in body.items() if key != member}])


def _key(besides: bytes, answers: Sequence[Answer], cached: Cached) -> Hashable | None:
    """Return a key for answers that are the same except for ids and the like. None if they cannot be prepared."""
    told: list[Hashable] = [besides, cached]
    for answer in answers:
        if answer.finish != "stop" or answer.calls:
            return None
        told.append((answer.output_tokens, answer.reasoning_tokens, answer.refused, *answer.pieces))
    return tuple(told)


class Preparing:
    """Writes a recipe: an answer made with stand-ins for the parts that differ.

    Attributes:
        ids: makes stand-ins for ids.
        now: a stand-in for the time.
        read: a stand-in for the input tokens.
        total: a stand-in for all tokens.
    """

    def __init__(self) -> None:
        self._stand_ins = StandIns()
        self.now, self.read, self.total = (self._stand_ins.number() for _ in range(FIRST_ID))
        self.ids = IdStandIns(self._stand_ins)

    def recipe(self, whole: bytes, written: int, stream: "Callable[[Padding], Iterator[Event]] | None") -> Recipe:
        """Return the recipe of an answer with `written` tokens, given its JSON and a function that makes its stream."""
        draws = tuple(self.ids.draws)
        if stream is None:
            return Recipe(Template(whole), written, draws)
        padding = PaddingStandIns(self._stand_ins)
        events = list(stream(padding))
        frames = Template(b"".join([event.encode() for event in events]))
        pauses = [(event.tokens, event.is_end) for event in events]
        return Recipe(Template(whole), written, draws, frames, padding.count, pauses)


class PaddingStandIns(Padding):
    """Makes stand-ins instead of padding, and counts them."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins, self.count = stand_ins, 0

    def next(self) -> str:  # noqa: D102
        self.count += 1
        return self._stand_ins.text()
