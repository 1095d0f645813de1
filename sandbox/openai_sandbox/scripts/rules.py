"""Rules: what is answered to the requests that they fit, and which of them is next."""

import threading
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Self, TypeVar

from ..faults import parse
from ..model.answers import REFUSAL
from ..model.scripted import Scripted, ScriptedCall
from ..values.instances import compact
from ..wire.errors import APIError, error
from .conditions import Conditions
from .rounds import Decision, Entry, Rounds
from .seen import Seen

Answering = TypeVar("Answering", bound="Rule")

COUNTS = ("input", "cached", "output", "reasoning")


class ScriptError(AssertionError):
    """A script that cannot be: what a rule says does not fit the request, or no rule fits a strict one's."""


class Rule:
    """What is answered to the requests that it fits.

    Several answers are given one after the other, to one request each; the last one again and again. `then` begins
    what is answered in the next round, when the outputs of the tools that were called are there.

        api.when("weather in Paris").call("get_weather", city="Paris").then("22 degrees and sunny.")
        api.when(matches="refund").fail("rate_limit", times=2).say("Done.")

    Args:
        conditions: when it fits.
        lock: held while it changes.
    """

    def __init__(self, conditions: Conditions, lock: "threading.RLock") -> None:
        self.conditions = conditions
        self.rounds = Rounds(str(conditions), lock)

    def say(self, text: str, *, checked: bool = True) -> Self:
        """Answer a text. With `checked=False` it need not be the JSON that the request asks for."""
        return _add(self, Scripted(text, checked=checked))

    def say_json(self, value: Any = None, *, checked: bool = True, **members: Any) -> Self:
        """Answer JSON: a value, or an object with these members. It is checked against the request's schema."""
        return _add(self, Scripted(compact(members if value is None and members else value), checked=checked))

    def stream(self, pieces: Sequence[str], delay: float | None = None) -> Self:
        """Answer a text in these pieces, each after so many seconds where it is streamed."""
        return _add(self, Scripted("".join(pieces), tuple(pieces), delay=delay))

    def refuse(self, text: str = REFUSAL) -> Self:
        """Refuse to answer."""
        return _add(self, Scripted(text, refused=True))

    def call(
        self, name: str, arguments: Mapping[str, Any] | str | None = None, *, checked: bool = True, **named: Any
    ) -> Self:
        """Call a tool with arguments: by name, as a mapping, or, of a custom tool, as a text."""
        return _add(self, Scripted(calls=(_call(name, arguments, named),), checked=checked))

    def also_call(self, name: str, arguments: Mapping[str, Any] | str | None = None, **named: Any) -> Self:
        """Call another tool at the same time as the one before."""
        self.rounds.change(calls=(*self.rounds.last().calls, _call(name, arguments, named)))
        return self

    def use(self, tool: str, **brought: Any) -> Self:
        """Use a built-in tool, such as `web_search`, before answering. What it brings, by members of its item."""
        return _add(self, Scripted(uses=((tool, brought),)))

    def fail(self, fault: str, times: int = 1, **options: float) -> Self:
        """Fail so many times, as a fault does: its name and options, such as `retry_after_ms=1`."""
        words = " ".join([fault, *(f"{name}={value}" for name, value in options.items())])
        queue = parse(words).queue
        if len(queue) != 1 or times < 1:
            raise ValueError(f"fail('{fault}', times={times}): name one fault, and how often")
        self.rounds.add(*[Entry(fault=queue[0])] * times)
        return self

    def usage(self, **counts: int) -> Self:
        """Say other token counts of the answer before: `input`, `cached`, `output`, `reasoning`."""
        for name, count in counts.items():
            if name not in COUNTS or not isinstance(count, int) or count < 0:
                raise ValueError(f"usage({name}={count!r}): give {', '.join(COUNTS)} a number from 0 up")
        self.rounds.change(usage={**self.rounds.last().usage, **counts})
        return self

    def unchecked(self) -> Self:
        """Let the answer before be one that no model could give, such as broken JSON."""
        self.rounds.change(checked=False)
        return self

    def then(self, text: str | None = None) -> Self:
        """Begin the next round: what is answered once the outputs of what was called are there."""
        self.rounds.begin()
        return self if text is None else self.say(text)

    def failing(self, seen: Seen) -> list[str]:
        """Return the names of the conditions that do not hold, and `answers` where it has none left."""
        found = list(self.conditions.failing(seen, len(self.rounds)))
        return found or ([] if self.rounds.next(self.conditions.round(seen)) else ["answers"])

    def take(self, seen: Seen) -> Decision:
        """Take the next answer. To be called where the rule fits."""
        return self.rounds.take(self.conditions.round(seen) or 0)

    def __repr__(self) -> str:
        return str(self.conditions)


