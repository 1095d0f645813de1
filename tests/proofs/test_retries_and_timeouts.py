"""What the SDK retries, how long it waits between tries, and what its timeouts limit."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai._models import FinalRequestOptions

from openai_sandbox import Sandbox
from openai_sandbox.stages.latency import Latency

from ..made_up_server import always, client_of

SOON = {"retry-after-ms": "1"}


def answering(*statuses: int, headers: dict[str, str] = SOON) -> tuple[OpenAI, list[httpx2.Request]]:
    """Return a client whose server answers with these statuses in turn, the last one for ever, and what it sent."""
    said = {"object": "list", "data": [], "error": {}}
    return client_of(*(always(status, json=said, headers=headers) for status in statuses))


def tries(status: int, headers: dict[str, str] = SOON, **options: int) -> int:
    client, sent = answering(status, headers=headers)
    with client, pytest.raises(openai.APIStatusError):
        client.with_options(**options).models.list()  # type: ignore[arg-type]
    return len(sent)


@pytest.mark.proves("retries-default")
def test_two_retries_by_default() -> None:
    assert tries(500) == 3
    assert OpenAI().max_retries == 2


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


@pytest.mark.proves("backoff")
def test_pauses_double_from_half_a_second_to_eight_less_up_to_a_quarter() -> None:
    client = OpenAI(max_retries=7)
    options = FinalRequestOptions(method="get", url="/models")
    for retry, longest in enumerate((0.5, 1, 2, 4, 8, 8, 8)):
        pauses = [client._calculate_retry_timeout(7 - retry, options) for _ in range(200)]
        assert 0.75 * longest <= min(pauses) < 0.8 * longest
        assert 0.95 * longest < max(pauses) <= longest


def pause(**headers: str) -> float:
    """Return the seconds the client would wait after an answer with these headers."""
    options = FinalRequestOptions(method="get", url="/models")
    named = httpx2.Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return OpenAI(max_retries=1)._calculate_retry_timeout(1, options, named)


@pytest.mark.proves("retry-after")
def test_the_servers_pause_replaces_the_clients_milliseconds_first() -> None:
    assert pause(retry_after="7") == 7
    assert pause(retry_after_ms="1500", retry_after="7") == 1.5
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 55 < pause(retry_after=in_a_minute) <= 60
    for junk in ("soon", "0", "-3"):
        assert pause(retry_after=junk) <= 0.5


@pytest.mark.proves("retry-after")
def test_the_client_does_wait_as_long_as_the_server_says() -> None:
    client, sent = answering(429, 200, headers={"retry-after-ms": "300"})
    started = time.monotonic()
    with client:
        client.models.list()
    assert time.monotonic() - started >= 0.3
    assert len(sent) == 2


@pytest.mark.proves("retry-after-limit")
def test_a_pause_over_two_minutes_is_not_waited_for() -> None:
    assert pause(retry_after="120") == 120
    assert tries(429, {"retry-after": "121"}) == 1
    assert tries(503, {"retry-after-ms": "120001"}) == 1


@pytest.mark.proves("timeout-per-read")
def test_a_stream_may_last_longer_than_the_timeout(sandbox: Callable[..., Sandbox]) -> None:
    request: Any = {"model": "gpt-6-luna", "input": "Write a haiku about coding", "reasoning": {"effort": "none"}}
    with sandbox(), OpenAI() as client:
        client.responses.create(**request)  # loads the tokenizer: the streamed answer must not wait for it
    with sandbox(latency=Latency(0.0, 0.08)), OpenAI(timeout=0.5, max_retries=0) as client:
        started = time.monotonic()
        events = list(client.responses.create(**request, stream=True))
    assert events[-1].type == "response.completed"
    assert time.monotonic() - started > 0.5


@pytest.mark.proves("status-classes")
def test_each_status_has_its_class() -> None:
    raised = {}
    for status in (400, 401, 403, 404, 409, 422, 429, 500, 503, 418):
        client, _ = answering(status)
        with client, pytest.raises(openai.APIStatusError) as caught:
            client.models.list()
        raised[status] = type(caught.value)
    assert raised == {
        400: openai.BadRequestError,
        401: openai.AuthenticationError,
        403: openai.PermissionDeniedError,
        404: openai.NotFoundError,
        409: openai.ConflictError,
        422: openai.UnprocessableEntityError,
        429: openai.RateLimitError,
        500: openai.InternalServerError,
        503: openai.InternalServerError,
        418: openai.APIStatusError,
    }


@pytest.mark.proves("timeout-default")
def test_a_try_may_take_ten_minutes_by_default() -> None:
    timeout = OpenAI().timeout
    assert isinstance(timeout, httpx2.Timeout)
    assert (timeout.read, timeout.connect) == (600, 5)


@pytest.mark.proves("timeout-per-attempt")
def test_the_timeout_limits_each_try(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("timeout x2") as api, OpenAI(timeout=0.2, max_retries=2) as client:
        assert client.models.list().data
        assert [exchange.fault for exchange in api.requests] == ["timeout", "timeout", None]


@pytest.mark.proves("quota-same-class")
def test_no_credit_and_too_many_requests_raise_the_same_class(sandbox: Callable[..., Sandbox]) -> None:
    codes = []
    with sandbox("rate_limit; insufficient_quota"), OpenAI(max_retries=0) as client:
        for _ in range(2):
            with pytest.raises(openai.RateLimitError) as caught:
                client.models.list()
            codes.append(caught.value.code)
    assert codes == ["rate_limit_exceeded", "insufficient_quota"]


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
