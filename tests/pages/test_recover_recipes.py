"""The recipes of the guide on errors hold where their demonstrations do not look."""

import asyncio
import json
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from io import StringIO
from typing import Any

import httpx2
import openai
import pytest
from genai_prices import extract_usage
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAI

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.claims import ledger
from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.model.tokens import count
from openai_sandbox.stages.rate_limit import RateLimit
from openai_sandbox.transport import AsyncSandboxTransport
from snippets.guides.recover_from_errors import (
    budget_guard,
    circuit_breaker,
    fallback_model,
    honor_retry_after,
    limit_concurrency,
    log_request_ids,
    quota_or_rate,
    refuse_incomplete,
    resume_stream,
    total_deadline,
)
from snippets.reference.chat_completions_create import recover

from ..good_requests import COMPLETION, NESTED_CALL
from ..made_up_server import always, client_of, stream_of

MakeSandbox = Callable[..., Sandbox]

# A deadline is kept if the call ends this many seconds after it at the latest: the machine may be busy.
TOLERANCE = 0.7


# total_deadline.py


@pytest.mark.parametrize(
    "faults",
    ["timeout x9", "server_error x9", "rate_limit x9 retry_after=60", "connection_drop x9", "ok latency=30"],
)
def test_a_deadline_holds_whatever_takes_the_time(sandbox: MakeSandbox, faults: str) -> None:
    with sandbox(faults) as api:
        started = time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            total_deadline.ask_within_sync(0.25, "Say hello")
        assert 0.2 < time.monotonic() - started < 0.25 + TOLERANCE
        assert not isinstance(caught.value, openai.OpenAIError)
        # None at all where the machine is so busy that the time is up before the first is sent.
        assert len(api.requests) <= 1, "the first pause is longer than the deadline"


@pytest.mark.anyio
async def test_a_deadline_holds_for_an_answer_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.02)

    async with await asyncio.start_server(drip, "127.0.0.1") as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            await total_deadline.ask_within(0.25, "Say hello")
        assert time.monotonic() - started < 0.25 + TOLERANCE
        await asyncio.sleep(0.05)


def test_within_the_deadline_the_client_tries_again(sandbox: MakeSandbox) -> None:
    with sandbox("server_error x2 retry_after_ms=10") as api:
        assert total_deadline.ask_within_sync(20, "Say hello")
        assert len(api.requests) == 3


def test_threads_have_deadlines_of_their_own(sandbox: MakeSandbox) -> None:
    with sandbox("timeout x3"), ThreadPoolExecutor(3) as pool:
        started = time.monotonic()
        calls = [pool.submit(total_deadline.ask_within_sync, 0.3, "Say hello") for _ in range(3)]
        assert all(isinstance(call.exception(), TimeoutError) for call in calls)
        assert time.monotonic() - started < 0.3 + TOLERANCE


# honor_retry_after.py


def refusal(status: int, retry_after: str | None) -> httpx2.HTTPStatusError:
    request = httpx2.Request("GET", "http://127.0.0.1:9/")
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return httpx2.HTTPStatusError("", request=request, response=httpx2.Response(status, headers=headers))


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        (None, True),
        ("0", True),
        ("-3", True),
        ("soon", True),
        ("", True),
        ("Sun, 06 Nov 1994 08:49:37 GMT", True),
        ("Sun, 99 Nov 1994 08:49:37 GMT", True),
        ("1.5", 1.5),
        ("120", 120.0),
        ("121", False),
        ("inf", False),
        ("nan", False),
        ("Fri, 31 Dec 9999 23:59:59 GMT", False),
    ],
)
def test_a_pause_is_the_servers_or_a_backoff_or_too_long(retry_after: str | None, expected: object) -> None:
    decided = honor_retry_after.when_to_retry(refusal(503, retry_after))
    assert decided == expected
    assert type(decided) is type(expected), "True would be a pause of one second"


def test_a_date_is_a_pause_until_then() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 57 < honor_retry_after.when_to_retry(refusal(429, then)) <= 60


