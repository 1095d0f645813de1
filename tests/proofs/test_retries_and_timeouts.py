"""What the SDK retries, how long it waits between tries, and what its timeouts limit."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai._base_client import BaseClient
from openai._models import FinalRequestOptions

from openai_sandbox import Sandbox
from openai_sandbox.wire.events import Event

from ..made_up_server import always, client_of, transport_of

SOON = {"retry-after-ms": "1"}


def answering(*statuses: int, headers: dict[str, str] = SOON) -> tuple[OpenAI, list[httpx2.Request]]:
    """Return a client whose server answers with these statuses in turn, the last one for ever, and what it sent."""
    said = {"object": "list", "data": [], "error": {}}
    return client_of(*(always(status, json=said, headers=headers) for status in statuses))


def tries(status: int, headers: dict[str, str] = SOON, **options: int) -> int:
    """Return how many requests a call makes, which is the same number on both clients."""
    client, sent = answering(status, headers=headers)
    with client, pytest.raises(openai.APIStatusError):
        client.with_options(**options).models.list()  # type: ignore[arg-type]
    transport, sent_too = transport_of(always(status, json={"error": {}}, headers=headers))

    async def call() -> None:
        async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as asynchronous:
            with pytest.raises(openai.APIStatusError):
                await asynchronous.with_options(**options).models.list()  # type: ignore[arg-type]

    asyncio.run(call())
    assert len(sent) == len(sent_too)
    return len(sent)


@pytest.mark.proves("retries-default")
def test_two_retries_by_default() -> None:
    assert tries(500) == 3
    assert OpenAI().max_retries == AsyncOpenAI().max_retries == 2


@pytest.mark.proves("max-retries-counts")
@pytest.mark.parametrize("retries", [0, 1, 3, 5])
def test_max_retries_is_what_comes_after_the_first_request(retries: int) -> None:
    assert tries(500, max_retries=retries) == retries + 1


@pytest.mark.proves("retried-statuses")
def test_only_what_may_pass_is_retried(sandbox: Callable[..., Sandbox]) -> None:
    statuses = (400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529)
    assert {status for status in statuses if tries(status) > 1} == {408, 409, 429, 500, 502, 503, 504, 529}
    with sandbox("connection_drop; timeout") as api, OpenAI(timeout=0.1) as client:
        assert client.models.list().data
        assert len(api.requests) == 3


@pytest.mark.proves("retried-statuses", "timeout-per-attempt")
@pytest.mark.anyio
async def test_the_asynchronous_client_retries_connection_errors_and_timeouts(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("connection_drop; timeout") as api:
        async with AsyncOpenAI(timeout=0.2) as client:
            assert (await client.models.list()).data
        assert [exchange.fault for exchange in api.requests] == ["connection_drop", "timeout", None]


@pytest.mark.proves("backoff")
def test_pauses_double_from_half_a_second_to_eight_less_up_to_a_quarter() -> None:
    client = OpenAI(max_retries=7)
    options = FinalRequestOptions(method="get", url="/models")
    for retry, longest in enumerate((0.5, 1, 2, 4, 8, 8, 8)):
        pauses = [client._calculate_retry_timeout(7 - retry, options) for _ in range(200)]
        assert 0.75 * longest <= min(pauses) < 0.8 * longest
        assert 0.95 * longest < max(pauses) <= longest


@pytest.mark.proves("backoff")
def test_each_retry_waits_twice_as_long_as_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    calculate = BaseClient._calculate_retry_timeout

    def note(self: Any, *arguments: Any) -> float:
        waits.append(calculate(self, *arguments))
        return 0.001

    monkeypatch.setattr(BaseClient, "_calculate_retry_timeout", note)
    tries(500, headers={}, max_retries=6)
    for took in (waits[:6], waits[6:]):  # of the one client, then of the other
        for wait, longest in zip(took, (0.5, 1, 2, 4, 8, 8), strict=True):
            assert 0.75 * longest <= wait <= longest


def pause(**headers: str) -> float:
    """Return the seconds the client would wait after an answer with these headers."""
    options = FinalRequestOptions(method="get", url="/models")
    named = httpx2.Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return OpenAI(max_retries=1)._calculate_retry_timeout(1, options, named)


@pytest.mark.proves("retry-after")
def test_the_servers_pause_replaces_the_clients_milliseconds_first() -> None:
    assert pause(retry_after="7") == 7
    assert pause(retry_after_ms="1500", retry_after="7") == 1.5
    assert pause(retry_after_ms="20") == 0.02  # shorter than any pause of the client's own
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < pause(retry_after=in_a_minute) <= 60
    assert pause(retry_after="120") == 120
    for junk in ("soon", "0", "-3"):
        assert 0.375 <= pause(retry_after=junk) <= 0.5, "the client's own"
    assert pause(retry_after_ms="soon", retry_after="7") == 7
    assert 0.375 <= pause(retry_after_ms="0", retry_after="7") <= 0.5


@pytest.mark.proves("retry-after")
def test_the_client_does_wait_as_long_as_the_server_says() -> None:
    for retries in (0, 1):  # as many waits, in each of two clients
        started = time.monotonic()
        assert tries(429, {"retry-after-ms": "300"}, max_retries=retries) == retries + 1
        assert time.monotonic() - started >= 2 * retries * 0.3


@pytest.mark.proves("retry-after-limit")
def test_a_pause_over_two_minutes_is_not_waited_for() -> None:
    assert pause(retry_after="120") == 120
    with OpenAI() as client:
        assert client._should_retry(httpx2.Response(429, headers={"retry-after": "120"}))
    assert tries(429, {"retry-after": "121"}) == 1
    assert tries(503, {"retry-after-ms": "120001"}) == 1


@contextmanager
def streaming(pause: float, events: int, then: float = 0.0) -> Iterator[str]:
    """Serve a stream with a pause before each event, and a longer one before the last. Yields the server's address."""
    event = Event({"type": "response.output_text.delta", "delta": "a"}, "response.output_text.delta").encode()
    gone = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            for number in range(events):
                gone.wait(pause if number < events - 1 else pause + then)
                with suppress(OSError):  # the client has gone away
                    self.wfile.write(event)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        gone.set()
        server.shutdown()


