"""Faults that answer with an error, and those that do not answer: what the SDK raises."""

from typing import Any

import openai
import pytest
from openai import OpenAI

from ...good_requests import COMPLETION, HELLO, HI, LUNA, RESPONSE
from ..client import MakeSandbox


def answer(client: OpenAI) -> str:
    text: str = client.responses.create(**RESPONSE).output_text
    return text


@pytest.mark.parametrize(
    ("fault", "exception", "status", "code"),
    [
        ("rate_limit", openai.RateLimitError, 429, "rate_limit_exceeded"),
        ("insufficient_quota", openai.RateLimitError, 429, "insufficient_quota"),
        ("server_error", openai.InternalServerError, 500, None),
        ("overloaded", openai.InternalServerError, 503, "server_is_overloaded"),
        ("overloaded_2023", openai.InternalServerError, 503, None),
        ("bad_key", openai.AuthenticationError, 401, "invalid_api_key"),
        ("credit_exhausted", openai.RateLimitError, 429, "credit_balance_exhausted"),
        ("region_unsupported", openai.PermissionDeniedError, 403, "unsupported_country_region_territory"),
        ("context_length", openai.BadRequestError, 400, "context_length_exceeded"),
        ("deployment_not_found", openai.NotFoundError, 404, "DeploymentNotFound"),
        ("stream_error", openai.InternalServerError, 500, None),
        ("missing_scope", openai.AuthenticationError, 401, None),
        ("organization_mismatch", openai.AuthenticationError, 401, "mismatched_organization"),
        ("prompt_flagged", openai.BadRequestError, 400, "invalid_prompt"),
        ("azure_content_filter", openai.BadRequestError, 400, "content_filter"),
    ],
)
def test_a_fault_raises_what_its_status_raises(
    sandbox: MakeSandbox,
    fault: str,
    exception: type[openai.APIStatusError],
    status: int,
    code: str | None,
) -> None:
    with sandbox(fault) as api, OpenAI(max_retries=0) as client:
        with pytest.raises(exception) as caught:
            answer(client)
        assert (caught.value.status_code, caught.value.code) == (status, code)
        assert caught.value.request_id
        assert answer(client)
        assert [exchange.fault for exchange in api.requests] == [fault, None]


def test_azures_content_filter_says_which_category_stopped_the_prompt(sandbox: MakeSandbox) -> None:
    with (
        sandbox("azure_content_filter"),
        OpenAI(max_retries=0) as client,
        pytest.raises(openai.BadRequestError) as caught,
    ):
        answer(client)
    body: Any = caught.value.body
    assert body["status"] == 400
    categories = body["innererror"]["content_filter_result"]
    assert [name for name, found in categories.items() if found["filtered"]] == ["violence"]


def test_a_timeout_never_answers(sandbox: MakeSandbox) -> None:
    with sandbox("timeout") as api, OpenAI(max_retries=0, timeout=0.1) as client:
        with pytest.raises(openai.APITimeoutError):
            answer(client)
        assert api.requests[0].status == 0


def test_a_connection_drop_is_a_connection_error(sandbox: MakeSandbox) -> None:
    with sandbox("connection_drop"), OpenAI(max_retries=0) as client:
        with pytest.raises(openai.APIConnectionError) as caught:
            answer(client)
        assert not isinstance(caught.value, openai.APITimeoutError)


@pytest.mark.simulates("retry-after")
def test_retry_after_becomes_a_header(sandbox: MakeSandbox) -> None:
    with sandbox("rate_limit retry_after=7 retry_after_ms=50"), OpenAI(max_retries=0) as client:
        with pytest.raises(openai.RateLimitError) as caught:
            answer(client)
        headers = caught.value.response.headers
        assert (headers["retry-after"], headers["retry-after-ms"]) == ("7", "50")
        assert "Please try again in 7s." in caught.value.message


