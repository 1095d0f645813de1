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
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs

from pydantic_core import from_json, to_json

from .api import azure, batches, chat_completions, conversations, embeddings, files, models, moderations, responses
from .api.shared.call import Call
from .api.shared.result import Result
from .api.shared.store import Store
from .faults import Fault, Plan, parse
from .model import tokens
from .model.embeddings import models as embedding_models
from .model.families import as_of
from .model.families import models as model_ids
from .model.prompt_cache import SHORTEST, Cached, PromptCache
from .stages import contract
from .stages.latency import Latency
from .stages.rate_limit import Limiter, RateLimit, estimated_tokens
from .wire import form as forms
from .wire.errors import APIError, error
from .wire.events import Event, beginning
from .wire.headers import ORGANIZATION, response_headers
from .wire.ids import Ids
from .wire.masking import mask_key, mask_keys, masked, masked_body

KEY_PREFIX = "sk-sandbox"

MOST_PROMPTS = 10_000
"""Of how many prompts it is remembered how often they were asked."""

logger = logging.getLogger(__name__)

Ending = Literal["complete", "cut", "drop", "hang"]
"""How a reply ends: complete; cut off after its last byte; dropped before its first; or never begun."""


class Request(NamedTuple):
    """An HTTP request. Header names are in lower case; `path` has no query."""

    method: str
    path: str
    headers: Mapping[str, str] = MappingProxyType({})
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

    `body` is the parsed JSON, or None. Keys are masked everywhere. `status` is 0 where a fault kept the answer from
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


