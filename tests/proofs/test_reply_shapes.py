"""What the SDK makes of replies that are not what a program expects."""

import json
from collections.abc import Callable
from typing import Any, get_args

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.responses import Response, ResponseReasoningItem
from pydantic import BaseModel, ValidationError

from openai_sandbox import Sandbox

from ..good_requests import HELLO, LUNA, RESPONSE
from ..made_up_server import always, client_of, transport_of


class Person(BaseModel):
    name: str
    born: int = 1815
    friends: dict[str, int]


class Known(BaseModel):
    name: str


@pytest.mark.proves("accessors-differ")
def test_each_api_has_names_the_other_has_not(api: Sandbox) -> None:
    with OpenAI() as client:
        response: Any = client.responses.create(**RESPONSE)
        completion: Any = client.chat.completions.create(**LUNA, messages=[HELLO])
    assert response.output_text
    assert completion.choices[0].message.content
    for found, name in (
        (completion, "output_text"),
        (response, "choices"),
        (response, "message"),
        (response.usage, "prompt_tokens"),
        (completion.usage, "input_tokens"),
    ):
        with pytest.raises(AttributeError, match=f"object has no attribute '{name}'"):
            getattr(found, name)


@pytest.mark.proves("reasoning-item-content")
def test_a_reasoning_item_may_have_no_content() -> None:
    field = ResponseReasoningItem.model_fields["content"]
    assert not field.is_required()
    assert field.default is None
    assert type(None) in get_args(field.annotation)
    item: dict[str, Any] = {"id": "rs_1", "type": "reasoning", "summary": []}
    for sent, content in ((item, None), (item | {"content": []}, [])):
        client, _ = client_of(always(json={"id": "resp_1", "output": [sent]}))
        with client:
            first = client.responses.create(**RESPONSE).output[0]
        assert first.type == "reasoning"
        assert first.content == content


@pytest.mark.proves("parsed-none-on-refusal")
def test_nothing_is_parsed_when_the_model_refuses(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("refusal"), OpenAI() as client:
        completion = client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Known)
    message = completion.choices[0].message
    assert message.parsed is None
    assert message.refusal


@pytest.mark.proves("html-is-str")
def test_a_web_page_is_a_string() -> None:
    client, _ = client_of(always(html="<h1>Welcome</h1>"))
    with client:
        answer: Any = client.responses.create(**RESPONSE)
        completion: Any = client.chat.completions.create(**LUNA, messages=[HELLO])
    assert answer == completion == "<h1>Welcome</h1>"


def calls(client: OpenAI) -> dict[str, Callable[[], object]]:
    """Return calls whose replies the SDK looks into, or not."""
    return {
        "responses": lambda: client.responses.create(**RESPONSE),
        "chat": lambda: client.chat.completions.create(**LUNA, messages=[HELLO]),
        "responses.parse": lambda: client.responses.parse(**RESPONSE, text_format=Known),
        "chat.parse": lambda: client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Known),
        "models.list": lambda: client.models.list(),
    }


@pytest.mark.proves("html-is-str")
@pytest.mark.parametrize("call", ["responses.parse", "chat.parse", "models.list"])
def test_what_looks_into_a_web_page_raises_an_attribute_error(call: str) -> None:
    client, _ = client_of(always(html="<h1>Welcome</h1>"))
    with client, pytest.raises(AttributeError, match="'str' object has no attribute"):
        calls(client)[call]()


@pytest.mark.proves("html-is-str")
@pytest.mark.parametrize("kind", ["application/json", "application/problem+json"])
@pytest.mark.parametrize("call", ["responses", "chat", "responses.parse", "chat.parse", "models.list"])
def test_a_web_page_that_claims_to_be_json_cannot_be_decoded(call: str, kind: str) -> None:
    client, sent = client_of(always(content=b"<h1>Welcome</h1>", headers={"content-type": kind}))
    with client, pytest.raises(json.JSONDecodeError):
        calls(client)[call]()
    assert len(sent) == 1


@pytest.mark.proves("html-is-str")
@pytest.mark.parametrize("headers", [{}, {"content-type": "text/plain"}])
def test_broken_json_is_a_string_if_the_reply_does_not_call_it_json(headers: dict[str, str]) -> None:
    broken = '{"id": "resp_1", "outp'
    client, _ = client_of(always(content=broken.encode(), headers=headers))
    with client:
        answer: Any = client.responses.create(**RESPONSE)
    assert answer == broken