async def read(address: str, timeout: float, asynchronous: bool) -> tuple[int, float, bool]:
    """Return how many events of a stream came before it ended, after how many seconds, and whether it timed out."""
    request: Any = {"model": "gpt-6-luna", "input": "Say hello", "stream": True}
    options: Any = {"base_url": address, "timeout": timeout, "max_retries": 2}
    count, started, timed_out = 0, time.monotonic(), False
    try:
        if asynchronous:
            async with AsyncOpenAI(**options) as client:
                async for _ in await client.responses.create(**request):
                    count += 1
        else:
            with OpenAI(**options) as blocking:
                for _ in blocking.responses.create(**request):
                    count += 1
    except openai.APITimeoutError:
        timed_out = True
    return count, time.monotonic() - started, timed_out


@pytest.mark.proves("timeout-per-read")
@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_stream_may_last_longer_than_the_timeout(asynchronous: bool) -> None:
    with streaming(pause=0.1, events=12) as address:
        count, seconds, timed_out = asyncio.run(read(address, 0.8, asynchronous))
    assert (count, timed_out) == (12, False)
    assert seconds > 1.1


@pytest.mark.proves("timeout-per-read", "timeout-per-attempt", "retried-statuses")
@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_stream_that_stops_coming_is_given_up_after_the_timeout(asynchronous: bool) -> None:
    with streaming(pause=0.0, events=3, then=5) as address:
        count, seconds, timed_out = asyncio.run(read(address, 0.5, asynchronous))
    assert (count, timed_out) == (2, True), "raised, and not retried"
    assert 0.5 <= seconds < 1.4


@pytest.mark.proves("timeout-per-read")
@pytest.mark.parametrize("retries", [0, 1])
def test_a_wait_that_is_too_long_ends_the_attempt_and_the_call_only_without_a_retry(
    sandbox: Callable[..., Sandbox], retries: int
) -> None:
    with sandbox("timeout"), OpenAI(timeout=0.3, max_retries=retries) as client:
        if not retries:
            with pytest.raises(openai.APITimeoutError):
                client.responses.create(model="gpt-6-luna", input="Say hello")
            return
        raw = client.responses.with_raw_response.create(model="gpt-6-luna", input="Say hello")
        assert raw.retries_taken == 1