@dataclass(slots=True)
class Interception:
    """What the core does to a request that an upstream answers.

    `reply`, where there is one, stands for the upstream's answer: a fault or a rate limit came before it. Otherwise
    the request is passed on after `delay` seconds, and `headers` are added to what the upstream answers.
    """

    exchange: Exchange
    fault: Fault | None
    delay: float = 0.0
    reply: Reply | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Core:
    """The API's behavior.

    Args:
        faults: directives, see `openai_sandbox.faults`.
        seed: fixes ids and answers. None draws new ones in every run.
        now: the clock in Unix seconds; a number stops it.
        latency: `none`, `realistic`, or seconds before each reply; beats a `latency=` among the faults.
        today: the date that decides which models have been shut down. Default: the as-of date of the model list.
        limits: the usage tier whose rate limits hold, from 1 to 5, or one limit for every model; beats a `tier=` among
            the faults. Default: no limits, and no headers that speak of them.
        contract: answer every documented call in the right form, whatever key, id and model it names; see
            `openai_sandbox.stages.contract`.
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
        contract: bool = False,
    ) -> None:
        self.faults = faults if isinstance(faults, Plan) else parse(faults)
        self.latency = Latency.of(latency)
        if self.faults.latency is not None and latency is None:
            self.latency = Latency(self.faults.latency)
        self.contract = contract
        limit = self.faults.tier if limits is None else limits
        self.limiter = None if limit is None else Limiter(limit)
        self.requests: list[Exchange] = []
        self.store = Store(self.now)
        self.prompt_cache = PromptCache()
        self.today = today or as_of()
        self._now = now
        self._seed = seed if seed is not None else random.SystemRandom().getrandbits(64)
        self._lock = threading.RLock()
        self._asked: dict[bytes, int] = {}
        self.ids = Ids(random.Random(self._seed))  # noqa: S311 - not for secrets
        self._chance = random.Random()  # noqa: S311 - seeded for each request

    def now(self) -> float:
        """Return the time in Unix seconds."""
        if self._now is None:
            return time.time()
        return self._now() if callable(self._now) else self._now

    def cached(self, owner: str, prompt: str, read: int) -> Cached:
        """Return how much of a prompt of `read` tokens came from the prompt cache of `owner`, and was written to it."""
        if read < SHORTEST:
            return Cached()
        return self.prompt_cache.use(owner, tokens.encode(prompt)[:read], self.now())

    def rng(self, prompt: str, seed: int | None = None) -> random.Random:
        """Return the source of chance for a prompt.

        With a `seed` of the request it is the same every time. Without, it depends on how often the prompt was asked,
        but not on what else was: concurrent requests in any order get the same answers. What a request draws from it,
        it draws before it is answered: the next request begins it anew.
        """
        if seed is not None:
            self._chance.seed(f"{seed}:{prompt}")
            return self._chance
        digest = hashlib.blake2b(prompt.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        turn = self._asked[digest] = self._asked.pop(digest, 0) + 1
        if len(self._asked) > MOST_PROMPTS:
            del self._asked[next(iter(self._asked))]
        self._chance.seed(f"{self._seed}:{turn}:{prompt}")
        return self._chance

    def handle(self, request: Request) -> Reply:
        """Answer one request. Takes the next fault off the queue and adds to the journal."""
        with self._lock:
            started = time.perf_counter()
            exchange = self._journaled(request)
            try:
                key = "" if self.contract else _key(request)
            except APIError as refusal:
                exchange.status = refusal.status
                return self._reply(Result(refusal.envelope()), refusal.status, None, started)
            return self._settle(request, exchange, self._next_fault(exchange), key, started)

    def refuse(self, request: Request, refusal: APIError) -> Reply:
        """Answer a request that is not let in, and add it to the journal."""
        with self._lock:
            return self.fail(self._journaled(request), refusal)

    def intercept(self, request: Request) -> Interception:
        """Begin a request that an upstream answers: take the next fault off the queue and add to the journal.

        Neither key nor body are checked: that is up to the upstream.
        """
        with self._lock:
            started = time.perf_counter()
            exchange = self._journaled(request)
            fault = self._next_fault(exchange)
            delay = self.latency.first if fault is None or fault.latency is None else fault.latency
            taken = Interception(exchange, fault, delay)
            key = request.headers.get("authorization", "").partition(" ")[2].strip()
            try:
                body = _parse(request.body) if request.method == "POST" else None
            except APIError:
                body = None  # an upload, or something that only the upstream understands
            if fault and not _is_passed_on(fault, _is_streamed(body)):
                taken.reply = self._settle(request, exchange, fault, key, started)
                return taken
            exchange.body = masked_body(request.body, body)
            try:
                self._forestall(request, body, fault, key, taken.headers)
            except APIError as refusal:
                taken.reply = self.fail(exchange, refusal)
            return taken

    def fail(self, exchange: Exchange, failure: APIError) -> Reply:
        """Answer a request of the journal, at once, with a failure that is none of the API's."""
        with self._lock:
            exchange.status = failure.status
            reply = self._reply(Result(failure.envelope()), failure.status, None, time.perf_counter())
            reply.delay = 0.0
            return reply

    def _next_fault(self, exchange: Exchange) -> Fault | None:
        """Take the fault of a request off the queue, and note it in the journal."""
        fault = self.faults.next()
        if fault and fault.kind.name != "ok":
            exchange.fault = fault.kind.name
        return fault

    def _settle(self, request: Request, exchange: Exchange, fault: Fault | None, key: str, started: float) -> Reply:
        """Answer a request of the journal, whatever happens."""
        limits: dict[str, str] = {}
        try:
            result = self._answer(request, exchange, fault, key, limits)
        except APIError as refusal:
            exchange.status = refusal.status
            result = Result(refusal.envelope())
        except Exception as bug:
            problem = mask_keys(traceback.format_exc())
            logger.error("the sandbox failed on %s %s\n%s", exchange.method, exchange.path, problem)
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

    def _journaled(self, request: Request) -> Exchange:
        exchange = Exchange(request.method, mask_keys(request.path), masked(request.headers), None)
        self.requests.append(exchange)
        return exchange

    def _answer(
        self, request: Request, exchange: Exchange, fault: Fault | None, key: str, limits: dict[str, str]
    ) -> Result:
        """Return what the endpoint returns. Puts the rate limit headers of the reply into `limits`."""
        posted = request.method == "POST"
        form = forms.read(request.headers.get("content-type", ""), request.body) if posted else None
        body = _parse(request.body) if posted and form is None else None
        exchange.body = masked_body(request.body, form.described() if form else body)
        self._forestall(request, body, fault, key, limits)
        if fault and fault.kind.name in INSTEAD:
            return INSTEAD[fault.kind.name]()
        for pattern, template in ROUTES[request.method]:
            if match := pattern.fullmatch(request.path):
                query = {name: values[-1] for name, values in parse_qs(request.query).items()} if request.query else {}
                call = Call(match.groups(), body, query, form, fault)
                if self.contract:
                    return contract.answer(self, ENDPOINTS, request.method, template, call)
                return ENDPOINTS[request.method, template](self, call)
        if re.match(UNSIMULATED, request.path):
            raise error("sandbox_unsupported", param=f"{request.method} {request.path}")
        raise error("unknown_route", method=request.method, path=request.path)

    def _forestall(
        self, request: Request, body: dict[str, Any] | None, fault: Fault | None, key: str, limits: dict[str, str]
    ) -> None:
        """Raise where a fault or a rate limit answers instead of the endpoint."""
        if fault and (refusal := _refused(fault, request, body, key)):
            raise refusal
        if self.limiter and request.path in METERED and (model := _metered_model(body or {})):
            headers, refusal = self.limiter.take(model, estimated_tokens(body or {}), self.now())
            limits |= headers
            if refusal:
                raise refusal

    def _reply(self, result: Result, status: int, fault: Fault | None, started: float) -> Reply:
        latency = (
            Latency(fault.latency, self.latency.per_token) if fault and fault.latency is not None else self.latency
        )
        retry_headers = fault.headers() if fault and status >= 400 else {}
        headers = response_headers(
            self.ids.hex("req", 32),
            self.now(),
            max(1, round((time.perf_counter() - started + latency.first) * 1000)),
            result.content_type or CONTENT_TYPES.get(type(result.body), "text/event-stream; charset=utf-8"),
        )
        reply = Reply(status, headers | retry_headers, b"", latency.first)
        if isinstance(result.body, dict | bytes):
            reply.body = result.body if isinstance(result.body, bytes) else to_json(result.body)
            reply.delay += latency.per_token * result.tokens
        elif fault and fault.kind.name == "end_early":
            reply.body = _frames(iter(beginning(result.body, fault.after)), b"", latency)
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