@pytest.mark.proves("html-is-str", "broken-json-error")
def test_a_web_page_that_is_called_json_raises() -> None:
    client, _ = client_of(always(content=b"<h1>Welcome</h1>", headers={"content-type": "application/json"}))
    with client, pytest.raises(json.JSONDecodeError):
        client.responses.create(**RESPONSE)


@pytest.mark.proves("base-url-kept")
@pytest.mark.parametrize("address", ["https://example.com", "https://example.com/v1", "https://example.com/a/b"])
def test_the_path_is_added_to_the_base_url_as_it_is(address: str) -> None:
    client, sent = client_of(always(json={}), base_url=address)
    with client:
        client.responses.create(**RESPONSE)
    assert str(sent[0].url) == f"{address}/responses"


@pytest.mark.proves("strict-schema-conversion")
def test_the_sdk_writes_a_strict_schema_but_leaves_dictionaries_open() -> None:
    text = {"type": "output_text", "text": '{"name": "Ada", "friends": {}}', "annotations": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [text]}
    client, sent = client_of(always(json={"id": "resp_1", "output": [message]}))
    with client:
        client.responses.parse(**LUNA, input="Who?", text_format=Person)
    schema = json.loads(sent[0].content)["text"]["format"]["schema"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name", "born", "friends"]
    assert schema["properties"]["friends"]["additionalProperties"] == {"type": "integer"}


class Place(BaseModel):
    town: str
    country: str = "France"


class Journey(BaseModel):
    stops: list[Place]


@pytest.mark.proves("strict-schema-conversion")
def test_classes_inside_a_class_are_strict_too() -> None:
    client, sent = client_of(always(json={"id": "resp_1", "output": []}))
    with client:
        client.responses.parse(**LUNA, input="Where?", text_format=Journey)
    place = json.loads(sent[0].content)["text"]["format"]["schema"]["$defs"]["Place"]
    assert place["additionalProperties"] is False
    assert place["required"] == ["town", "country"]


class Open(BaseModel, extra="allow"):
    name: str


@pytest.mark.proves("strict-schema-conversion")
def test_a_class_that_allows_extra_members_stays_open() -> None:
    client, sent = client_of(always(json={"id": "resp_1", "output": []}))
    with client:
        client.responses.parse(**LUNA, input="Who?", text_format=Open)
    assert json.loads(sent[0].content)["text"]["format"]["schema"]["additionalProperties"] is True


@pytest.mark.proves("strict-schema-conversion")
def test_a_schema_that_is_a_dictionary_is_sent_as_it_is() -> None:
    properties = {"name": {"type": "string", "default": "Ada"}, "place": {"type": "object", "properties": {}}}
    named = {"name": "person", "strict": True, "schema": {"type": "object", "properties": properties}}
    client, sent = client_of(always(json={"id": "resp_1", "output": [], "choices": []}))
    with client:
        create: Any = client.responses.create
        create(**LUNA, input="Who?", text={"format": {"type": "json_schema", **named}})
        create = client.chat.completions.create
        create(**LUNA, messages=[HELLO], response_format={"type": "json_schema", "json_schema": named})
    bodies = [json.loads(request.content) for request in sent]
    assert bodies[0]["text"]["format"] == {"type": "json_schema", **named}
    assert bodies[1]["response_format"]["json_schema"] == named


@pytest.mark.proves("cut-json-validation-error")
def test_cut_json_raises_what_is_no_exception_of_the_sdk(api: Sandbox) -> None:
    ask: dict[str, Any] = RESPONSE | {"reasoning": {"effort": "low"}, "text_format": Known}
    with OpenAI() as client:
        assert client.responses.parse(**ask).status == "completed"
        with pytest.raises(ValidationError, match="Invalid JSON: EOF") as raised:
            client.responses.parse(**ask, max_output_tokens=66)
    assert isinstance(raised.value, ValueError)
    assert not isinstance(raised.value, openai.OpenAIError)


@pytest.mark.proves("openaierror-is-base")
@pytest.mark.parametrize(
    ("fault", "limit", "kind"),
    [
        (None, 20, openai.LengthFinishReasonError),
        ("content_filter", 2000, openai.ContentFilterFinishReasonError),
    ],
)
def test_what_cannot_be_parsed_raises_no_api_error(
    sandbox: Callable[..., Sandbox], fault: str | None, limit: int, kind: type[Any]
) -> None:
    with sandbox(fault), OpenAI() as client, pytest.raises(openai.OpenAIError) as raised:
        client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Known, max_completion_tokens=limit)
    assert type(raised.value) is kind
    assert not issubclass(kind, openai.APIError)
    assert raised.value.completion.usage.completion_tokens <= limit  # type: ignore[attr-defined]