def test_only_what_may_pass_is_tried_again() -> None:
    statuses = [code for code in range(400, 600) if honor_retry_after.when_to_retry(refusal(code, "1"))]
    assert statuses == [408, 425, 429, 500, 502, 503, 504]
    assert honor_retry_after.when_to_retry(httpx2.ConnectError("refused")) is True
    assert honor_retry_after.when_to_retry(ValueError("a bug")) is False


@pytest.mark.parametrize(
    ("faults", "requests", "shortest"),
    [
        ("overloaded x3 retry_after=0.1", 4, 0.3),
        ("overloaded retry_after=0", 2, 0.1),
        ("connection_drop", 2, 0.1),
    ],
)
def test_a_call_gets_through_after_its_pauses(
    sandbox: MakeSandbox, faults: str, requests: int, shortest: float
) -> None:
    with sandbox(faults) as api, OpenAI() as client:
        started = time.monotonic()
        assert honor_retry_after.fetch(f"{client.base_url}models", client.auth_headers).json()["data"]
        assert time.monotonic() - started >= shortest
        assert len(api.requests) == requests


def test_after_four_tries_the_refusal_is_raised(sandbox: MakeSandbox) -> None:
    with sandbox("overloaded x9 retry_after=0.01") as api, OpenAI() as client:
        with pytest.raises(httpx2.HTTPStatusError, match="503"):
            honor_retry_after.fetch(f"{client.base_url}models", client.auth_headers)
        assert len(api.requests) == 4


# quota_or_rate.py


def refusing(code: str | None, type: str | None, message: str = "No.") -> tuple[OpenAI, list[httpx2.Request]]:
    """Return a client with the recipe's hook whose server answers 429, and what the client sent."""
    error = {"code": code, "type": type, "message": message, "param": None}
    answer = always(429, json={"error": error}, headers={"retry-after-ms": "1"})
    return client_of(answer, http={"event_hooks": {"response": [quota_or_rate.stop_when_spent]}})


@pytest.mark.parametrize(
    ("code", "type", "expected"),
    [
        ("insufficient_quota", "insufficient_quota", True),
        ("credit_balance_exhausted", "insufficient_quota", True),
        ("organization_spend_limit_exceeded", "insufficient_quota", True),
        ("organization_usage_limit_exceeded", "insufficient_quota", True),
        ("project_spend_limit_exceeded", "some_new_type", True),
        ("a_code_of_tomorrow", "insufficient_quota", True),
        (None, "insufficient_quota", True),
        ("rate_limit_exceeded", "requests", False),
        ("rate_limit_exceeded", "tokens", False),
        ("slow_down", "rate_limit_error", False),
        (None, None, False),
    ],
)
def test_what_needs_money_is_tried_once_and_what_needs_time_again(
    code: str | None, type: str | None, expected: bool
) -> None:
    client, sent = refusing(code, type, message="insufficient_quota is not the code here")
    with client, pytest.raises(openai.RateLimitError) as caught:
        client.models.list()
    assert quota_or_rate.needs_money(caught.value) == expected
    assert len(sent) == (1 if expected else 3)


def test_a_refusal_that_is_no_json_is_tried_again() -> None:
    answer = always(429, html="<h1>Too many requests</h1>", headers={"retry-after-ms": "1"})
    client, sent = client_of(answer, http={"event_hooks": {"response": [quota_or_rate.stop_when_spent]}})
    with client, pytest.raises(openai.RateLimitError) as caught:
        client.models.list()
    assert not quota_or_rate.needs_money(caught.value)
    assert len(sent) == 3


@pytest.mark.parametrize("event", [{"type": "insufficient_quota"}, {"code": "credit_balance_exhausted"}, {"code": "x"}])
def test_money_is_told_from_a_rate_limit_in_a_stream_too(event: dict[str, str]) -> None:
    answer = stream_of({"type": "error", "sequence_number": 2, "error": {"message": "No."} | event})
    client, sent = client_of(answer, http={"event_hooks": {"response": [quota_or_rate.stop_when_spent]}})
    with client, pytest.raises(openai.APIError) as caught:
        list(client.responses.create(model="gpt-6-luna", input="Say hello", stream=True))
    assert quota_or_rate.needs_money(caught.value) == (event != {"code": "x"})
    assert len(sent) == 1