@pytest.mark.proves("timeout-per-read")
@pytest.mark.parametrize("stream", [False, True])
def test_reading_is_limited_by_the_timeout_itself(stream: bool) -> None:
    client, sent = client_of(always(json={}))
    with client.with_options(timeout=7.5) as patient:
        patient.responses.create(model="gpt-6-luna", input="Say hello", stream=stream)
    assert sent[0].extensions["timeout"]["read"] == 7.5


CLASSES = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
}


@pytest.mark.proves("status-classes")
def test_each_status_has_its_class() -> None:
    async def raised_by_the_other_client(status: int) -> type[openai.APIStatusError]:
        transport, _ = transport_of(always(status, json={"error": {}}, headers=SOON))
        async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as asynchronous:
            with pytest.raises(openai.APIStatusError) as caught:
                await asynchronous.models.list()
        return type(caught.value)

    for status in range(400, 600):
        client, _ = answering(status)
        with client.with_options(max_retries=0) as once, pytest.raises(openai.APIStatusError) as caught:
            once.models.list()
        others = openai.InternalServerError if status >= 500 else openai.APIStatusError
        assert type(caught.value) is CLASSES.get(status, others), status
        if status in {*CLASSES, 418, 500, 503, 529}:
            assert asyncio.run(raised_by_the_other_client(status)) is type(caught.value)


DEFAULT = {"connect": 5, "read": 600, "write": 600, "pool": 600}


@pytest.mark.proves("timeout-default")
def test_every_try_may_take_ten_minutes_by_default() -> None:
    client, sent = answering(500, 429, 200)
    with client:
        client.models.list()
    assert [dict(request.extensions["timeout"]) for request in sent] == [DEFAULT] * 3


@pytest.mark.proves("timeout-default")
@pytest.mark.anyio
async def test_every_try_of_the_asynchronous_client_may_take_ten_minutes_by_default() -> None:
    said = [always(status, json={"data": [], "error": {}}, headers=SOON) for status in (500, 429, 200)]
    transport, sent = transport_of(*said)
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        await client.models.list()
    assert [dict(request.extensions["timeout"]) for request in sent] == [DEFAULT] * 3


@pytest.mark.proves("timeout-default")
@pytest.mark.parametrize("make", [OpenAI, AsyncOpenAI])
def test_a_client_with_an_http_client_of_its_own_has_the_same_default(make: type[OpenAI | AsyncOpenAI]) -> None:
    timeout = make().timeout
    assert isinstance(timeout, httpx2.Timeout)
    assert timeout.as_dict() == DEFAULT