class Script:
    """Rules in the order in which they were written: the first that fits a request says what is answered.

    Args:
        strict: whether a request that no rule fits is an error, instead of being left to the small model.

    Attributes:
        problems: what could not be, as messages.
    """

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self.rules: list[Rule] = []
        self.problems: list[str] = []
        self._lock = threading.RLock()

    @property
    def is_active(self) -> bool:
        """Whether it has anything to say."""
        return bool(self.rules) or self.strict

    def when(self, words: str | None = None, **conditions: Any) -> Rule:
        """Add a rule for the requests that fit all conditions, see `Conditions`.

        Raises:
            ValueError: there is no such condition, or it cannot be read.
        """
        try:
            rule = Rule(Conditions(words, **conditions), self._lock)
        except TypeError:
            known = list(Conditions.__dataclass_fields__)
            unknown = ", ".join(f"'{name}'" for name in conditions if name not in known)
            raise ValueError(f"when(): there is no condition {unknown}: use {', '.join(known)}") from None
        with self._lock:
            self.rules.append(rule)
        return rule

    def replace(self, rules: list[Rule], strict: bool) -> None:
        """Have these rules instead, which were made for another script."""
        with self._lock:
            for rule in rules:
                rule.rounds.lock = self._lock
            self.rules[:] = rules
            self.strict = strict

    def decide(self, seen: Seen) -> Decision | None:
        """Return what is answered to a request; None leaves it to the small model.

        Raises:
            APIError: the script is strict, and no rule fits.
        """
        with self._lock:
            for rule in self.rules:
                if not rule.failing(seen):
                    return rule.take(seen)
        if self.strict:
            raise error("script_unmatched", said=_shown(seen.text), nearest=self._nearest(seen))
        return None

    def note(self, refusal: APIError) -> None:
        """Remember a refusal that shows that the script cannot be, for the test that wrote it."""
        if refusal.code in ("script_impossible", "script_unmatched"):
            self.problems.append(refusal.message)

    def unused(self) -> list[Rule]:
        """Return the rules that no request fitted."""
        return [rule for rule in self.rules if not rule.rounds.used]

    def _nearest(self, seen: Seen) -> str:
        if not self.rules:
            return "There are no rules."

        def likeness(rule: Rule) -> tuple[int, float]:
            wanted = rule.conditions.words or rule.conditions.equals or rule.conditions.matches or ""
            return -len(rule.failing(seen)), SequenceMatcher(None, wanted.lower(), seen.text.lower()).ratio()

        nearest = max(self.rules, key=likeness)
        return f"The nearest is {nearest}, whose {' and '.join(nearest.failing(seen))} does not fit."


def _add(rule: Answering, scripted: Scripted) -> Answering:
    rule.rounds.add(Entry(scripted))
    return rule


def _call(name: str, arguments: Mapping[str, Any] | str | None, named: Mapping[str, Any]) -> ScriptedCall:
    if isinstance(arguments, str):
        return ScriptedCall(name, arguments)
    return ScriptedCall(name, compact({**(arguments or {}), **named}))


def _shown(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= 200 else f"{said[:200]}..."