@pytest.mark.proves("openaierror-is-base")
@pytest.mark.parametrize(
    ("reason", "kind"),
    [("length", openai.LengthFinishReasonError), ("content_filter", openai.ContentFilterFinishReasonError)],
)
def test_their_completion_is_what_the_api_answered(reason: str, kind: type[Any]) -> None:
    message = {"role": "assistant", "content": '{"kn'}
    said = {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": reason, "message": message}], "extra": 1}
    client, _ = client_of(always(json=said))
    with client, pytest.raises(kind) as raised:
        client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Known)
    assert raised.value.completion.to_dict() == said


@pytest.mark.proves("openaierror-is-base")
@pytest.mark.parametrize(
    ("reason", "kind"),
    [("length", openai.LengthFinishReasonError), ("content_filter", openai.ContentFilterFinishReasonError)],
)
def test_the_completion_of_a_stream_is_what_arrived_until_then(reason: str, kind: type[Any]) -> None:
    def chunk(text: str, finish: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}

    parts = [chunk('{"kn', None), chunk("own", None), chunk("", reason)]
    content = "".join(f"data: {json.dumps(part)}\n\n" for part in parts).encode()
    client, _ = client_of(always(content=content, headers={"content-type": "text/event-stream"}))
    stream = client.chat.completions.stream(**LUNA, messages=[HELLO], response_format=Known)
    with client, stream as events, pytest.raises(kind) as raised:
        events.until_done()
    assert not issubclass(kind, openai.APIError)
    assert raised.value.completion.choices[0].message.content == '{"known'


@pytest.mark.proves("openaierror-is-base")
@pytest.mark.parametrize(
    ("reason", "kind"),
    [("length", openai.LengthFinishReasonError), ("content_filter", openai.ContentFilterFinishReasonError)],
)
def test_a_stream_of_text_ends_without_them_and_its_completion_raises_them(reason: str, kind: type[Any]) -> None:
    content = b""
    for finish in (None, reason):
        choice = {"index": 0, "delta": {"content": "He"}, "finish_reason": finish}
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        content += f"data: {json.dumps(chunk)}\n\n".encode()
    client, _ = client_of(always(content=content, headers={"content-type": "text/event-stream"}))
    with client, client.chat.completions.stream(**LUNA, messages=[HELLO]) as events:
        events.until_done()
        with pytest.raises(kind):
            events.get_final_completion()


@pytest.mark.proves("openaierror-is-base")
def test_the_completion_may_be_none_for_the_content_filter_only() -> None:
    assert openai.ContentFilterFinishReasonError.__annotations__["completion"] == "ChatCompletion | None"
    assert openai.LengthFinishReasonError.__annotations__["completion"] == "ChatCompletion"


@pytest.mark.proves("failed-no-exception")
def test_a_failed_response_is_a_value() -> None:
    failed = {"id": "resp_1", "status": "failed", "output": [], "error": {"code": "server_error", "message": "Sorry."}}
    client, sent = client_of(always(json=failed))
    with client:
        response: Response = client.responses.create(**RESPONSE)
    assert len(sent) == 1
    assert (response.status, response.output_text) == ("failed", "")
    assert response.error is not None
    assert (response.error.code, response.error.message) == ("server_error", "Sorry.")
    assert {"code", "message"} <= type(response.error).model_fields.keys()


@pytest.mark.proves("base-url-kept", "failed-no-exception", "html-is-str")
@pytest.mark.anyio
async def test_the_asynchronous_client_makes_the_same_of_replies() -> None:
    failed = {"id": "resp_1", "status": "failed", "output": [], "error": {"code": "server_error", "message": "Sorry."}}
    page, broken = b"<h1>Welcome</h1>", always(content=b"<h1>", headers={"content-type": "application/json"})
    transport, sent = transport_of(always(json=failed), always(content=page), always(content=page), broken)
    http = httpx2.AsyncClient(transport=transport)
    async with AsyncOpenAI(base_url="https://example.com", http_client=http) as client:
        response = await client.responses.create(**RESPONSE)
        assert (response.status, response.error and response.error.code) == ("failed", "server_error")
        assert await client.responses.create(**RESPONSE) == page.decode()
        with pytest.raises(AttributeError, match="'str' object has no attribute"):
            await client.responses.parse(**RESPONSE)
        with pytest.raises(json.JSONDecodeError):
            await client.responses.create(**RESPONSE)
    assert {str(request.url) for request in sent} == {"https://example.com/responses"}