def _refused(fault: Fault, request: Request, body: dict[str, Any] | None, key: str) -> APIError | None:
    """Return the error with which a fault answers instead of the endpoint, if it does."""
    kind = fault.kind
    if kind.routes and (request.method != "POST" or request.path not in kind.routes):
        routes = " and ".join(f"POST {path}" for path in kind.routes)
        return error("fault_unsupported", fault=kind.name, routes=routes, request=f"{request.method} {request.path}")
    id = fault.error(request.path, _is_streamed(body))
    if id is None:
        return None
    refusal = error(
        id,
        key=mask_key(key),
        model=(body or {}).get("model", "any model"),
        organization=ORGANIZATION,
        limit=3,
        used=3,
        requested=1,
        wait=f"{fault.retry_after:g}s" if fault.retry_after is not None else "20s",
        status=fault.status,
        request_id=hashlib.blake2b(request.body, digest_size=16).hexdigest(),
    )
    refusal.status = fault.status or refusal.status
    return refusal


def _is_streamed(body: dict[str, Any] | None) -> bool:
    return body is not None and body.get("stream") is True


def _is_passed_on(fault: Fault, streamed: bool) -> bool:
    """Return whether a fault leaves a request to the upstream."""
    return fault.kind.name in PASSED_ON or (fault.kind.error_to == "streamed" and not streamed)


