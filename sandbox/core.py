"""The sandbox without a body: `Core.handle(Request) -> Reply`.

Sans-IO: no sockets, threads or sleeping. A server, an in-process transport and the browser each carry out what a Reply
says: wait, send, cut.
"""

import hashlib
import logging
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import parse_qs

from pydantic_core import from_json, to_json

from .endpoints import chat_completions, conversations, models, responses
from .faults import Fault, Plan, parse
from .latency import Latency
from .limits import Limiter, RateLimit, estimated_tokens
from .model.families import as_of
from .model.families import models as model_ids
from .store import Store
from .wire.call import Call
from .wire.errors import APIError, error
from .wire.events import Event
from .wire.headers import ORGANIZATION, mask_key, masked, response_headers
from .wire.ids import Ids
from .wire.result import Result

KEY_PREFIX = "sk-sandbox"

logger = logging.getLogger(__name__)

Ending = Literal["complete", "cut", "drop", "hang"]
"""How a reply ends: complete; cut off after its last byte; dropped before its first; or never begun."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request. Header names are in lower case; `path` has no query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: str = ""


@dataclass(slots=True)
class Reply:
    """An HTTP response and when to send it.

    `delay` is in seconds, before the status line. `body` is the whole body, or (seconds to wait, bytes) pieces.
    """

    status: int
    headers: dict[str, str]
    body: bytes | Iterator[tuple[float, bytes]]
    delay: float = 0.0
    ending: Ending = "complete"


@dataclass(slots=True)
class Exchange:
    """A journal entry: one request and how it was answered.

    `body` is the parsed JSON, or None. Keys in `headers` are masked. `status` is 0 where a fault kept the answer from
    being sent. `authored` is False where the model had no answer for the prompt and gave its stand-in; None where no
    model was asked.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int = 0
    fault: str | None = None
    authored: bool | None = None


