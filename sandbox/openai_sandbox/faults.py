"""Named faults and the directive that asks for them.

A directive is `NAME [xN] [after=N] [latency=SECONDS] [retry_after=SECONDS] [retry_after_ms=MS] [status=CODE]`. Several,
separated by `;`, newlines or in a list, form a queue that is consumed request by request; when it is empty, requests
are answered. `after=N` lets N requests through first; of a fault that ends a stream early it lets N events through
before the end. `status=` is for `http_error`, which needs it. Without a name, `latency=0.3` slows every request down,
and `tier=1` sets the rate limits of a usage tier. `tls` asks for HTTPS. In a program's source a directive stands in a
comment: `# sandbox: rate_limit x2`.
"""

import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from .stages.rate_limit import TIERS

RESPONSES, CHAT_COMPLETIONS = "/v1/responses", "/v1/chat/completions"

COMMENT = re.compile(r"#\s*sandbox\s*:\s*(?P<directive>.*?)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault by name: what it does and what the Python SDK makes of it.

    Args:
        name: what a directive calls it.
        does: what the sandbox does.
        raises: what the Python SDK does about it, in Markdown.
        error: which catalog error it answers, if any.
        error_on_chat: which one it answers to Chat Completions, where that is another.
        error_to: the requests that get the error. The others are let through, and use the fault up all the same.
        by_events: whether `after=` counts the events of a stream instead of requests.
        routes: the paths it has a meaning for. Elsewhere it is refused. None given means all.
    """

    name: str
    does: str
    raises: str
    error: str | None = None
    error_on_chat: str | None = None
    error_to: Literal["all", "streamed", "plain"] = "all"
    by_events: bool = False
    routes: tuple[str, ...] = ()


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ok", "Answers normally. Holds a place in the queue.", "nothing"),
        Kind(
            "rate_limit", "429, too many requests per minute", "`RateLimitError`, after retries", "rate_limit.requests"
        ),
        Kind("insufficient_quota", "429, no credit left", "`RateLimitError`, after retries", "insufficient_quota"),
        Kind("server_error", "500", "`InternalServerError`, after retries", "server_error"),
        Kind("overloaded", "503", "`InternalServerError`, after retries", "overloaded"),
        Kind("overloaded_2023", "503 in the words of 2023", "`InternalServerError`, after retries", "overloaded.2023"),
        Kind("bad_key", "401, as if the key were wrong", "`AuthenticationError`", "invalid_api_key"),
        Kind("refusal", "Answers that it refuses.", "nothing: `refusal` has the words"),
        Kind("timeout", "Takes the request and never answers.", "`APITimeoutError`, after retries"),
        Kind("connection_drop", "Closes the connection before answering.", "`APIConnectionError`, after retries"),
        Kind(
            "cut_stream",
            "Closes the connection in the middle of the answer: after `after=N` events, else halfway.",
            "`APIConnectionError` while reading the stream",
            by_events=True,
        ),
        Kind(
            "end_early",
            "Ends a stream properly in the middle of the text, or after `after=N` events, without its last event. "
            "Whole answers are left alone.",
            "nothing: the stream ends, and the text is cut",
            by_events=True,
        ),
        Kind(
            "stream_error",
            "Sends an error in the middle of a stream, or after `after=N` events. Requests without a stream get a 500.",
            "`APIError` while reading the stream; `InternalServerError`, after retries, without one",
            "server_error",
            error_to="plain",
            by_events=True,
        ),
        Kind(
            "failed_response",
            "Responses only. 200, but the response has `status` failed. A stream fails in the middle of the text.",
            "nothing: look at `status` and `error`; in a stream, at the event `response.failed`",
            routes=(RESPONSES,),
        ),
        Kind(
            "content_filter",
            "Stops the text halfway, as if a content filter had.",
            "nothing: see `incomplete_details.reason`, on Chat Completions `finish_reason`; there `parse()` raises "
            "`ContentFilterFinishReasonError`",
            routes=(RESPONSES, CHAT_COMPLETIONS),
        ),
        Kind(
            "credit_exhausted",
            "429, no credits, by its newer code",
            "`RateLimitError`, after retries",
            "credits",
        ),
        Kind(
            "region_unsupported",
            "403, as if called from an unsupported country",
            "`PermissionDeniedError`",
            "region_unsupported",
        ),
        Kind(
            "organization_unverified",
            "400 to a streamed request, as if the organization were not verified. Others are answered.",
            "`BadRequestError`",
            "organization_unverified",
            error_to="streamed",
        ),
        Kind(
            "context_length",
            "400, as if the input were too long, however long it is; its numbers are made up.",
            "`BadRequestError`",
            "context_length.responses",
            "context_length.chat",
        ),
        Kind(
            "deployment_not_found",
            "404, in Azure's words",
            "`NotFoundError`",
            "deployment_not_found",
        ),
        Kind(
            "http_error",
            "Any status from 400 to 599, given as `status=409`, with an error that says it is simulated.",
            "what the status raises; 408, 409, 429 and from 500 up after retries",
            "http_error",
        ),
        Kind(
            "html_page",
            "200, but a web page, as a proxy or a wrong address answers",
            "nothing: the page comes back as a `str`, so that reading `output_text` raises `AttributeError`; a stream "
            "has no events",
        ),
        Kind(
            "error_as_200",
            "200, but the JSON is an error, as some gateways answer",
            "nothing: the object has an `error` and otherwise `None`; a stream has no events",
        ),
        Kind(
            "malformed_json",
            "200, but the JSON is cut in half. In a stream, that of one event.",
            "`json.JSONDecodeError`",
        ),
    )
}


class DirectiveError(ValueError):
    """A directive that cannot be understood. The message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request.

    `after` is the number of events before a stream ends, `latency` is in seconds, `retry_after` (seconds) and
    `retry_after_ms` (milliseconds) become headers of an error reply, and `status` is that of an `http_error`.
    """

    kind: Kind
    after: int | None = None
    latency: float | None = None
    retry_after: float | None = None
    retry_after_ms: float | None = None
    status: int | None = None

    def error(self, path: str, streamed: bool) -> str | None:
        """Return the catalog id of the error that a request to this path gets, None if it is let through."""
        kind = self.kind
        if kind.error_to != "all" and (kind.error_to == "streamed") != streamed:
            return None
        return kind.error_on_chat if kind.error_on_chat and path == CHAT_COMPLETIONS else kind.error

    def headers(self) -> dict[str, str]:
        """Return the retry headers of the reply."""
        headers = {}
        if self.retry_after is not None:
            headers["retry-after"] = f"{self.retry_after:g}"
        if self.retry_after_ms is not None:
            headers["retry-after-ms"] = f"{self.retry_after_ms:g}"
        return headers


@dataclass(slots=True)
class Plan:
    """The faults still to come, in order; the latency of every request, in seconds; the usage tier; HTTPS or not."""

    queue: list[Fault] = field(default_factory=list)
    latency: float | None = None
    tier: int | None = None
    tls: bool = False

    def extend(self, other: "Plan") -> None:
        """Append another plan's faults. Its latency and tier, where it has them, replace this one's."""
        self.queue += other.queue
        self.latency = self.latency if other.latency is None else other.latency
        self.tier = self.tier if other.tier is None else other.tier
        self.tls = self.tls or other.tls

    def next(self) -> Fault | None:
        """Take the fault of the next request off the queue."""
        return self.queue.pop(0) if self.queue else None


def directives(source: str) -> Iterator[tuple[int, str]]:
    """Find the directives in a program's comments: line number, counted from 1, and text.

    Spelling variants such as `#sandbox:` count too: a directive that is overlooked would be worse. A program that is
    not valid Python is read as far as it can be.
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
    """
    plan = Plan()
    for line, directive in directives(path.read_text("utf-8")):
        if not directive:
            raise DirectiveError(f"{path}:{line}: an empty directive: name a fault, such as 'rate_limit x2'")
        _add(plan, directive, f"{path}:{line}")
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


def _add(plan: Plan, text: str, place: str) -> None:
    for directive in re.split(r"[;\n]", text):
        if directive.strip():
            plan.extend(_read(directive.split(), place))


def _read(words: list[str], place: str) -> Plan:
    if words[0] == "tls":
        if len(words) > 1:
            raise DirectiveError(f"{place}: '{words[1]}': tls stands alone, and holds for every request")
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
        if key not in ("after", "latency", "retry_after", "retry_after_ms") or not equals:
            raise DirectiveError(
                f"{place}: '{word}' is not understood: use xN, after=N, latency=SECONDS, retry_after=SECONDS, "
                "retry_after_ms=MS or, with http_error, status=CODE"
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
            raise DirectiveError(f"{place}: only latency= and tier= may stand without a fault's name")
        return Plan(**options)
    fault = Fault(KINDS[name], **options)
    if name == "http_error" and fault.status is None:
        raise DirectiveError(f"{place}: http_error needs a status, such as 'http_error status=409'")
    passed = fault.after if fault.after and not fault.kind.by_events else 0
    return Plan([Fault(KINDS["ok"])] * passed + [fault] * (times or 1))


def _tier(value: str, place: str) -> int:
    if value not in map(str, TIERS):
        raise DirectiveError(f"{place}: 'tier={value}': a usage tier is from {TIERS[0]} to {TIERS[-1]}")
    return int(value)


def _status(value: str, place: str) -> int:
    if not re.fullmatch(r"[45]\d\d", value):
        raise DirectiveError(f"{place}: 'status={value}': the status of an error is from 400 to 599")
    return int(value)
