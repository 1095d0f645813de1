"""What one call sends."""

import logging
from collections.abc import Callable

import pytest
from openai import OpenAI
from openai.types.responses import Response

from openai_sandbox import Sandbox


@pytest.mark.proves("request-shape")
def test_a_call_is_one_post_with_the_key_in_a_header(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input="Hi")
    (exchange,) = api.requests
    assert (exchange.method, exchange.path) == ("POST", "/v1/responses")
    assert exchange.headers["authorization"].startswith("Bearer sk-")
    assert exchange.headers["content-type"] == "application/json"
    assert exchange.body["model"] == "gpt-6-luna"
    assert exchange.body["input"] == "Hi"


@pytest.mark.proves("unset-parameters-not-sent")
def test_only_what_was_passed_is_sent(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input="Hi")
        client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}])
    assert [exchange.body.keys() for exchange in api.requests] == [{"model", "input"}, {"model", "messages"}]


@pytest.mark.proves("calls-are-independent")
def test_a_second_call_carries_nothing_from_the_first(api: Sandbox) -> None:
    with OpenAI() as client:
        first = client.responses.create(model="gpt-6-luna", input="Hi", instructions="Be brief.")
        client.responses.create(model="gpt-6-luna", input="Say hello")
        client.responses.create(model="gpt-6-luna", input="Say hello", previous_response_id=first.id)
    _, second, third = api.requests[:3]
    assert second.body == {"model": "gpt-6-luna", "input": "Say hello"}
    assert first.id not in repr(second)
    with OpenAI() as other:
        other.responses.create(model="gpt-6-luna", input="Say hello")
    alone = api.requests[-1]
    assert (second.body, dict(second.headers)) == (
        alone.body,
        dict(alone.headers),
    )  # as if there had been no first call
    assert third.body["previous_response_id"] == first.id


@pytest.mark.proves("request-id")
def test_the_request_id_is_on_the_object(api: Sandbox) -> None:
    with OpenAI() as client:
        raw = client.responses.with_raw_response.create(model="gpt-6-luna", input="Say hello")
    assert raw.parse()._request_id == raw.headers["x-request-id"]


@pytest.mark.proves("log-without-prompt")
@pytest.mark.parametrize("stream", [False, True])
def test_the_log_holds_the_request_id_and_not_what_was_said(
    sandbox: Callable[..., Sandbox], caplog: pytest.LogCaptureFixture, stream: bool
) -> None:
    retried = sandbox("server_error retry_after_ms=1")
    with retried, OpenAI() as client, caplog.at_level(logging.DEBUG, logger="openai"):
        reply = client.responses.create(model="gpt-6-luna", input="Why is the sky blue?", stream=stream)
        events = [] if isinstance(reply, Response) else list(reply)
    logged = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("openai"))
    assert "req_" in logged
    assert bool(events) == stream
    assert not [word for word in ("sky", "Rayleigh") if word in logged]