class Core:
    """The API's behavior.

    Args:
        faults: directives, see `sandbox.faults`.
        seed: fixes ids and answers. None draws new ones in every run.
        now: the clock in Unix seconds; a number stops it.
        latency: `none`, `realistic`, or seconds before each reply; beats a `latency=` among the faults.
        today: the date that decides which models have been shut down. Default: the as-of date of the model list.
        limits: the usage tier whose rate limits hold, from 1 to 5, or one limit for every model; beats a `tier=` among
            the faults. Default: no limits, and no headers that speak of them.
    """

    def __init__(
        self,
        faults: str | Iterable[str] | Plan | None = None,
        *,
        seed: int | None = None,
        now: float | Callable[[], float] | None = None,
        latency: float | str | Latency | None = None,
        today: date | None = None,
        limits: int | RateLimit | None = None,
    ) -> None:
        self.faults = faults if isinstance(faults, Plan) else parse(faults)
        self.latency = Latency.of(latency)
        if self.faults.latency is not None and latency is None:
            self.latency = Latency(self.faults.latency)
        limit = self.faults.tier if limits is None else limits
        self.limiter = None if limit is None else Limiter(limit)
        self.requests: list[Exchange] = []
        self.store = Store()
        self.today = today or as_of()
        self._now = now
        self._seed = seed if seed is not None else random.SystemRandom().getrandbits(64)
        self._lock = threading.RLock()
        self._asked: dict[bytes, int] = {}
        self.ids = Ids(random.Random(self._seed))  # noqa: S311 - not for secrets

    def now(self) -> float:
        """Return the time in Unix seconds."""
        if self._now is None:
            return time.time()
        return self._now() if callable(self._now) else self._now

    def rng(self, prompt: str, seed: int | None = None) -> random.Random:
        """Return the source of chance for a prompt.

        With a `seed` of the request it is the same every time. Without, it depends on how often the prompt was asked,
        but not on what else was: concurrent requests in any order get the same answers.
        """
        if seed is not None:
            return random.Random(f"{seed}:{prompt}")  # noqa: S311
        digest = hashlib.blake2b(prompt.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        turn = self._asked[digest] = self._asked.get(digest, 0) + 1
        return random.Random(f"{self._seed}:{turn}:{prompt}")  # noqa: S311

    def handle(self, request: Request) -> Reply:
        """Answer one request. Takes the next fault off the queue and adds to the journal."""
        with self._lock:
            started = time.perf_counter()
            exchange = Exchange(request.method, request.path, masked(request.headers), None)
            self.requests.append(exchange)
            fault: Fault | None = None
            limits: dict[str, str] = {}
            try:
                key = _key(request)
                fault = self.faults.next()
                if fault and fault.kind.name != "ok":
                    exchange.fault = fault.kind.name
                result = self._answer(request, exchange, fault, key, limits)
            except APIError as refusal:
                exchange.status = refusal.status
                result = Result(refusal.envelope())
            except Exception as bug:
                logger.exception("the sandbox failed on %s %s", request.method, request.path)
                exchange.status = 500
                result = Result(error("sandbox_failed", problem=f"{type(bug).__name__}: {bug}").envelope())
            else:
                exchange.status = 200
            exchange.authored = result.authored
            reply = self._reply(result, exchange.status, fault, started)
            reply.headers |= limits
            if reply.ending in ("drop", "hang"):
                exchange.status = 0
            return reply

    def _answer(
        self, request: Request, exchange: Exchange, fault: Fault | None, key: str, limits: dict[str, str]
    ) -> Result:
        """Return what the endpoint returns. Puts the rate limit headers of the reply into `limits`."""
        exchange.body = body = _parse(request.body) if request.method == "POST" else None
        if fault and fault.kind.error:
            raise error(
                fault.kind.error,
                key=mask_key(key),
                model=(body or {}).get("model", "any model"),
                organization=ORGANIZATION,
                limit=3,
                used=3,
                requested=1,
                wait=f"{fault.retry_after:g}s" if fault.retry_after is not None else "20s",
            )
        if self.limiter and request.path in METERED and (model := _metered_model(body or {})):
            headers, refusal = self.limiter.take(model, estimated_tokens(body or {}), self.now())
            limits |= headers
            if refusal:
                raise refusal
        for pattern, endpoint in ROUTES[request.method]:
            if match := pattern.fullmatch(request.path):
                query = {name: values[-1] for name, values in parse_qs(request.query).items()}
                return endpoint(self, Call(match.groups(), body, query))
        if re.match(UNSIMULATED, request.path):
            raise error("sandbox_unsupported", param=f"{request.method} {request.path}")
        raise error("unknown_route", method=request.method, path=request.path)

    def _reply(self, result: Result, status: int, fault: Fault | None, started: float) -> Reply:
        latency = (
            Latency(fault.latency, self.latency.per_token) if fault and fault.latency is not None else self.latency
        )
        retry_headers = fault.headers() if fault and status >= 400 else {}
        streamed = not isinstance(result.body, dict)
        headers = response_headers(
            self.ids.hex("req", 32),
            self.now(),
            max(1, round((time.perf_counter() - started + latency.first) * 1000)),
            "text/event-stream; charset=utf-8" if streamed else "application/json",
        )
        reply = Reply(status, headers | retry_headers, b"", latency.first)
        if isinstance(result.body, dict):
            reply.body = to_json(result.body)
            reply.delay += latency.per_token * result.tokens
        else:
            reply.body = _frames(result.body, result.terminator, latency)
        if fault:
            _break(reply, fault)
        return reply


def _frames(events: Iterator[Event], terminator: bytes, latency: Latency) -> Iterator[tuple[float, bytes]]:
    for event in events:
        yield event.tokens * latency.per_token, event.encode()
    if terminator:
        yield 0.0, terminator


def _break(reply: Reply, fault: Fault) -> None:
    """Make the reply end the way a connection fault ends it."""
    if fault.kind.name == "timeout":
        reply.ending, reply.body = "hang", b""
    elif fault.kind.name == "connection_drop":
        reply.ending, reply.body = "drop", b""
    elif fault.kind.name == "cut_stream":
        reply.ending = "cut"
        if isinstance(reply.body, bytes):
            reply.headers["content-length"] = str(len(reply.body))
            reply.body = reply.body[: len(reply.body) // 2]
        else:
            pieces = list(reply.body)
            reply.body = iter(pieces[: len(pieces) // 2 if fault.after is None else fault.after])


def _parse(body: bytes) -> dict[str, Any] | None:
    if not body:
        return None
    try:
        parsed = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise error("invalid_json") from None
    if not isinstance(parsed, dict):
        raise error("invalid_json")
    return parsed


def _key(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise error("no_api_key")
    if not key.strip().startswith(KEY_PREFIX):
        raise error("invalid_api_key", key=mask_key(key.strip()))
    return key.strip()


def _metered_model(body: dict[str, Any]) -> str | None:
    """Return the model that a request counts for, None if it is unknown. A snapshot counts for its alias."""
    named = body.get("model")
    if not isinstance(named, str) or named not in model_ids():
        return None
    return re.sub(r"-\d{4}-\d\d-\d\d$", "", named)


# What counts against the rate limits.
METERED = ("/v1/responses", "/v1/chat/completions")

# Parts of the API that the sandbox does not have yet: saying so helps more than an unknown address.
UNSIMULATED = (
    "/v1/(?:assistants|audio|batches|chat/completions/|completions|containers|embeddings|evals|files"
    "|fine_tuning|images|moderations|organization|realtime|responses/|threads|uploads|vector_stores|videos)"
)

ENDPOINTS: dict[tuple[str, str], Callable[["Core", Call], Result]] = {
    ("POST", "/v1/responses"): responses.create,
    ("GET", "/v1/responses/{response_id}"): responses.retrieve,
    ("DELETE", "/v1/responses/{response_id}"): responses.delete,
    ("POST", "/v1/responses/{response_id}/cancel"): responses.cancel,
    ("POST", "/v1/chat/completions"): chat_completions.create,
    ("POST", "/v1/conversations"): conversations.create,
    ("GET", "/v1/conversations/{conversation_id}"): conversations.retrieve,
    ("POST", "/v1/conversations/{conversation_id}"): conversations.update,
    ("DELETE", "/v1/conversations/{conversation_id}"): conversations.delete,
    ("POST", "/v1/conversations/{conversation_id}/items"): conversations.create_items,
    ("GET", "/v1/conversations/{conversation_id}/items"): conversations.list_items,
    ("GET", "/v1/conversations/{conversation_id}/items/{item_id}"): conversations.retrieve_item,
    ("DELETE", "/v1/conversations/{conversation_id}/items/{item_id}"): conversations.delete_item,
    ("GET", "/v1/models"): models.list,
    ("GET", "/v1/models/{model}"): models.retrieve,
}

ROUTES: dict[str, list[tuple[re.Pattern[str], Callable[["Core", Call], Result]]]] = defaultdict(list)
for (_method, _path), _endpoint in ENDPOINTS.items():
    ROUTES[_method].append((re.compile(re.sub(r"{\w+}", "([^/]+)", _path)), _endpoint))
