"""What the SDK does with classes and schemas: what it sends, what it returns, and what it raises."""

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass as plain_dataclass
from itertools import accumulate
from typing import Annotated, Any, Literal, TypedDict, get_type_hints

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.responses import (
    ResponseFormatTextJSONSchemaConfigParam,
    ResponseOutputMessage,
    ResponseTextConfigParam,
)
from openai.types.responses.response_create_params import ResponseCreateParamsBase
from openai.types.shared_params.function_definition import FunctionDefinition
from openai.types.shared_params.response_format_json_schema import JSONSchema
from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic.dataclasses import dataclass
from pydantic_core import from_json

from openai_sandbox import Sandbox

from ..good_requests import HELLO, LUNA
from ..made_up_server import always, client_of, transport_of

TEXT = "Alice, Bob, Carol, Dan and Eve go to a fair."
FAST: dict[str, Any] = {"reasoning": {"effort": "none"}}
SLOW: dict[str, Any] = {"reasoning": {"effort": "low"}}


class Event(BaseModel):
    name: str
    participants: list[str]


def sent_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """Return the schema that the SDK sends for a class."""
    client, sent = client_of(always(json={"id": "resp_1", "output": []}))
    with client:
        client.responses.parse(**LUNA, input="Who?", text_format=shape)
    schema: dict[str, Any] = json.loads(sent[0].content)["text"]["format"]["schema"]
    return schema


