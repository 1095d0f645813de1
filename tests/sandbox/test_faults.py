"""Faults, as the SDK meets them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import AzureOpenAI, ContentFilterFinishReasonError, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from openai_sandbox import Sandbox
from openai_sandbox.core import Core, Request
from openai_sandbox.faults import KINDS, DirectiveError, parse, plan_of

FAST = "retry_after_ms=1"


LUNA: Any = {"model": "gpt-6-luna", "input": "Say hello"}
CHAT: Any = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Say hello"}]}
EVENT: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)


def ask(client: OpenAI) -> str:
    return client.responses.create(model="gpt-6-luna", input="Hi").output_text


def post(api: Sandbox, path: str, body: Any) -> httpx2.Response:
    return httpx2.post(api.base_url + path, json=body, headers={"authorization": f"Bearer {api.api_key}"})


def data(reply: httpx2.Response) -> list[dict[str, Any]]:
    """Return the data of every frame of a stream, its `[DONE]` left out."""
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


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
    sandbox: Callable[..., Sandbox], status: int, exception: type[openai.APIStatusError]
) -> None:
    with sandbox(f"http_error status={status}") as api, OpenAI(max_retries=0) as client:
        with pytest.raises(exception) as caught:
            ask(client)
        assert type(caught.value) is exception
        assert (caught.value.status_code, caught.value.code) == (status, "sandbox_simulated")
        assert f"The sandbox simulates an error with status {status}." in caught.value.message
        assert api.requests[0].status == status


def test_retries_end_a_simulated_conflict(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(f"http_error status=409 x2 {FAST}") as api, OpenAI() as client:
        assert ask(client)
        assert [exchange.status for exchange in api.requests] == [409, 409, 200]


@pytest.mark.parametrize("create", [OpenAI.responses, OpenAI.chat], ids=["responses", "chat"])
def test_an_unverified_organization_may_not_stream(sandbox: Callable[..., Sandbox], create: Any) -> None:
    with sandbox("organization_unverified x2") as api, OpenAI() as client:
        call, body = (
            (client.responses.create, LUNA) if create is OpenAI.responses else (client.chat.completions.create, CHAT)
        )
        with pytest.raises(openai.BadRequestError) as caught:
            call(**body, stream=True)
        assert (caught.value.code, caught.value.param) == ("unsupported_value", "stream")
        assert call(**body, stream=False).id
        assert [exchange.fault for exchange in api.requests] == ["organization_unverified"] * 2
        assert list(call(**body, stream=True))


def test_each_api_has_its_own_words_for_too_long_an_input(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("context_length x2"), OpenAI() as client:
        with pytest.raises(openai.BadRequestError) as responses:
            client.responses.create(**LUNA)
        with pytest.raises(openai.BadRequestError) as chat:
            client.chat.completions.create(**CHAT)
    assert (responses.value.param, chat.value.param) == ("input", "messages")
    assert "Your input exceeds the context window of this model." in responses.value.message
    assert "This model's maximum context length is 128000 tokens." in chat.value.message


def azure(api: Sandbox, **options: Any) -> AzureOpenAI:
    given: dict[str, Any] = {"api_key": api.api_key, "azure_deployment": "my-deployment"} | options
    endpoint = api.base_url.removesuffix("/v1")
    return AzureOpenAI(azure_endpoint=endpoint, api_version="2025-04-01-preview", max_retries=0, **given)


@pytest.mark.simulates("azure-deployment")
def test_azure_does_not_find_a_deployment_until_it_is_there(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("deployment_not_found") as api, azure(api) as client:
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(**CHAT)
        assert isinstance(caught.value.body, dict)
        assert caught.value.body.keys() == {"code", "message"}
        assert (caught.value.code, caught.value.type) == ("DeploymentNotFound", None)
        completion = client.chat.completions.create(**CHAT | {"model": "whatever"})
        assert completion.model == "gpt-6-luna"
        assert completion.choices[0].message.content
        assert list(client.chat.completions.create(**CHAT, stream=True))
        assert {exchange.path for exchange in api.requests} == {"/openai/deployments/my-deployment/chat/completions"}
        assert api.requests[0].headers["api-key"] == "***"


@pytest.mark.simulates("azure-deployment")
def test_a_deployment_named_after_a_model_answers_as_that_model(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox() as api, azure(api, azure_deployment=None) as client:
        assert client.chat.completions.create(**CHAT | {"model": "gpt-4o"}).model.startswith("gpt-4o-")


def test_azure_denies_a_wrong_key_in_its_own_words(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox() as api, azure(api, api_key="wrong") as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.chat.completions.create(**CHAT)
        assert caught.value.code == "401"
        assert "Access denied due to invalid subscription key" in caught.value.message


def test_what_azure_has_besides_is_not_simulated(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox() as api, azure(api) as client, pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model="text-embedding-3-small", input="Hi")
    assert caught.value.code == "sandbox_unsupported"


@pytest.mark.simulates("gateways")
def test_a_web_page_comes_back_as_a_string(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("html_page x4") as api, OpenAI() as client:
        page: Any = client.responses.create(**LUNA)
        assert type(page) is str
        assert page.startswith("<!DOCTYPE html>")
        with pytest.raises(AttributeError, match="'str' object has no attribute 'output_text'"):
            _ = client.responses.create(**LUNA).output_text
        assert list(client.chat.completions.create(**CHAT, stream=True)) == []
        raw = post(api, "/responses", LUNA)
        assert (raw.status_code, raw.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "x-request-id" not in raw.headers
        assert client.responses.create(**LUNA).output_text


@pytest.mark.simulates("gateways")
def test_an_error_with_status_200_raises_nothing(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("error_as_200 x3") as api, OpenAI() as client:
        response = client.responses.create(**LUNA)
        assert response.error
        assert (response.id, response.output) == (None, None)
        completion = client.chat.completions.create(**CHAT)
        assert completion.choices is None
        assert completion.error["type"] == "server_error"
        assert list(client.responses.create(**LUNA, stream=True)) == []
        assert [exchange.status for exchange in api.requests] == [200] * 3


@pytest.mark.simulates("gateways")
def test_json_that_is_cut_in_half_cannot_be_decoded(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("malformed_json x4") as api, OpenAI() as client:
        with pytest.raises(json.JSONDecodeError):
            client.responses.create(**LUNA)
        with pytest.raises(json.JSONDecodeError):
            client.chat.completions.create(**CHAT)
        seen: list[Any] = []
        with pytest.raises(json.JSONDecodeError):
            seen.extend(client.responses.create(**LUNA, stream=True))
        assert seen[-1].type == "response.output_text.delta"
        raw = post(api, "/responses", LUNA)
        assert (raw.status_code, raw.headers["content-type"]) == (200, "application/json")
        assert len(api.requests) == 4


@pytest.mark.parametrize("shift", range(8))
def test_json_is_not_cut_within_a_character(shift: int) -> None:
    body = json.dumps(LUNA | {"instructions": "x" * shift + "🙂" * 2000}).encode()
    reply = Core("malformed_json", seed=1).handle(
        Request("POST", "/v1/responses", {"authorization": "Bearer sk-sandbox"}, body)
    )
    assert isinstance(reply.body, bytes)
    assert reply.body.decode("utf-8").endswith("🙂")


def test_a_fault_of_the_model_meets_the_request_that_stands_for_a_bad_one() -> None:
    core = Core("content_filter", contract=True)
    reply = core.handle(Request("POST", "/v1/responses", body=b'{"model": "mine", "input": 7}'))
    assert isinstance(reply.body, bytes)
    response = json.loads(reply.body)
    assert (response["model"], response["status"]) == ("mine", "incomplete")


@pytest.mark.simulates("failed-response")
def test_a_failed_response_is_no_exception(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("failed_response") as api, OpenAI() as client:
        raw = post(api, "/responses", LUNA)
        response = Response.model_validate(raw.json(), strict=True)
        assert (raw.status_code, response.status, response.output, response.usage) == (200, "failed", [], None)
        assert response.error
        assert response.error.code == "server_error"
        assert client.responses.retrieve(response.id).status == "failed"


@pytest.mark.simulates("failed-response")
def test_a_failing_stream_ends_in_the_middle_of_the_text(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("failed_response x2"), OpenAI() as client:
        events = list(client.responses.create(**LUNA, stream=True))
        last = events[-1]
        assert last.type == "response.failed"
        assert events[-2].type == "response.output_text.delta"
        assert [event.sequence_number for event in events] == list(range(len(events)))
        with client.responses.stream(**LUNA) as stream:
            assert [event.type for event in stream][-1] == "response.failed"
        assert client.responses.retrieve(last.response.id) == last.response


@pytest.mark.simulates("failed-response")
def test_every_event_of_a_failing_stream_is_strictly_valid(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("failed_response") as api:
        for event in data(post(api, "/responses", LUNA | {"stream": True})):
            EVENT.validate_python(event, strict=True)


def test_a_background_response_fails_in_the_end(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("failed_response"), OpenAI() as client:
        response = client.responses.create(**LUNA, background=True)
        seen = [response.status]
        while seen[-1] in ("queued", "in_progress"):
            seen.append(client.responses.retrieve(response.id).status)
        assert seen == ["queued", "queued", "in_progress", "failed"]
        assert [event.type for event in client.responses.retrieve(response.id, stream=True)][-1] == "response.failed"


@pytest.mark.parametrize("contract", [False, True])
@pytest.mark.parametrize("fault", ["failed_response", "content_filter"])
def test_a_fault_without_a_meaning_for_a_request_says_so(
    sandbox: Callable[..., Sandbox], fault: str, contract: bool
) -> None:
    with sandbox(fault, contract=contract) as api:
        reply = post(api, "/chat/completions", CHAT) if fault == "failed_response" else post(api, "/embeddings", {})
        assert reply.status_code == 400
        assert reply.json()["error"]["code"] == "sandbox_unsupported"
        assert f"The fault {fault} has a meaning for POST /v1/responses" in reply.json()["error"]["message"]


@pytest.mark.simulates("failed-response")
def test_an_error_in_a_stream_of_responses_is_raised(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("stream_error x2") as api, OpenAI() as client:
        seen: list[Any] = []
        with pytest.raises(openai.APIError) as caught:
            seen.extend(client.responses.create(**LUNA, stream=True))
        assert type(caught.value) is openai.APIError
        assert (caught.value.code, caught.value.type) == ("server_error", "server_error")
        assert "".join(event.delta for event in seen if event.type == "response.output_text.delta")
        events = data(post(api, "/responses", LUNA | {"stream": True}))
        assert [event["type"] for event in events[-2:]] == ["error", "response.failed"]
        assert [event["sequence_number"] for event in events] == list(range(len(events)))
        for event in [*events[:-2], events[-1]]:
            EVENT.validate_python(event, strict=True)
        assert client.responses.retrieve(events[-1]["response"]["id"]).status == "failed"


def test_an_error_in_a_stream_of_chunks_is_raised(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("stream_error x2") as api, OpenAI() as client:
        seen: list[Any] = []
        with pytest.raises(openai.APIError) as caught:
            seen.extend(client.chat.completions.create(**CHAT, stream=True, store=True))
        assert type(caught.value) is openai.APIError
        assert (caught.value.code, caught.value.type) == (None, "server_error")
        assert "".join(chunk.choices[0].delta.content for chunk in seen)
        raw = post(api, "/chat/completions", CHAT | {"stream": True})
        assert "[DONE]" not in raw.text
        assert not client.chat.completions.list().data


@pytest.mark.parametrize(("fault", "exception"), [("stream_error", openai.APIError), ("end_early", None)])
@pytest.mark.parametrize("events", [0, 3, 8])
def test_after_counts_the_events_before_the_end(
    sandbox: Callable[..., Sandbox], fault: str, exception: type[Exception] | None, events: int
) -> None:
    seen: list[Any] = []
    with sandbox(f"{fault} after={events}"), OpenAI() as client:
        stream = client.responses.create(**LUNA, stream=True)
        if exception is None:
            seen.extend(stream)
        else:
            with pytest.raises(exception):
                seen.extend(stream)
    assert len(seen) == events


@pytest.mark.parametrize("after", ["", " after=1000"])
def test_a_stream_that_ends_early_raises_nothing(sandbox: Callable[..., Sandbox], after: str) -> None:
    with sandbox(f"end_early x3{after}") as api, OpenAI() as client:
        events = [event.type for event in client.responses.create(**LUNA, stream=True)]
        assert "response.output_text.delta" in events
        assert "response.completed" not in events
        chat = post(api, "/chat/completions", CHAT | {"stream": True})
        assert chat.headers["transfer-encoding"] == "chunked"
        assert "[DONE]" not in chat.text
        chunks = [ChatCompletionChunk.model_validate(chunk, strict=True) for chunk in data(chat)]
        assert all(chunk.choices[0].finish_reason is None for chunk in chunks)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert ask(client)


@pytest.mark.simulates("content-filter")
@pytest.mark.parametrize("stream", [False, True])
def test_a_content_filter_leaves_half_of_a_response(sandbox: Callable[..., Sandbox], stream: bool) -> None:
    with sandbox("content_filter") as api, OpenAI() as client:
        raw = post(api, "/responses", LUNA | {"stream": stream})
        body = data(raw)[-1]["response"] if stream else raw.json()
        if stream:
            for event in data(raw):
                EVENT.validate_python(event, strict=True)
            assert data(raw)[-1]["type"] == "response.incomplete"
        response = Response.model_validate(body, strict=True)
        assert response.status == "incomplete"
        assert response.incomplete_details
        assert response.incomplete_details.reason == "content_filter"
        assert response.output_text
        assert response.usage
        assert response.usage.output_tokens_details.reasoning_tokens < response.usage.output_tokens
        assert client.responses.retrieve(response.id).output_text == response.output_text


@pytest.mark.simulates("content-filter")
def test_a_content_filter_leaves_half_of_a_completion(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("content_filter x2") as api:
        whole = post(api, "/chat/completions", CHAT | {"n": 2})
        choices = ChatCompletion.model_validate(whole.json(), strict=True).choices
        assert [choice.finish_reason for choice in choices] == ["content_filter"] * 2
        assert all(choice.message.content for choice in choices)
        chunks = data(post(api, "/chat/completions", CHAT | {"stream": True, "logprobs": False}))
        assert chunks[-1]["choices"][0]["finish_reason"] == "content_filter"


@pytest.mark.simulates("content-filter")
def test_parsing_a_filtered_completion_raises(sandbox: Callable[..., Sandbox]) -> None:
    class City(BaseModel):
        name: str

    with sandbox("content_filter"), OpenAI() as client, pytest.raises(ContentFilterFinishReasonError):
        client.chat.completions.parse(**CHAT, response_format=City)


def test_a_content_filter_stops_tool_calls(sandbox: Callable[..., Sandbox]) -> None:
    tool: Any = {"type": "function", "function": {"name": "hello", "parameters": {"type": "object", "properties": {}}}}
    with sandbox("content_filter"), OpenAI() as client:
        choice = client.chat.completions.create(**CHAT, tools=[tool], tool_choice="required").choices[0]
        assert (choice.finish_reason, choice.message.tool_calls) == ("content_filter", None)


@pytest.mark.parametrize("fault", [name for name in KINDS if name not in ("timeout", "connection_drop", "http_error")])
def test_every_fault_is_used_up_by_one_request(fault: str) -> None:
    core = Core(f"{fault} after=0")
    body = json.dumps(LUNA).encode()
    asked = Request("POST", "/v1/responses", {"authorization": "Bearer sk-sandbox"}, body)
    core.handle(asked)
    assert core.handle(asked).status == 200
    assert core.requests[1].fault is None


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
        ("tls x2", "'x2': tls stands alone, and holds for every request"),
        ("http_error", "http_error needs a status, such as 'http_error status=409'"),
        ("http_error status=200", "'status=200': the status of an error is from 400 to 599"),
        ("http_error status=4xx", "'status=4xx': the status of an error is from 400 to 599"),
        ("server_error status=502", "'status=502' is not understood: use xN, after=N"),
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
