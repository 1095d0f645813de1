"""Rules: the answers to the requests that match, and which answer is next."""

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
    """A script that does not work: a rule's answer does not suit the request, or a strict script has no matching
    rule."""


class Rule:
    """What is answered to the requests that it matches.

    Several answers are given one after the other, one for each request, and the last one is repeated. `then` begins the
    next round: what is answered once the outputs of the called tools have arrived.

        api.when("weather in Paris").call("get_weather", city="Paris").then("22 degrees and sunny.")
        api.when(matches="refund").fail("rate_limit", times=2).say("Done.")

    Args:
        conditions: when it matches.
        lock: held while it changes.
    """

    def __init__(self, conditions: Conditions, lock: "threading.RLock") -> None:
        self.conditions = conditions
        self.rounds = Rounds(str(conditions), lock)

    def say(self, text: str, *, checked: bool = True) -> Self:
        """Answer with a text. With `checked=False`, it need not be the JSON that the request asks for."""
        return _add(self, Scripted(text, checked=checked))

    def say_json(self, value: Any = None, *, checked: bool = True, **members: Any) -> Self:
        """Answer with JSON: a value, or an object with these members. It is checked against the request's schema."""
        return _add(self, Scripted(compact(members if value is None and members else value), checked=checked))

    def stream(self, pieces: Sequence[str], delay: float | None = None) -> Self:
        """Answer with a text in these pieces. When streamed, each piece comes after `delay` seconds."""
        return _add(self, Scripted("".join(pieces), tuple(pieces), delay=delay))

    def refuse(self, text: str = REFUSAL) -> Self:
        """Refuse to answer."""
        return _add(self, Scripted(text, refused=True))

    def call(
        self, name: str, arguments: Mapping[str, Any] | str | None = None, *, checked: bool = True, **named: Any
    ) -> Self:
        """Call a tool with arguments: by name, as a mapping, or as a text for a custom tool."""
        return _add(self, Scripted(calls=(_call(name, arguments, named),), checked=checked))

    def also_call(self, name: str, arguments: Mapping[str, Any] | str | None = None, **named: Any) -> Self:
        """Call another tool at the same time as the previous one."""
        self.rounds.change(calls=(*self.rounds.last().calls, _call(name, arguments, named)))
        return self

    def use(self, tool: str, **brought: Any) -> Self:
        """Use a built-in tool, such as `web_search`, before answering. Its results are given as members of its item."""
        return _add(self, Scripted(uses=((tool, brought),)))

    def fail(self, fault: str, times: int = 1, **options: float) -> Self:
        """Fail `times` times with a fault, given by its name and options such as `retry_after_ms=1`."""
        words = " ".join([fault, *(f"{name}={value}" for name, value in options.items())])
        queue = parse(words).queue
        if len(queue) != 1 or times < 1:
            raise ValueError(f"fail('{fault}', times={times}): name one fault and how many times")
        self.rounds.add(*[Entry(fault=queue[0])] * times)
        return self

    def usage(self, **counts: int) -> Self:
        """Change token counts of the previous answer: `input`, `cached`, `output`, `reasoning`."""
        for name, count in counts.items():
            if name not in COUNTS or not isinstance(count, int) or count < 0:
                raise ValueError(f"usage({name}={count!r}): {', '.join(COUNTS)} take a number from 0 up")
        self.rounds.change(usage={**self.rounds.last().usage, **counts})
        return self

    def unchecked(self) -> Self:
        """Allow the previous answer to be one that no model could give, such as broken JSON."""
        self.rounds.change(checked=False)
        return self

    def then(self, text: str | None = None) -> Self:
        """Begin the next round: what is answered once the outputs of the called tools have arrived."""
        self.rounds.begin()
        return self if text is None else self.say(text)

    def failing(self, seen: Seen) -> list[str]:
        """Return the names of the conditions that are not met, and `answers` if the rule has none left."""
        found = list(self.conditions.failing(seen, len(self.rounds)))
        return found or ([] if self.rounds.next(self.conditions.round(seen)) else ["answers"])

    def take(self, seen: Seen) -> Decision:
        """Take the next answer. The rule must match."""
        return self.rounds.take(self.conditions.round(seen) or 0)

    def __repr__(self) -> str:
        return str(self.conditions)


class Script:
    """Rules in the order in which they were written: the first one that matches a request answers it.

    Args:
        strict: whether a request that matches no rule is an error, instead of being left to the small model.

    Attributes:
        problems: messages about what did not work.
    """

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self.rules: list[Rule] = []
        self.problems: list[str] = []
        self._lock = threading.RLock()

    @property
    def is_active(self) -> bool:
        """Whether it has any effect."""
        return bool(self.rules) or self.strict

    def when(self, words: str | None = None, **conditions: Any) -> Rule:
        """Add a rule for the requests that meet all conditions; see `Conditions`.

        Raises:
            ValueError: a condition does not exist or cannot be read.
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
        """Replace the rules with those made for another script."""
        with self._lock:
            for rule in rules:
                rule.rounds.lock = self._lock
            self.rules[:] = rules
            self.strict = strict

    def decide(self, seen: Seen) -> Decision | None:
        """Return the answer to a request; None leaves it to the small model.

        Raises:
            APIError: the script is strict and no rule matches.
        """
        with self._lock:
            for rule in self.rules:
                if not rule.failing(seen):
                    return rule.take(seen)
        if self.strict:
            raise error("script_unmatched", said=_shown(seen.text), nearest=self._nearest(seen))
        return None

    def note(self, refusal: APIError) -> None:
        """Keep a refusal that shows that the script does not work, for the test that wrote it."""
        if refusal.code in ("script_impossible", "script_unmatched"):
            self.problems.append(refusal.message)

    def unused(self) -> list[Rule]:
        """Return the rules that no request has matched."""
        return [rule for rule in self.rules if not rule.rounds.used]

    def _nearest(self, seen: Seen) -> str:
        if not self.rules:
            return "There are no rules."

        def likeness(rule: Rule) -> tuple[int, float]:
            wanted = rule.conditions.words or rule.conditions.equals or rule.conditions.matches or ""
            return -len(rule.failing(seen)), SequenceMatcher(None, wanted.lower(), seen.text.lower()).ratio()

        nearest = max(self.rules, key=likeness)
        return f"The nearest is {nearest}; it does not match on {' and '.join(nearest.failing(seen))}."


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