def _break(reply: Reply, fault: Fault) -> None:
    """Make the reply end the way a connection fault ends it, or cut its JSON."""
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
    elif fault.kind.name == "malformed_json":
        if isinstance(reply.body, bytes):
            reply.body = _half(reply.body)
        else:
            pieces = list(reply.body)
            delay, frame = pieces[len(pieces) // 2]
            head, data, json = frame.partition(b"data: ")
            reply.body = iter([*pieces[: len(pieces) // 2], (delay, head + data + _half(json) + b"\n\n")])
    elif fault.kind.name == "html_page":
        reply.headers = {name: reply.headers[name] for name in ("content-type", "date", "x-sandbox")}


def _half(text: bytes) -> bytes:
    """Return the first half of a text, cut between two characters."""
    return text[: len(text) // 2].decode("utf-8", "ignore").encode("utf-8")


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
    key = key.strip()
    if scheme.lower() == "bearer" and key.startswith(KEY_PREFIX):
        return key
    if request.path.startswith("/openai/"):
        if (key := request.headers.get("api-key", "").strip()).startswith(KEY_PREFIX):
            return key
        raise error("azure_access_denied")
    if scheme.lower() != "bearer" or not key:
        raise error("no_api_key")
    raise error("invalid_api_key", key=mask_key(key))


def _metered_model(body: dict[str, Any]) -> str | None:
    """Return the model that a request counts for, None if it is unknown. A snapshot counts for its alias."""
    named = body.get("model")
    if not isinstance(named, str) or (named not in model_ids() and named not in embedding_models()):
        return None
    return re.sub(r"-\d{4}-\d\d-\d\d$", "", named)


# Faults that leave a request to the upstream. What the others say, the sandbox says itself.
PASSED_ON = ("ok", "cut_stream", "end_early")

# What a gateway says instead of the answer.
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n"
INSTEAD: dict[str, Callable[[], Result]] = {
    "html_page": lambda: Result(PAGE, content_type="text/html; charset=utf-8"),
    "error_as_200": lambda: Result(error("server_error").envelope()),
}

# What counts against the rate limits.
METERED = ("/v1/responses", "/v1/chat/completions", "/v1/embeddings")

CONTENT_TYPES: dict[type, str] = {dict: "application/json", bytes: "application/octet-stream"}

# Parts of the API that the sandbox does not have yet: saying so helps more than an unknown address. Assistants are not
# among them: the API itself has them no more.
UNSIMULATED = (
    "/openai/|/v1/(?:audio|completions|containers|evals|fine_tuning|images|organization|realtime|responses/compact"
    "|uploads|vector_stores|videos)"
)

ENDPOINTS: dict[tuple[str, str], Callable[["Core", Call], Result]] = {
    ("POST", "/v1/responses"): responses.create,
    ("GET", "/v1/responses/{response_id}"): responses.retrieve,
    ("DELETE", "/v1/responses/{response_id}"): responses.delete,
    ("POST", "/v1/responses/{response_id}/cancel"): responses.cancel,
    ("GET", "/v1/responses/{response_id}/input_items"): responses.list_input_items,
    ("POST", "/v1/responses/input_tokens"): responses.count_input_tokens,
    ("POST", "/v1/chat/completions"): chat_completions.create,
    ("GET", "/v1/chat/completions"): chat_completions.list_stored,
    ("GET", "/v1/chat/completions/{completion_id}"): chat_completions.retrieve,
    ("POST", "/v1/chat/completions/{completion_id}"): chat_completions.update,
    ("DELETE", "/v1/chat/completions/{completion_id}"): chat_completions.delete,
    ("GET", "/v1/chat/completions/{completion_id}/messages"): chat_completions.list_messages,
    ("POST", "/v1/conversations"): conversations.create,
    ("GET", "/v1/conversations/{conversation_id}"): conversations.retrieve,
    ("POST", "/v1/conversations/{conversation_id}"): conversations.update,
    ("DELETE", "/v1/conversations/{conversation_id}"): conversations.delete,
    ("POST", "/v1/conversations/{conversation_id}/items"): conversations.create_items,
    ("GET", "/v1/conversations/{conversation_id}/items"): conversations.list_items,
    ("GET", "/v1/conversations/{conversation_id}/items/{item_id}"): conversations.retrieve_item,
    ("DELETE", "/v1/conversations/{conversation_id}/items/{item_id}"): conversations.delete_item,
    ("POST", "/v1/embeddings"): embeddings.create,
    ("POST", "/v1/moderations"): moderations.create,
    ("POST", "/v1/files"): files.create,
    ("GET", "/v1/files"): files.list,
    ("GET", "/v1/files/{file_id}"): files.retrieve,
    ("DELETE", "/v1/files/{file_id}"): files.delete,
    ("GET", "/v1/files/{file_id}/content"): files.content,
    ("POST", "/v1/batches"): batches.create,
    ("GET", "/v1/batches"): batches.list,
    ("GET", "/v1/batches/{batch_id}"): batches.retrieve,
    ("POST", "/v1/batches/{batch_id}/cancel"): batches.cancel,
    ("GET", "/v1/models"): models.list,
    ("GET", "/v1/models/{model}"): models.retrieve,
    ("POST", "/openai/deployments/{deployment}/chat/completions"): azure.create_chat_completion,
}

ROUTES: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
for _method, _path in ENDPOINTS:
    ROUTES[_method].append((re.compile(re.sub(r"{\w+}", "([^/]+)", _path)), _path))