@pytest.mark.proves("timeout-per-attempt")
def test_the_timeout_limits_each_try(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("timeout x2") as api, OpenAI(timeout=0.2, max_retries=2) as client:
        assert client.models.list().data
        assert [exchange.fault for exchange in api.requests] == ["timeout", "timeout", None]


@pytest.mark.proves("timeout-per-attempt")
def test_attempts_together_may_take_longer_than_the_timeout(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("timeout x2"), OpenAI(timeout=0.3, max_retries=2) as client:
        started = time.monotonic()
        client.models.list()
        assert time.monotonic() - started >= 2 * 0.3


@pytest.mark.proves("timeout-per-attempt")
def test_a_retry_is_sent_with_the_timeout_of_the_first_try() -> None:
    client, sent = answering(500, 429, 200)
    with client.with_options(timeout=7.5) as patient:
        patient.models.list()
    assert [set(request.extensions["timeout"].values()) for request in sent] == [{7.5}] * 3


@pytest.mark.proves("quota-same-class")
def test_no_credit_and_too_many_requests_raise_the_same_class(sandbox: Callable[..., Sandbox]) -> None:
    codes = []
    with sandbox("rate_limit; insufficient_quota"), OpenAI(max_retries=0) as client:
        for _ in range(2):
            with pytest.raises(openai.RateLimitError) as caught:
                client.models.list()
            codes.append(caught.value.code)
    assert codes == ["rate_limit_exceeded", "insufficient_quota"]


@pytest.mark.proves("quota-same-class")
@pytest.mark.parametrize("code", ["credit_balance_exhausted", "project_spend_limit_exceeded", "slow_down", "new", None])
def test_status_429_raises_the_same_class_whatever_its_code(code: str | None) -> None:
    client, _ = client_of(always(429, json={"error": {"code": code}}), max_retries=0)
    with client, pytest.raises(openai.RateLimitError) as caught:
        client.models.list()
    assert caught.value.code == code


@pytest.mark.proves("timeout-is-connection-error")
def test_a_timeout_is_a_connection_error() -> None:
    assert issubclass(openai.APITimeoutError, openai.APIConnectionError)
    assert issubclass(openai.APIConnectionError, openai.APIError)
    assert issubclass(openai.APIError, openai.OpenAIError)


@pytest.mark.proves("status-error-attributes")
def test_a_status_error_carries_status_code_and_request_id(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("rate_limit"), OpenAI(max_retries=0) as client, pytest.raises(openai.APIStatusError) as caught:
        client.models.list()
    error = caught.value
    assert isinstance(error, openai.RateLimitError)
    assert (error.status_code, error.code, error.type) == (429, "rate_limit_exceeded", "requests")
    assert error.request_id == error.response.headers["x-request-id"]


@pytest.mark.proves("error-text")
def test_the_text_of_a_status_error_is_the_status_and_the_servers_message(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("rate_limit"), OpenAI(max_retries=0) as client, pytest.raises(openai.APIStatusError) as caught:
        client.models.list()
    body: Any = caught.value.body
    assert len(body["message"]) > 20
    assert str(caught.value) == f"Error code: 429 - {body['message']}"


@pytest.mark.proves("error-text")
@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"json": {"error": {"message": "Too long."}}}, "Error code: 400 - Too long."),
        ({"json": {"message": "Too long."}}, "Error code: 400 - Too long."),
        ({"json": {"error": {"code": "x"}}}, "Error code: 400"),
        ({"json": {"detail": "Too long."}}, "Error code: 400"),
        ({"json": {"error": "Too long."}}, "Error code: 400"),
        ({"json": {"error": "Too long.", "message": "Too long."}}, "Error code: 400"),
        ({"text": "<html>Bad gateway</html>"}, "Error code: 400"),
    ],
)
def test_without_a_message_in_json_the_text_is_the_status_alone(answer: dict[str, Any], text: str) -> None:
    client, _ = client_of(always(400, **answer))
    with client, pytest.raises(openai.APIStatusError) as caught:
        client.models.list()
    assert str(caught.value) == text

    async def list_models() -> None:
        http = httpx2.AsyncClient(transport=transport_of(always(400, **answer))[0])
        async with AsyncOpenAI(http_client=http) as asynchronous:
            await asynchronous.models.list()

    with pytest.raises(openai.APIStatusError) as caught:
        asyncio.run(list_models())
    assert str(caught.value) == text


@pytest.mark.proves("retried-statuses")
@pytest.mark.parametrize(("can_be_read_again", "requests"), [(True, 2), (False, 1)])
@pytest.mark.parametrize("status", [429, 500])
def test_a_request_whose_file_cannot_be_read_again_is_not_retried(
    status: int, can_be_read_again: bool, requests: int
) -> None:
    class File(BytesIO):
        def seekable(self) -> bool:
            return can_be_read_again

    client, sent = client_of(always(status, headers=SOON, json={}), max_retries=1)
    with client, pytest.raises(openai.APIStatusError):
        client.files.create(file=("requests.jsonl", File(b"{}")), purpose="batch")
    assert len(sent) == requests


@pytest.mark.proves("retried-statuses")
@pytest.mark.parametrize(
    ("status", "headers", "requests"),
    [
        (400, {"x-should-retry": "true", "retry-after-ms": "1"}, 2),
        (500, {"x-should-retry": "false"}, 1),
        (429, {"retry-after": "121"}, 1),
        (429, {"retry-after": "121", "x-should-retry": "true"}, 1),
    ],
)
def test_headers_of_the_server_override_what_the_status_says(
    status: int, headers: dict[str, str], requests: int
) -> None:
    client, sent = client_of(always(status, headers=headers, json={}), max_retries=1)
    with client, pytest.raises(openai.APIStatusError):
        client.models.list()
    assert len(sent) == requests