@pytest.mark.parametrize(
    ("status", "exception"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (408, openai.APIStatusError),
        (409, openai.ConflictError),
        (413, openai.APIStatusError),
        (418, openai.APIStatusError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (499, openai.APIStatusError),
        (502, openai.InternalServerError),
        (504, openai.InternalServerError),
        (599, openai.InternalServerError),
    ],
)
def test_any_status_of_an_error_can_be_asked_for(
    sandbox: MakeSandbox, status: int, exception: type[openai.APIStatusError]
) -> None:
    with sandbox(f"http_error status={status}") as api, OpenAI(max_retries=0) as client:
        with pytest.raises(exception) as caught:
            answer(client)
        assert type(caught.value) is exception
        assert (caught.value.status_code, caught.value.code) == (status, "sandbox_simulated")
        assert f"The sandbox simulates an error with status {status}." in caught.value.message
        assert api.requests[0].status == status


def test_retries_end_a_simulated_conflict(sandbox: MakeSandbox) -> None:
    with sandbox("http_error status=409 x2 retry_after_ms=1") as api, OpenAI() as client:
        assert answer(client)
        assert [exchange.status for exchange in api.requests] == [409, 409, 200]


@pytest.mark.parametrize("create", [OpenAI.responses, OpenAI.chat], ids=["responses", "chat"])
def test_an_unverified_organization_may_not_stream(sandbox: MakeSandbox, create: Any) -> None:
    with sandbox("organization_unverified x2") as api, OpenAI() as client:
        call, body = (
            (client.responses.create, RESPONSE)
            if create is OpenAI.responses
            else (client.chat.completions.create, COMPLETION)
        )
        with pytest.raises(openai.BadRequestError) as caught:
            call(**body, stream=True)
        assert (caught.value.code, caught.value.param) == ("unsupported_value", "stream")
        assert call(**body, stream=False).id
        assert [exchange.fault for exchange in api.requests] == ["organization_unverified"] * 2
        assert list(call(**body, stream=True))


def test_each_api_has_its_own_words_for_too_long_an_input(sandbox: MakeSandbox) -> None:
    with sandbox("context_length x2"), OpenAI() as client:
        with pytest.raises(openai.BadRequestError) as responses:
            client.responses.create(**RESPONSE)
        with pytest.raises(openai.BadRequestError) as chat:
            client.chat.completions.create(**COMPLETION)
    assert (responses.value.param, chat.value.param) == ("input", "messages")
    assert "Your input exceeds the context window of this model." in responses.value.message
    assert "This model's maximum context length is 128000 tokens." in chat.value.message


def test_a_parameter_can_be_refused_as_if_the_model_did_not_support_it(sandbox: MakeSandbox) -> None:
    with sandbox("parameter_unsupported param=temperature x2") as api, OpenAI() as client:
        with pytest.raises(openai.BadRequestError) as caught:
            client.responses.create(**RESPONSE, temperature=1)
        assert caught.value.param == "temperature"
        assert answer(client)
        assert [exchange.status for exchange in api.requests] == [400, 200]


def test_the_message_with_the_refused_role_is_named(sandbox: MakeSandbox) -> None:
    later = [HELLO, {"role": "system", "content": "Be brief."}]
    with sandbox("system_role_unsupported x2"), OpenAI() as client:
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(**LUNA, messages=later)
        assert caught.value.param == "messages[1].role"
        assert client.chat.completions.create(**COMPLETION).choices


def test_encrypted_reasoning_can_be_refused(sandbox: MakeSandbox) -> None:
    kept: Any = {"store": False, "include": ["reasoning.encrypted_content"]}
    with sandbox("ok; encrypted_content_invalid x2"), OpenAI() as client:
        first = client.responses.create(**RESPONSE, **kept)
        history: Any = [HELLO, *first.output, HI]
        with pytest.raises(openai.BadRequestError) as caught:
            client.responses.create(**LUNA, input=history, **kept)
        assert caught.value.code == "invalid_encrypted_content"
        without = [item for item in history if getattr(item, "type", "") != "reasoning"]
        assert client.responses.create(**LUNA, input=without, **kept).output_text


@pytest.mark.parametrize("fault", ["responses_only", "system_role_unsupported"])
def test_a_fault_of_chat_is_refused_elsewhere(sandbox: MakeSandbox, fault: str) -> None:
    with sandbox(fault), OpenAI() as client, pytest.raises(openai.BadRequestError, match="applies only to"):
        answer(client)
