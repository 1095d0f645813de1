"""Directives: the texts that request faults, and where a program puts them.

A directive is `NAME [xN] [after=N] [latency=SECONDS] [retry_after=SECONDS] [retry_after_ms=MS] [status=CODE]
[param=NAME]`. Several directives, separated by `;` or newlines or given as a list, form a queue that requests consume
one by one; when it is empty, requests are answered normally. `after=N` lets N requests through first; for a fault that
ends a stream early, it lets N events through before the end. Webhook faults have their own queue, which events consume
one by one. `status=` is for `http_error`, which requires it, and `param=` for `parameter_unsupported`. Without a name,
`latency=0.3` slows every request down, and `tier=1` sets the rate limits of a usage tier. `tls` turns on HTTPS. In a
program's source, a directive is a comment such as `# sandbox: rate_limit x2`. `script=answers.json` names a script in
the same folder as the program, and `as=ollama` a server that is played instead of OpenAI's.
"""

import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any

from .kinds import KINDS, Fault

COMMENT = re.compile(r"#\s*sandbox\s*:\s*(?P<directive>.*?)\s*", re.IGNORECASE)

SCRIPT = re.compile(r"\s*script\s*=\s*(?P<path>\S.*?)\s*")
SERVER = re.compile(r"\s*as\s*=\s*(?P<name>[\w.-]+)\s*")

TIERS = range(1, 6)
"""The usage tiers that `tier=` may name."""


class DirectiveError(ValueError):
    """A directive that cannot be understood. The message says where it is and how to fix it."""


@dataclass(slots=True)
class Plan:
    """The faults still to come, in order, for requests and for webhook events, and what applies to every request: the
    latency in seconds, the usage tier, HTTPS or not, the script file, and the server that is played.
    """

    queue: list[Fault] = field(default_factory=list)
    deliveries: list[Fault] = field(default_factory=list)
    latency: float | None = None
    tier: int | None = None
    tls: bool = False
    script: Path | None = None
    as_server: str | None = None

    def extend(self, other: "Plan") -> None:
        """Append another plan's faults. Its latency and tier, if set, replace this plan's."""
        self.queue += other.queue
        self.deliveries += other.deliveries
        self.latency = self.latency if other.latency is None else other.latency
        self.tier = self.tier if other.tier is None else other.tier
        self.tls = self.tls or other.tls
        self.script = self.script if other.script is None else other.script
        self.as_server = self.as_server if other.as_server is None else other.as_server

    def next(self) -> Fault | None:
        """Take the next request's fault off the queue."""
        return self.queue.pop(0) if self.queue else None

    def next_delivery(self) -> Fault | None:
        """Take the next webhook event's fault off its queue."""
        return self.deliveries.pop(0) if self.deliveries else None


def directives_in(source: str) -> Iterator[tuple[int, str]]:
    """Find the directives in a program's comments: line number, counted from 1, and text.

    Spelling variants such as `#sandbox:` count too, because overlooking a directive would be worse. A program that is
    not valid Python is read as far as possible.
    """
    try:
        for token in tokenize.generate_tokens(StringIO(source.removeprefix("\ufeff")).readline):
            if token.type == tokenize.COMMENT and (match := COMMENT.fullmatch(token.string)):
                yield token.start[0], match["directive"]
    except (tokenize.TokenError, SyntaxError):
        return


def plan_of(path: Path) -> Plan:
    """Read the directives of a program.

    Raises:
        DirectiveError: one of them cannot be understood; the message begins with `file:line`.
        SyntaxError: the program names an encoding that does not exist.
        UnicodeDecodeError: it is not written in the encoding it names, or in UTF-8.
    """
    plan = Plan()
    with tokenize.open(path) as source:
        found = list(directives_in(source.read()))
    for line, directive in found:
        if not directive:
            raise DirectiveError(f"{path}:{line}: an empty directive: name a fault, such as 'rate_limit x2'")
        _add(plan, directive, f"{path}:{line}", path.parent)
    return plan