def written(text: str) -> dict[str, Any]:
    """Return a response with this text."""
    part = {"type": "output_text", "text": text, "annotations": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    return {"id": "resp_1", "status": "completed", "output": [message]}


@pytest.mark.proves("message-phase")
def test_a_comment_is_part_of_the_text_but_is_not_parsed() -> None:
    said = " ".join(inspect.getsource(ResponseOutputMessage).split())
    assert (
        "Labels an `assistant` message as intermediate commentary (`commentary`) or the final answer (`final_answer`)."
        in said
    )
    assert "preserve and resend phase on all assistant messages — dropping it can degrade performance." in said
    comment, answer = "I will look.", '{"name": "fair", "participants": []}'
    reply = written(answer)
    for phase in (None, "final_answer"):
        reply["output"] = [
            {**written(text)["output"][0], "phase": label} for text, label in ((comment, "commentary"), (answer, phase))
        ]
        client, _ = client_of(always(json=reply))
        with client:
            response = client.responses.parse(**LUNA, input=TEXT, text_format=Event)
        assert response.output_text == comment + answer
        assert response.output_parsed == Event(name="fair", participants=[])


@pytest.mark.proves("parse-sends-schema")
def test_both_apis_get_the_name_and_the_schema_of_a_class(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.parse(**LUNA, input=TEXT, text_format=Event)
        client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Event)
    flat, nested = api.requests[0].body["text"]["format"], api.requests[1].body["response_format"]
    assert (flat["type"], flat["name"], flat["strict"]) == ("json_schema", "Event", True)
    assert list(flat["schema"]["properties"]) == ["name", "participants"]
    assert nested == {"type": "json_schema", "json_schema": {key: flat[key] for key in ("name", "strict", "schema")}}


@pytest.mark.proves("parse-sends-schema")
def test_the_properties_are_in_the_order_of_the_class() -> None:
    class Verdict(BaseModel):
        quote: str
        reason: str
        label: str

    assert list(sent_schema(Verdict)["properties"]) == ["quote", "reason", "label"]


@pytest.mark.proves("parse-no-object")
def test_a_refusal_is_a_part_of_the_message(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("refusal"), OpenAI() as client:
        response = client.responses.parse(**LUNA, input=TEXT, text_format=Event)
    assert response.output_parsed is None
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    assert [part.type for part in parts] == ["refusal"]
    assert response.status == "completed"


@pytest.mark.proves("parse-no-object")
def test_a_limit_that_is_reached_while_reasoning_raises_nothing(api: Sandbox) -> None:
    with OpenAI() as client:
        response = client.responses.parse(**LUNA, **SLOW, input=TEXT, text_format=Event, max_output_tokens=16)
    assert response.output_parsed is None
    assert response.status == "incomplete"


@pytest.mark.proves("parse-loses-response")
def test_only_the_raw_response_has_what_cannot_be_parsed(api: Sandbox) -> None:
    ask: dict[str, Any] = LUNA | FAST | {"input": TEXT, "text_format": Event, "max_output_tokens": 16}
    with OpenAI() as client:
        with pytest.raises(ValidationError) as raised:
            client.responses.parse(**ask)
        raw = client.responses.with_raw_response.parse(**ask)
        with pytest.raises(ValidationError):
            raw.parse()
    assert not hasattr(raised.value, "response")
    assert "usage" not in vars(raised.value)
    reply = json.loads(raw.text)
    assert reply["usage"]["output_tokens"] == 16
    assert reply["id"].startswith("resp_")


class Positive(BaseModel):
    total: int

    @field_validator("total")
    @classmethod
    def is_positive(cls, total: int) -> int:
        if total <= 0:
            raise ValueError("must be positive")
        return total


@pytest.mark.proves("parse-runs-validators")
def test_a_validator_is_not_in_the_schema_but_rejects_the_answer() -> None:
    assert sent_schema(Positive)["properties"] == {"total": {"title": "Total", "type": "integer"}}
    client, _ = client_of(always(json=written('{"total": 3}')), always(json=written('{"total": -3}')))
    with client:
        response = client.responses.parse(**LUNA, input="How many?", text_format=Positive)
        assert response.output_parsed == Positive(total=3)
        with pytest.raises(ValidationError, match="must be positive"):
            client.responses.parse(**LUNA, input="How many?", text_format=Positive)


class Described(BaseModel):
    """An event that somebody wants to attend."""

    name: str = Field(description="What it is called")


@pytest.mark.proves("descriptions-sent")
def test_descriptions_and_the_docstring_are_in_the_schema() -> None:
    schema = sent_schema(Described)
    assert schema["description"] == Described.__doc__
    assert schema["properties"]["name"]["description"] == "What it is called"


class Bounded(BaseModel):
    grade: int = Field(ge=0, le=9)
    code: str = Field(pattern="^[A-Z]+$")
    tags: list[str] = Field(min_length=1)
    name: str = Field(min_length=2)


@pytest.mark.proves("constraints-sent")
def test_constraints_are_sent_and_checked() -> None:
    properties = sent_schema(Bounded)["properties"]
    assert (properties["grade"]["minimum"], properties["grade"]["maximum"]) == (0, 9)
    assert properties["code"]["pattern"] == "^[A-Z]+$"
    assert properties["tags"]["minItems"] == 1
    assert properties["name"]["minLength"] == 2
    text = '{"grade": 10, "code": "a", "tags": [], "name": "A"}'
    message = {"role": "assistant", "content": text}
    completion = {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
    asking, _ = client_of(always(json=written(text)))
    chatting, sent = client_of(always(json=completion))
    calls: list[Callable[[], object]] = [
        lambda: asking.responses.parse(**LUNA, input="Which?", text_format=Bounded),
        lambda: chatting.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Bounded),
    ]
    with asking, chatting:
        for call in calls:
            with pytest.raises(ValidationError) as raised:
                call()
            assert [error["loc"] for error in raised.value.errors()] == [("grade",), ("code",), ("tags",), ("name",)]
    assert json.loads(sent[0].content)["response_format"]["json_schema"]["schema"]["properties"] == properties


class Route(BaseModel):
    desk: Literal["billing", "workshop", "other"]


@pytest.mark.proves("labels-as-enum")
def test_labels_are_sent_and_checked_in_both_apis(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.parse(**LUNA, input=TEXT, text_format=Route)
        client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Route)
    flat, nested = api.requests[0].body["text"]["format"], api.requests[1].body["response_format"]["json_schema"]
    for sent in (flat, nested):
        assert sent["schema"]["properties"]["desk"]["enum"] == ["billing", "workshop", "other"]
    other = '{"desk": "Billing department"}'
    client, _ = client_of(always(json=written(other)))
    with client, pytest.raises(ValidationError):
        client.responses.parse(**LUNA, input=TEXT, text_format=Route)
    message = {"role": "assistant", "content": other}
    completion = {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
    client, _ = client_of(always(json=completion))
    with client, pytest.raises(ValidationError):
        client.chat.completions.parse(**LUNA, messages=[HELLO], response_format=Route)


@pytest.mark.proves("labels-as-enum", "parse-no-object")
@pytest.mark.anyio
async def test_the_asynchronous_client_sends_and_checks_labels_too() -> None:
    other, refusal = written('{"desk": "Billing department"}'), written("")
    refusal["output"][0]["content"] = [{"type": "refusal", "refusal": "No."}]
    transport, sent = transport_of(always(json=other), always(json=refusal))
    async with openai.AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        with pytest.raises(ValidationError):
            await client.responses.parse(**LUNA, input=TEXT, text_format=Route)
        assert (await client.responses.parse(**LUNA, input=TEXT, text_format=Route)).output_parsed is None
    schema = json.loads(sent[0].content)["text"]["format"]["schema"]
    assert schema["properties"]["desk"]["enum"] == ["billing", "workshop", "other"]


class Refund(BaseModel):
    kind: Literal["refund"]


class Exchange(BaseModel):
    kind: Literal["exchange"]


class Plain(BaseModel):
    wish: Refund | Exchange


class Discriminated(BaseModel):
    wish: Annotated[Refund | Exchange, Field(discriminator="kind")]


@pytest.mark.proves("union-schema")
def test_a_discriminator_makes_another_keyword() -> None:
    plain, discriminated = (sent_schema(shape)["properties"]["wish"] for shape in (Plain, Discriminated))
    assert "anyOf" in plain
    assert "oneOf" not in plain
    assert "oneOf" in discriminated
    assert "anyOf" not in discriminated
    for shape, sent in ((Plain, plain), (Discriminated, discriminated)):
        (keyword,) = {"anyOf", "oneOf"} & sent.keys()
        assert sent[keyword] == shape.model_json_schema()["properties"]["wish"][keyword], "it is as Pydantic wrote it"


@pytest.mark.proves("stream-partial-objects")
def test_events_have_what_was_written_so_far(api: Sandbox) -> None:
    with OpenAI() as client:
        with client.responses.stream(**LUNA, **FAST, input=TEXT, text_format=Event) as stream:
            deltas = [event for event in stream if event.type == "response.output_text.delta"]
            texts = [event.snapshot for event in deltas]
        messages: Any = [{"role": "user", "content": TEXT}]
        with client.chat.completions.stream(**LUNA, messages=messages, response_format=Event) as chunks:
            events = [event for event in chunks if event.type == "content.delta"]
            completion = chunks.get_final_completion()
    assert texts == list(accumulate(event.delta for event in deltas))
    assert [event.snapshot for event in events] == list(accumulate(event.delta for event in events))
    assert Event.model_validate_json(texts[-1]).name == "fair"
    objects: list[Any] = [event.parsed for event in events]
    expected = [from_json(event.snapshot, allow_partial=True) if event.snapshot else None for event in events]
    assert objects == expected
    assert {type(part) for part in objects} == {dict, type(None)}
    assert {"name": "fair"} in objects
    assert completion.choices[0].message.parsed == Event.model_validate(objects[-1])


@pytest.mark.proves("partial-json")
def test_json_that_is_cut_off_can_be_read() -> None:
    text = '{"name": "fair", "participants": ["Alice", "Bo'
    assert from_json(text, allow_partial=True) == {"name": "fair", "participants": ["Alice"]}
    assert from_json('{"na', allow_partial=True) == {}
    assert from_json('{"cents": 19', allow_partial=True) == {"cents": 19}
    assert from_json('{"euros": 19.9', allow_partial=True) == {"euros": 19.9}
    for text_of_no_number in ("-", "19.", "1e"):
        assert from_json('{"cents": ' + text_of_no_number, allow_partial=True) == {}
    for comment in ("Let me look.", "I will look.", "No date is given.", ""):
        with pytest.raises(ValueError, match=r"expected|EOF"):
            from_json(comment, allow_partial=True)
    assert from_json('12 people, {"name": "fair"}', allow_partial=True) == 12
    with pytest.raises(ValueError, match="EOF"):
        from_json(text)


@pytest.mark.proves("stream-cut-object", "failed-is-yielded")
@pytest.mark.anyio
async def test_a_stream_that_is_cut_off_raises_at_its_end(api: Sandbox) -> None:
    ask: dict[str, Any] = LUNA | {"input": TEXT, "text_format": Event, "max_output_tokens": 16}
    with OpenAI() as client:
        seen: list[str] = []
        with client.responses.stream(**ask, **FAST) as stream, pytest.raises(ValidationError, match="EOF"):
            seen.extend(event.type for event in stream)
        assert "response.output_text.delta" in seen
        assert "response.incomplete" not in seen
        with client.responses.stream(**ask, **SLOW) as stream:
            assert [event.type for event in stream][-1] == "response.incomplete"
            with pytest.raises(RuntimeError, match=r"response\.completed"):
                stream.get_final_response()
    async with AsyncOpenAI() as later, later.responses.stream(**ask, **FAST) as events:
        with pytest.raises(ValidationError, match="EOF"):
            assert "response.incomplete" not in [event.type async for event in events]


@pytest.mark.proves("previous-id-none")
def test_no_previous_response_is_sent_as_null(api: Sandbox) -> None:
    assert type(None) in get_type_hints(ResponseCreateParamsBase)["previous_response_id"].__args__
    with OpenAI() as client:
        assert client.responses.create(**LUNA, input="Say hello", previous_response_id=None).status == "completed"
    assert api.requests[0].body["previous_response_id"] is None


@pytest.mark.proves("json-mode-older")
def test_json_mode_is_not_recommended_says_the_documentation() -> None:
    said = " ".join(inspect.getsource(ResponseTextConfigParam).split())
    assert (
        '**Not recommended for gpt-4o and newer models:** Setting to `{ "type": "json_object" }` enables the older '
        "JSON mode, which ensures the message the model generates is valid JSON." in said
    )


@plain_dataclass
class PlainFair:
    name: str


class TypedFair(TypedDict):
    name: str


@pytest.mark.proves("text-format-class")
@pytest.mark.parametrize("whole", [list[Event], dict, int, object, PlainFair, TypedFair])
def test_a_list_and_a_class_without_a_schema_are_not_taken(api: Sandbox, whole: Any) -> None:
    with OpenAI() as client, pytest.raises(TypeError, match="Unsupported response_format type"):
        client.responses.parse(**LUNA, input=TEXT, text_format=whole)
    assert not api.requests


@pytest.mark.proves("text-format-class")
def test_a_class_and_a_format_in_text_are_not_taken_together(api: Sandbox) -> None:
    with OpenAI() as client, pytest.raises(TypeError, match=r"Cannot mix and match text\.format with text_format"):
        client.responses.parse(**LUNA, input=TEXT, text_format=Event, text={"format": {"type": "json_object"}})
    assert not api.requests


@dataclass
class Fair:
    name: str


@pytest.mark.proves("text-format-class")
def test_a_dataclass_of_pydantic_is_taken() -> None:
    client, _ = client_of(always(json=written('{"name": "fair"}')))
    with client:
        assert client.responses.parse(**LUNA, input=TEXT, text_format=Fair).output_parsed == Fair("fair")


@pytest.mark.proves("parse-no-object")
def test_a_call_alone_is_no_object() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get", "arguments": "{}"}
    client, _ = client_of(always(json={"id": "resp_1", "status": "completed", "output": [call]}))
    tool = {"type": "function", "name": "get", "parameters": {}, "strict": True}
    with client:
        for tools in ([], [tool]):
            ask: dict[str, Any] = LUNA | {"input": TEXT, "text_format": Event, "tools": tools}
            assert client.responses.parse(**ask).output_parsed is None


class Named(BaseModel):
    name: str


def test_another_class_may_read_the_answer_and_is_not_sent() -> None:
    client, sent = client_of(always(json=written('{"name": "fair", "participants": []}')))
    ask: dict[str, Any] = LUNA | {"input": TEXT, "text_format": Event}
    with client:
        for parse_as, expected in ((Named, Named(name="fair")), (None, None)):
            assert client.responses.parse(**ask, parse_as=parse_as).output_parsed == expected
    bodies = [json.loads(request.content) for request in sent]
    assert [body["text"]["format"]["name"] for body in bodies] == ["Event", "Event"]
    assert not [body for body in bodies if "parse_as" in body]


class Arguments(BaseModel):
    city: str


GET: dict[str, Any] = {"type": "function", "name": "get", "parameters": {}}


@pytest.mark.proves("parsed-arguments")
@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        (openai.pydantic_function_tool(Arguments, name="get"), Arguments(city="Oslo")),
        (openai.pydantic_responses_function_tool(Arguments, name="get"), Arguments(city="Oslo")),
        ({**GET, "strict": True}, {"city": "Oslo"}),
        ({**GET, "strict": False}, None),
        (GET, None),
    ],
)
def test_arguments_are_parsed_for_a_class_and_in_strict_mode(tool: Any, expected: object) -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get", "arguments": '{"city": "Oslo"}'}
    client, sent = client_of(always(json={"id": "resp_1", "status": "completed", "output": [call]}))
    with client:
        (item,) = client.responses.parse(**LUNA, input="Weather?", tools=[tool]).output
    (offered,) = json.loads(sent[0].content)["tools"]
    assert (offered["type"], offered["name"]) == ("function", "get"), "both forms are sent as that of Responses"
    assert item.type == "function_call"
    assert item.parsed_arguments == expected


@pytest.mark.proves("strict-flag")
def test_strict_means_the_exact_schema_says_the_documentation() -> None:
    said = " ".join(inspect.getsource(ResponseFormatTextJSONSchemaConfigParam).split())
    assert (
        "If set to true, the model will always follow the exact schema defined in the `schema` field. Only a subset of "
        "JSON Schema is supported when `strict` is `true`." in said
    )
    assert (
        "If set to true, the model will follow the exact schema defined in the `parameters` field. Only a subset of "
        "JSON Schema is supported when `strict` is `true`." in " ".join(inspect.getsource(FunctionDefinition).split())
    )


@pytest.mark.proves("format-name")
@pytest.mark.parametrize("shape", [ResponseFormatTextJSONSchemaConfigParam, JSONSchema])
def test_a_name_has_up_to_64_characters_says_the_documentation(shape: type) -> None:
    said = " ".join(inspect.getsource(shape).split())
    assert "Must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64." in said


@pytest.mark.proves("format-default")
def test_the_default_is_text_says_the_documentation() -> None:
    said = " ".join(inspect.getsource(ResponseTextConfigParam).split())
    assert 'The default format is `{ "type": "text" }` with no additional options.' in said


@pytest.mark.proves("finish-reasons")
def test_a_cut_chat_completion_raises_and_keeps_the_completion(api: Sandbox) -> None:
    with OpenAI() as client, pytest.raises(openai.LengthFinishReasonError) as raised:
        messages: Any = [{"role": "user", "content": TEXT}]
        client.chat.completions.parse(
            **LUNA, messages=messages, reasoning_effort="none", response_format=Event, max_completion_tokens=16
        )
    assert raised.value.completion.choices[0].finish_reason == "length"


@pytest.mark.proves("cut-json-validation-error", "message-phase", "parse-loses-response", "parse-runs-validators")
@pytest.mark.proves("parse-no-object", "parse-sends-schema", "parsed-arguments", "text-format-class")
@pytest.mark.anyio
async def test_the_asynchronous_client_parses_like_the_other_one() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get", "arguments": '{"city": "Oslo"}'}
    comment = written("I will look.")["output"][0] | {"phase": "commentary"}
    both = {"id": "resp_1", "output": [comment, *written('{"total": 3}')["output"]]}
    cut, below = written('{"tot'), written('{"total": -3}')
    replies = ({"id": "resp_1", "output": [call]}, both, below, cut, cut)
    transport, sent = transport_of(*(always(json=reply) for reply in replies))
    ask: dict[str, Any] = LUNA | {"input": "How many?", "text_format": Positive}
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        with pytest.raises(TypeError, match="Unsupported response_format type"):
            await client.responses.parse(**ask | {"text_format": list[Positive]})
        assert not sent
        called = await client.responses.parse(**ask | {"tools": [{**GET, "strict": True}]})
        assert called.output_parsed is None
        assert called.output[0].to_dict()["parsed_arguments"] == {"city": "Oslo"}
        assert (await client.responses.parse(**ask)).output_parsed == Positive(total=3)
        with pytest.raises(ValidationError, match="must be positive"):
            await client.responses.parse(**ask)
        with pytest.raises(ValidationError, match="EOF"):
            await client.responses.parse(**ask)
        raw = await client.responses.with_raw_response.parse(**ask)
        with pytest.raises(ValidationError, match="EOF"):
            raw.parse()
    assert json.loads(raw.text) == cut
    formats = [json.loads(request.content)["text"]["format"] for request in sent]
    assert all((each["name"], each["strict"]) == ("Positive", True) for each in formats)