# circuit_breaker.py


def api_error(status: int) -> openai.APIStatusError:
    request = httpx2.Request("GET", "http://127.0.0.1:9/")
    kind = openai.InternalServerError if status >= 500 else openai.RateLimitError
    return kind("", response=httpx2.Response(status, request=request), body=None)


class Clock:
    """Stands in for the recipe's `time`."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(circuit_breaker, "time", clock)
    return clock


def outcome(breaker: circuit_breaker.CircuitBreaker, error: BaseException | None = None) -> str:
    """Return what a call that ends so comes to."""
    try:
        with breaker:
            if error:
                raise error
    except circuit_breaker.CircuitOpenError:
        return "refused"
    except BaseException as raised:
        assert raised is error
        return "failed"
    return "answered"


def test_a_breaker_opens_after_failures_in_a_row(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=3, rest=30)
    down = api_error(503)
    seen = [outcome(breaker, error) for error in (down, down, None, down, down, down, None)]
    assert seen == ["failed", "failed", "answered", "failed", "failed", "failed", "refused"]


def test_a_half_open_breaker_closes_after_a_success_and_opens_after_a_failure(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=1, rest=30)
    down = openai.APITimeoutError(httpx2.Request("GET", "http://127.0.0.1:9/"))
    assert outcome(breaker, down) == "failed"
    clock.now += 29
    assert outcome(breaker) == "refused"
    clock.now += 1
    assert outcome(breaker, down) == "failed", "the trial"
    clock.now += 29
    assert outcome(breaker) == "refused", "the rest begins anew with the failed trial"
    clock.now += 1
    assert [outcome(breaker), outcome(breaker)] == ["answered", "answered"]


def test_the_rest_begins_when_a_call_fails_and_not_when_it_began(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=1, rest=30)
    with pytest.raises(openai.InternalServerError), breaker:
        clock.now += 600
        raise api_error(500)
    assert outcome(breaker) == "refused"


def test_of_twenty_threads_one_may_try_whether_the_api_is_back(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=1, rest=30)
    outcome(breaker, api_error(500))
    clock.now += 31
    ready, done = threading.Barrier(20), threading.Event()

    def call() -> str:
        ready.wait()
        try:
            with breaker:
                done.wait(10)
        except circuit_breaker.CircuitOpenError:
            return "refused"
        return "tried"

    with ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(call) for _ in range(20)]
        while sum(call.done() for call in calls) < 19 and not done.wait(0.01):
            assert sum(call.running() for call in calls) > 0
        done.set()
    assert Counter(call.result() for call in calls) == {"refused": 19, "tried": 1}


def test_while_a_trial_takes_longer_than_the_rest_no_other_call_is_made(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=1, rest=30)
    outcome(breaker, api_error(500))
    clock.now += 31
    with breaker:
        clock.now += 300
        assert outcome(breaker) == "refused"
    assert [outcome(breaker), outcome(breaker)] == ["answered", "answered"], "the trial was answered"


def test_a_trial_waits_for_calls_from_before_the_outage(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=1, rest=30)
    with pytest.raises(asyncio.CancelledError), breaker:
        outcome(breaker, api_error(500))
        clock.now += 31
        assert outcome(breaker) == "refused"
        raise asyncio.CancelledError
    assert outcome(breaker) == "answered"


def test_a_canceled_trial_makes_room_for_the_next(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=1, rest=30)
    outcome(breaker, api_error(500))
    for _ in range(2):
        clock.now += 31
        assert outcome(breaker, asyncio.CancelledError()) == "failed", "it was tried"
        assert outcome(breaker) == "refused"


def test_a_refusal_is_an_answer_and_a_cancellation_says_nothing(clock: Clock) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=2, rest=30)
    down = api_error(502)
    seen = [outcome(breaker, error) for error in (down, api_error(429), down)]
    assert seen == ["failed"] * 3
    assert outcome(breaker, asyncio.CancelledError()) == "failed"
    assert outcome(breaker, down) == "failed"
    assert outcome(breaker) == "refused", "two failures in a row, whatever was canceled in between"


@pytest.mark.anyio
async def test_a_breaker_works_around_awaited_calls(sandbox: MakeSandbox) -> None:
    breaker = circuit_breaker.CircuitBreaker(most=2, rest=60)

    async def ask(client: AsyncOpenAI) -> None:
        with breaker:
            await client.models.list()

    with sandbox("server_error x2") as api:
        async with AsyncOpenAI(max_retries=0) as client:
            for _ in range(2):
                with pytest.raises(openai.InternalServerError):
                    await ask(client)
            many = await asyncio.gather(*(ask(client) for _ in range(20)), return_exceptions=True)
    assert {type(one) for one in many} == {circuit_breaker.CircuitOpenError}
    assert len(api.requests) == 2, "while it is open, nothing is sent"


# fallback_model.py

FIRST, SECOND = fallback_model.MODELS


@pytest.mark.parametrize(
    ("faults", "asked"),
    [
        ("ok", [FIRST]),
        ("overloaded", [FIRST, SECOND]),
        ("rate_limit", [FIRST, SECOND]),
        ("timeout", [FIRST, SECOND]),
    ],
)
def test_another_model_is_asked_when_the_first_one_fails(sandbox: MakeSandbox, faults: str, asked: list[str]) -> None:
    with sandbox(faults) as api, OpenAI(max_retries=0, timeout=0.5) as client:
        assert fallback_model.ask(client, "Say hello").output_text
    assert [request.body["model"] for request in api.requests] == asked


@pytest.mark.parametrize(
    ("faults", "raised"),
    [
        ("bad_key", openai.AuthenticationError),
        ("insufficient_quota", openai.RateLimitError),
        ("connection_drop", openai.APIConnectionError),
    ],
)
def test_what_no_model_can_help_is_raised_at_once(sandbox: MakeSandbox, faults: str, raised: type[Exception]) -> None:
    with sandbox(faults) as api, OpenAI(max_retries=0) as client, pytest.raises(raised):
        fallback_model.ask(client, "Say hello")
    assert len(api.requests) == 1


def test_every_program_that_is_copied_alone_has_the_codes_of_the_claim() -> None:
    statement = ledger(ROOT)["quota-codes"].statement
    assert set(re.findall(r"`(\w+)`", statement)) == quota_or_rate.SPENT
    assert quota_or_rate.SPENT == fallback_model.SPENT == recover.SPENT


@pytest.mark.parametrize("type", ["insufficient_quota", "a_type_of_tomorrow"])
@pytest.mark.parametrize("code", sorted(quota_or_rate.SPENT))
def test_no_other_model_is_asked_when_the_budget_is_exhausted(code: str, type: str) -> None:
    client, sent = client_of(always(429, json={"error": {"code": code, "type": type}}), max_retries=0)
    with client, pytest.raises(openai.RateLimitError):
        fallback_model.ask(client, "Say hello")
    assert len(sent) == 1


def test_a_wrong_request_is_not_sent_to_another_model(api: Sandbox) -> None:
    with OpenAI() as client, pytest.raises(openai.BadRequestError):
        fallback_model.ask(client, 5)  # type: ignore[arg-type]
    assert len(api.requests) == 1


def test_what_the_last_model_raises_is_raised(sandbox: MakeSandbox) -> None:
    with (
        sandbox("overloaded; rate_limit") as api,
        OpenAI(max_retries=0) as client,
        pytest.raises(openai.RateLimitError),
    ):
        fallback_model.ask(client, "Say hello")
    assert len(api.requests) == 2


# log_request_ids.py


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What the recipe logs, with its formatter."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log_request_ids.Scrubber("%(levelname)s %(message)s"))
    log_request_ids.log.addHandler(handler)
    log_request_ids.log.setLevel(logging.DEBUG)
    yield written
    log_request_ids.log.removeHandler(handler)


@pytest.mark.parametrize(
    "text",
    [
        "key sk-proj-S3CRET_s3cret-0123",
        "Authorization: Bearer S3CRET",
        "{'Authorization': 'Bearer S3CRET', 'accept': '*/*'}",
        "[(b'authorization', b'Bearer S3CRET'), (b'accept', b'*/*')]",
        "authorization: bearer sk-S3CRET",
        "Proxy-Authorization: Basic S3CRET==",
        "Illegal header value b'Bearer sk-S3CRET\\n'",
        "{'api-key': 'S3CRET'}",
        '{"api_key": "S3CRET", "model": "gpt-6-luna"}',
        "OPENAI_API_KEY=S3CRET",
        "OPENAI_WEBHOOK_SECRET=whsec_S3CRET",
        "client_secret='ek_S3CRET'",
        "password: S3CRET",
        "https://example.com/v1/models?api_key=S3CRET&limit=2",
        "GET https://someone:S3CRET@proxy.example.com:8080/ 407",
        "https://S3CRET@proxy.example.com/",
        "Incorrect API key provided: sk-S3CRE***********S3CRET. You can find it",
    ],
)
def test_a_secret_is_hidden_and_the_rest_stays(logged: StringIO, text: str) -> None:
    log_request_ids.log.info("before %s after", text)
    line = logged.getvalue()
    assert "S3C" not in line
    assert "[hidden]" in line
    assert line.startswith("INFO before ")
    assert line.endswith(" after\n")


@pytest.mark.parametrize(
    "text",
    [
        "req_0fd630f1f29d0da9953f48f1a09f76b5 answered, retries: 1",
        "max_output_tokens=500, input_tokens: 12",
        "https://api.openai.com/v1/responses?limit=20",
        "http://127.0.0.1:8080/v1, a risk-averse desk_top task-force",
        "Error code: 429 - {'error': {'code': 'rate_limit_exceeded'}}",
    ],
)
def test_what_is_no_secret_is_logged_as_it_is(logged: StringIO, text: str) -> None:
    log_request_ids.log.info("%s", text)
    assert logged.getvalue() == f"INFO {text}\n"


def test_a_traceback_hides_its_secrets_too(logged: StringIO) -> None:
    try:
        raise ValueError("Bearer sk-S3CRET is refused")
    except ValueError:
        log_request_ids.log.exception("failed")
    assert "Traceback" in logged.getvalue()
    assert "S3CRET" not in logged.getvalue()


def test_a_key_that_breaks_its_header_is_not_logged(logged: StringIO, api: Sandbox) -> None:
    with OpenAI(api_key="sk-S3CRET\n", max_retries=0) as client, pytest.raises(openai.APIConnectionError):
        log_request_ids.ask(client, "Say hello")
    assert "no id APIConnectionError: Illegal header value" in logged.getvalue()
    assert "S3CRET" not in logged.getvalue()


def test_the_id_in_the_log_is_the_one_of_the_reply(logged: StringIO, sandbox: MakeSandbox) -> None:
    ids: list[str] = []

    def keep(response: httpx2.Response) -> None:
        ids.append(response.headers["x-request-id"])

    http_client = openai.DefaultHttpxClient(event_hooks={"response": [keep]})
    with sandbox("ok; overloaded"), OpenAI(http_client=http_client, max_retries=0) as client:
        log_request_ids.ask(client, "Say hello")
        with pytest.raises(openai.InternalServerError):
            log_request_ids.ask(client, "Say hello")
    answered, failed = logged.getvalue().splitlines()
    assert answered == f"INFO {ids[0]} answered, retries: 0"
    assert failed.startswith(f"ERROR {ids[1]} InternalServerError: ")


# resume_stream.py


def test_a_stream_cut_many_times_is_read_once(sandbox: MakeSandbox) -> None:
    with (
        sandbox(
            "cut_stream after=1; cut_stream after=8; cut_stream after=3; connection_drop; cut_stream after=2"
        ) as api,
        OpenAI() as client,
    ):
        text = "".join(resume_stream.answer(client, "Write a haiku about coding"))
        id = api.requests[1].path.rpartition("/")[2]
        assert text == client.responses.retrieve(id).output_text
    assert text.count("\n") == 2


def test_a_stream_that_is_cut_too_often_is_given_up(sandbox: MakeSandbox) -> None:
    with sandbox("cut_stream after=3 x9") as api, OpenAI() as client:
        with pytest.raises(resume_stream.UnfinishedError, match="cut off after event 8"):
            list(resume_stream.answer(client, "Write a haiku about coding", resumes=2))
        assert len(api.requests) == 3


def test_a_stream_without_a_first_event_cannot_be_resumed(sandbox: MakeSandbox) -> None:
    with sandbox("cut_stream after=0") as api, OpenAI() as client:
        with pytest.raises(resume_stream.UnfinishedError, match="after event -1"):
            list(resume_stream.answer(client, "Write a haiku about coding"))
        assert len(api.requests) == 1


def streaming(*bodies: list[dict[str, Any]]) -> tuple[OpenAI, list[httpx2.Request]]:
    """Return a client whose server streams these events, a body for each request, and what the client sent."""
    return client_of(*(stream_of(*events) for events in bodies))


CREATED = {"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "object": "response"}}


def delta(number: int, text: str) -> dict[str, Any]:
    return {"type": "response.output_text.delta", "sequence_number": number, "delta": text}


def ended(number: int, how: str) -> dict[str, Any]:
    return {"type": f"response.{how}", "sequence_number": number, "response": {"id": "resp_1", "object": "response"}}


def test_a_stream_that_just_stops_is_resumed_too() -> None:
    client, sent = streaming([CREATED, delta(1, "Good")], [delta(2, " day"), ended(3, "completed")])
    with client:
        assert list(resume_stream.answer(client, "Say hello")) == ["Good", " day"]
    assert sent[1].url.path.endswith("/responses/resp_1")
    assert dict(sent[1].url.params) == {"stream": "true", "starting_after": "1"}


@pytest.mark.parametrize("how", ["failed", "incomplete"])
def test_an_answer_that_will_not_be_finished_is_not_resumed(how: str) -> None:
    client, sent = streaming([CREATED, delta(1, "Good"), ended(2, how)])
    with client, pytest.raises(resume_stream.UnfinishedError, match=f"response.{how}"):
        list(resume_stream.answer(client, "Say hello"))
    assert len(sent) == 1


# refuse_incomplete.py


def replying(**given: Any) -> OpenAI:
    """Return a client whose server replies this."""
    return client_of(always(json=given))[0]


def message(text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


REFUSAL = message("") | {"content": [{"type": "refusal", "refusal": "I can't help with that."}]}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "max_output_tokens"),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "content_filter"),
        ({"status": "incomplete"}, "incomplete"),
        ({"status": "failed", "error": {"code": "server_error", "message": "Sorry."}}, "server_error"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "in_progress"}, "in_progress"),
    ],
)
def test_a_response_that_is_not_whole_is_refused_with_its_reason(reply: dict[str, Any], reason: str) -> None:
    with replying(object="response", output=[message("Good")], **reply) as client:
        response = client.responses.create(model="gpt-6-luna", input="Say hello")
    with pytest.raises(refuse_incomplete.IncompleteError, match=f"^{reason}, 4 characters$") as caught:
        refuse_incomplete.whole(response)
    assert caught.value.text == "Good"


@pytest.mark.parametrize("output", [[], [REFUSAL], [message("")]])
def test_a_complete_response_without_text_is_refused(output: list[Any]) -> None:
    with replying(object="response", status="completed", output=output) as client:
        response = client.responses.create(model="gpt-6-luna", input="Say hello")
    with pytest.raises(refuse_incomplete.IncompleteError, match=r"^completed, 0 characters$"):
        refuse_incomplete.whole(response)


def test_a_refusal_in_ordinary_text_cannot_be_told_from_an_answer() -> None:
    with replying(object="response", status="completed", output=[message("I can't help with that.")]) as client:
        response = client.responses.create(model="gpt-6-luna", input="Say hello")
    assert refuse_incomplete.whole(response) == "I can't help with that."


@pytest.mark.parametrize("type", ["function_call", "custom_tool_call"])
def test_text_beside_a_tool_call_is_not_the_answer(type: str) -> None:
    call = {"type": type, "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{}", "input": ""}
    with replying(object="response", status="completed", output=[message("Let me see."), call]) as client:
        response = client.responses.create(model="gpt-6-luna", input="Say hello")
    with pytest.raises(refuse_incomplete.IncompleteError, match=r"^tool call, 11 characters$"):
        refuse_incomplete.whole(response)


@pytest.mark.parametrize("called", [{"tool_calls": [NESTED_CALL]}, {"function_call": {"name": "f", "arguments": "{}"}}])
@pytest.mark.parametrize("finish_reason", ["stop", "tool_calls"])
def test_text_beside_a_tool_call_is_not_the_answer_in_chat(called: dict[str, Any], finish_reason: str) -> None:
    said = {"role": "assistant", "content": "Let me see."} | called
    choice = {"index": 0, "finish_reason": finish_reason, "message": said}
    with replying(object="chat.completion", choices=[choice]) as client:
        completion = client.chat.completions.create(**COMPLETION)
    with pytest.raises(refuse_incomplete.IncompleteError, match=r"^tool call, 11 characters$"):
        refuse_incomplete.whole_chat(completion)


@pytest.mark.parametrize(
    ("finish_reason", "content", "refused"),
    [
        ("stop", "Hello!", False),
        ("stop", None, True),
        ("stop", "", True),
        ("length", "Good", True),
        ("content_filter", "Good", True),
        ("tool_calls", None, True),
    ],
)
def test_a_chat_completion_that_is_not_whole_is_refused(finish_reason: str, content: str | None, refused: bool) -> None:
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": content}}
    with replying(object="chat.completion", choices=[choice]) as client:
        completion = client.chat.completions.create(
            model="gpt-6-luna", messages=[{"role": "user", "content": "Say hello"}]
        )
    if refused:
        with pytest.raises(refuse_incomplete.IncompleteError, match=f"^{finish_reason}, "):
            refuse_incomplete.whole_chat(completion)
    else:
        assert refuse_incomplete.whole_chat(completion) == content


# limit_concurrency.py


def headers(requests: int, tokens: int) -> dict[str, str]:
    return {"x-ratelimit-limit-requests": str(requests), "x-ratelimit-limit-tokens": str(tokens)}


@pytest.mark.anyio
async def test_no_more_calls_than_asked_for_run_at_once() -> None:
    pace, running, most = limit_concurrency.Pace(headers(60_000, 10**6), at_once=3), 0, 0

    async def call() -> None:
        nonlocal running, most
        async with pace.turn(1):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    await asyncio.gather(*(call() for _ in range(20)))
    assert most == 3


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("limit", "at_once", "calls", "tokens", "seconds"),
    [
        (headers(6000, 10**6), 2, 47, 1, 0.5),  # 90 a second, the first 2 at once
        (headers(10**6, 1000), 200, 101, 9, 0.6),  # 15 tokens a second, the first 900 at once
    ],
)
async def test_calls_start_no_faster_than_the_nearer_limit(
    limit: dict[str, str], at_once: int, calls: int, tokens: int, seconds: float
) -> None:
    pace, started = limit_concurrency.Pace(limit, at_once), time.monotonic()

    async def call() -> None:
        async with pace.turn(tokens):
            pass

    await asyncio.gather(*(call() for _ in range(calls)))
    assert seconds - 0.05 < time.monotonic() - started < seconds + TOLERANCE


@pytest.mark.anyio
@pytest.mark.parametrize("paced", [True, False])
async def test_calls_are_refused_only_without_a_pace(paced: bool) -> None:
    began = time.monotonic()
    # Without a pace, time stands still for the limits: on a slow machine they would recover while the calls are made.
    now = time.monotonic if paced else lambda: began
    core = Core(seed=1, tier=RateLimit(6000, 10**7), now=now)
    http_client = DefaultAsyncHttpxClient(transport=AsyncSandboxTransport(core))
    async with AsyncOpenAI(http_client=http_client, max_retries=0) as client:
        first = await client.responses.with_raw_response.create(model="gpt-6-luna", input="Say hello")
        assert core.limiter
        for _ in range(5960):  # somebody else has nearly used up the minute
            core.limiter.take("gpt-6-luna", 1, now())
        pace = limit_concurrency.Pace(first.headers, at_once=4 if paced else 200, share=0.9 if paced else 100)
        calls = [limit_concurrency.ask(client, pace, "Say hello") for _ in range(120)]
        await asyncio.gather(*calls, return_exceptions=True)
    statuses = Counter(request.status for request in core.requests)
    assert (statuses[200] == 121) == paced
    assert (statuses[429] > 0) != paced


@pytest.mark.anyio
async def test_a_call_larger_than_the_limit_is_refused_and_does_not_wait_for_ever() -> None:
    with pytest.raises(ValueError, match="maximum capacity"):
        async with limit_concurrency.Pace(headers(60, 1000)).turn(901):
            pass


def test_a_reply_without_limits_makes_no_pace() -> None:
    with pytest.raises(KeyError, match="x-ratelimit-limit-requests"):
        limit_concurrency.Pace({})


# budget_guard.py


def metered() -> tuple[OpenAI, list[Decimal]]:
    """Return a client, and the prices of what it was answered."""
    prices: list[Decimal] = []

    def meter(response: httpx2.Response) -> None:
        body = json.loads(response.read())
        if response.status_code == 200:
            used = extract_usage(body, provider_id="openai", api_flavor="responses")
            prices.append(used.calc_price().total_price)

    return OpenAI(http_client=openai.DefaultHttpxClient(event_hooks={"response": [meter]})), prices


def spend(budget: budget_guard.Budget, client: OpenAI) -> None:
    """Ask until the budget refuses, at most a hundred times."""
    for _ in range(100):
        budget.ask(client, "Say hello")


@pytest.mark.parametrize("dollars", ["0.003", "0.0002", "0"])
def test_twenty_threads_never_overspend(api: Sandbox, dollars: str) -> None:
    budget = budget_guard.Budget(dollars)
    client, prices = metered()
    with client, ThreadPoolExecutor(20) as pool:
        threads = [pool.submit(spend, budget, client) for _ in range(20)]
        assert {type(thread.exception()) for thread in threads} == {budget_guard.BudgetSpentError}
    assert 0 <= budget.left == Decimal(dollars) - sum(prices)
    assert len(prices) == len(api.requests)
    assert bool(prices) == (dollars == "0.003")


def test_what_is_under_way_is_reserved_at_its_highest_price(sandbox: MakeSandbox) -> None:
    budget = budget_guard.Budget("0.0015")
    with sandbox(latency=0.8) as api, OpenAI() as client, ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(budget.ask, client, "Say hello") for _ in range(20)]
        refused = [call for call in calls if isinstance(call.exception(), budget_guard.BudgetSpentError)]
        assert len(api.requests) == 20 - len(refused) == 5, "five times $0.000264 fit into $0.0015"


@pytest.mark.parametrize(
    ("faults", "returned"),
    [("rate_limit", True), ("bad_key", True), ("server_error", False), ("connection_drop", False)],
)
def test_a_refused_call_is_given_back_and_a_lost_one_is_not(sandbox: MakeSandbox, faults: str, returned: bool) -> None:
    budget = budget_guard.Budget("0.001")
    with sandbox(faults) as api, OpenAI() as client, pytest.raises(openai.APIError):
        budget.ask(client, "Say hello")
    assert (budget.left == Decimal("0.001")) == returned
    assert len(api.requests) == 1, "every try has to be reserved"


@pytest.mark.parametrize(
    "question",
    [
        "Say hello",
        "Why is the sky blue? " * 400,
        "東京は今日も晴れです。" * 50,
        "👩‍👩‍👧‍👦" * 50,
        "x" * 3000,
        "\U000f0000" * 999,
    ],
)
def test_the_reservation_is_never_too_small(api: Sandbox, question: str) -> None:
    budget = budget_guard.Budget("1")
    client, prices = metered()
    with client:
        budget.ask(client, question, cap=16)
    assert count(question) < len(question.encode()) + 100
    cheapest = budget_guard.Budget(str(prices[0]))
    with OpenAI() as client, pytest.raises(budget_guard.BudgetSpentError):
        cheapest.ask(client, question, cap=16)
