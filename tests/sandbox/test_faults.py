"""Faults, as the SDK meets them."""

from collections.abc import Callable
from pathlib import Path

import openai
import pytest
from openai import OpenAI

from sandbox import Sandbox
from sandbox.core import Core, Request
from sandbox.faults import KINDS, DirectiveError, parse, plan_of

FAST = "retry_after_ms=1"


def ask(client: OpenAI) -> str:
    return client.responses.create(model="gpt-6-luna", input="Hi").output_text


@pytest.mark.parametrize(
    ("fault", "exception", "status", "code"),
    [
        ("rate_limit", openai.RateLimitError, 429, "rate_limit_exceeded"),
        ("insufficient_quota", openai.RateLimitError, 429, "insufficient_quota"),
        ("server_error", openai.InternalServerError, 500, None),
        ("overloaded", openai.InternalServerError, 503, "server_is_overloaded"),
        ("bad_key", openai.AuthenticationError, 401, "invalid_api_key"),
    ],
)
def test_a_fault_raises_what_its_status_raises(
    sandbox: Callable[..., Sandbox],
    fault: str,
    exception: type[openai.APIStatusError],
    status: int,
    code: str | None,
) -> None:
    with sandbox(fault) as api, OpenAI(max_retries=0) as client:
        with pytest.raises(exception) as caught:
            ask(client)
        assert (caught.value.status_code, caught.value.code) == (status, code)
        assert caught.value.request_id
        assert ask(client)
        assert [exchange.fault for exchange in api.requests] == [fault, None]


def test_a_timeout_never_answers(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("timeout") as api, OpenAI(max_retries=0, timeout=0.1) as client:
        with pytest.raises(openai.APITimeoutError):
            ask(client)
        assert api.requests[0].status == 0


def test_a_connection_drop_is_a_connection_error(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("connection_drop"), OpenAI(max_retries=0) as client:
        with pytest.raises(openai.APIConnectionError) as caught:
            ask(client)
        assert not isinstance(caught.value, openai.APITimeoutError)


@pytest.mark.parametrize("events", [0, 3, 8])
def test_a_cut_stream_delivers_the_events_before_the_cut(sandbox: Callable[..., Sandbox], events: int) -> None:
    seen = 0
    with sandbox(f"cut_stream after={events}"), OpenAI() as client, pytest.raises(openai.APIConnectionError):
        for _ in client.responses.create(model="gpt-6-luna", input="Hi", stream=True):
            seen += 1
    assert seen == events


def test_a_plain_answer_can_be_cut_too(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("cut_stream"), OpenAI(max_retries=0) as client, pytest.raises(openai.APIConnectionError):
        ask(client)


def test_faults_are_consumed_in_order_request_by_request(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(f"rate_limit x2 {FAST}; server_error {FAST}") as api, OpenAI(max_retries=3) as client:
        assert ask(client)
        assert [exchange.status for exchange in api.requests] == [429, 429, 500, 200]


def test_after_lets_requests_through_first(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("bad_key after=2") as api, OpenAI() as client:
        assert ask(client)
        assert ask(client)
        with pytest.raises(openai.AuthenticationError):
            ask(client)
        assert [exchange.status for exchange in api.requests] == [200, 200, 401]


def test_retry_after_becomes_a_header(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("rate_limit retry_after=7 retry_after_ms=50"), OpenAI(max_retries=0) as client:
        with pytest.raises(openai.RateLimitError) as caught:
            ask(client)
        headers = caught.value.response.headers
        assert (headers["retry-after"], headers["retry-after-ms"]) == ("7", "50")
        assert "Please try again in 7s." in caught.value.message


def test_latency_delays_the_reply() -> None:
    assert Core("ok latency=0.25").handle(_models()).delay == 0.25
    assert Core("latency=0.5").handle(_models()).delay == 0.5
    assert Core(latency=2).handle(_models()).delay == 2


def _models() -> Request:
    return Request("GET", "/v1/models", {"authorization": "Bearer sk-sandbox"})


def test_directives_are_read_from_comments_and_only_there(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "\ufeff# sandbox: rate_limit x2\n"
        'TEXT = """\n# sandbox: bad_key\n"""\n'
        "if True:\n    # sandbox: timeout latency=1\n    pass\n"
        "x = 1  #sandbox : server_error\n",
        "utf-8",
    )
    names = [fault.kind.name for fault in plan_of(program).queue]
    assert names == ["rate_limit", "rate_limit", "timeout", "server_error"]


def test_a_program_with_a_syntax_error_is_left_to_python(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("# sandbox: bad_key\nprint('\n", "utf-8")
    assert [fault.kind.name for fault in plan_of(program).queue] == ["bad_key"]


def test_a_wrong_key_uses_up_no_fault() -> None:
    core = Core("rate_limit")
    wrong = Request("GET", "/v1/models", {"authorization": "Bearer sk-wrong-wrong-wrong-wrong"})
    assert [core.handle(request).status for request in (wrong, _models(), _models())] == [401, 429, 200]
    assert [exchange.fault for exchange in core.requests] == [None, "rate_limit", None]


def test_an_explicit_latency_beats_that_of_the_faults() -> None:
    assert Core("latency=0.5", latency="none").handle(_models()).delay == 0


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("rate_limt", "unknown fault 'rate_limt': did you mean 'rate_limit'?"),
        ("zzz", f"unknown fault 'zzz': known faults: {', '.join(KINDS)}"),
        ("timeout x0", "'x0' is not understood: use xN, after=N"),
        ("timeout twice", "'twice' is not understood: use xN, after=N"),
        ("timeout latency=soon", "'latency=soon': latency takes a number from 0 up"),
        ("timeout latency=-1", "'latency=-1': latency takes a number from 0 up"),
        ("timeout latency=nan", "'latency=nan': latency takes a number from 0 up"),
        ("cut_stream after=1.5", "'after=1.5': after takes a whole number from 0 up"),
        ("retry_after=3", "only latency= and tier= may stand without a fault's name"),
        ("latency=1 x3", "only latency= and tier= may stand without a fault's name"),
        ("timeout x2 x3", "'x3' is not understood"),
        ("", "an empty directive: name a fault"),
    ],
)
def test_a_bad_directive_names_the_place_and_the_remedy(directive: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DirectiveError) as caught:
        parse(directive)
    assert str(caught.value).startswith("faults: ")
    assert message in str(caught.value)
    program = tmp_path / "program.py"
    program.write_text(f'"""A program."""\n\n# sandbox: {directive}\n')
    with pytest.raises(DirectiveError) as caught:
        plan_of(program)
    assert str(caught.value).startswith(f"{program}:3: ")