def parse(faults: str | Iterable[str] | None) -> Plan:
    """Read directives: one text, its parts separated by `;` or newlines, or several texts.

    Raises:
        DirectiveError: one of them cannot be understood.
    """
    texts = [faults] if isinstance(faults, str) else list(faults or ())
    plan = Plan()
    for text in texts:
        if not text.strip():
            raise DirectiveError("faults: an empty directive: name a fault, such as 'rate_limit x2'")
        _add(plan, text, "faults")
    return plan


def plan(faults: "str | Iterable[str] | Plan | None") -> Plan:
    """Return a plan unchanged, or make one from directives.

    Raises:
        DirectiveError: one of them cannot be understood.
    """
    return faults if isinstance(faults, Plan) else parse(faults)


def _add(plan: Plan, text: str, place: str, folder: Path | None = None) -> None:
    for directive in re.split(r"[;\n]", text):
        if found := SCRIPT.fullmatch(directive):
            plan.extend(Plan(script=(folder or Path()) / found["path"]))
        elif found := SERVER.fullmatch(directive):
            plan.extend(Plan(as_server=found["name"]))
        elif directive.strip():
            plan.extend(_read(directive.split(), place))


def _read(words: list[str], place: str) -> Plan:
    if words[0] == "tls":
        if len(words) > 1:
            raise DirectiveError(f"{place}: '{words[1]}': tls takes no options and applies to every request")
        return Plan(tls=True)
    name = words[0] if "=" not in words[0] else None
    if name is not None and name not in KINDS:
        guess = get_close_matches(name, KINDS, n=1)
        remedy = f"did you mean '{guess[0]}'?" if guess else f"known faults: {', '.join(KINDS)}"
        raise DirectiveError(f"{place}: unknown fault '{name}': {remedy}")
    options: dict[str, Any] = {}
    times: int | None = None
    for word in words[1:] if name else words:
        key, equals, value = word.partition("=")
        if not equals and times is None and (count := re.fullmatch(r"x([1-9]\d{0,3})", word)):
            times = int(count[1])
            continue
        if name is None and key == "tier" and equals:
            options[key] = _tier(value, place)
            continue
        if key == "status" and name == "http_error" and equals:
            options[key] = _status(value, place)
            continue
        if key == "param" and name == "parameter_unsupported" and re.fullmatch(r"[a-z][a-z0-9_]*", value):
            options[key] = value
            continue
        if key not in ("after", "latency", "retry_after", "retry_after_ms") or not equals:
            raise DirectiveError(
                f"{place}: '{word}' is not understood: use xN, after=N, latency=SECONDS, retry_after=SECONDS, "
                "retry_after_ms=MS or, with http_error, status=CODE, with parameter_unsupported, param=NAME"
            )
        number = int if key == "after" else float
        try:
            amount = number(value)
            if not 0 <= amount < 1e6:
                raise ValueError(amount)
        except ValueError:
            wanted = "a whole number" if key == "after" else "a number"
            raise DirectiveError(f"{place}: '{word}': {key} takes {wanted} from 0 up") from None
        options[key] = amount
    if name is None:
        if times is not None or options.keys() - {"latency", "tier"}:
            raise DirectiveError(f"{place}: only latency= and tier= may be used without the name of a fault")
        return Plan(**options)
    fault = Fault(KINDS[name], **options)
    if name == "http_error" and fault.status is None:
        raise DirectiveError(f"{place}: http_error needs a status, such as 'http_error status=409'")
    passed = fault.after if fault.after and not fault.kind.by_events else 0
    queue = [Fault(KINDS["ok"])] * passed + [fault] * (times or 1)
    return Plan(deliveries=queue) if fault.kind.of_deliveries else Plan(queue)


def _tier(value: str, place: str) -> int:
    if value not in map(str, TIERS):
        raise DirectiveError(f"{place}: 'tier={value}': a usage tier is from {TIERS[0]} to {TIERS[-1]}")
    return int(value)


def _status(value: str, place: str) -> int:
    if not re.fullmatch(r"[45]\d\d", value):
        raise DirectiveError(f"{place}: 'status={value}': the status of an error is from 400 to 599")
    return int(value)
