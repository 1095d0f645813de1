"""How the SDK continues a conversation: what it sends, and what its documentation says of the rest."""

import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any, cast, get_overloads

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.resources.conversations import Conversations
from openai.resources.conversations.items import Items
from openai.resources.responses import Responses
from openai.types.responses import ResponseInputItemParam, ResponseOutputItem, ResponseReasoningItem
from pydantic import BaseModel, TypeAdapter

from openai_sandbox import Sandbox

from ..good_requests import LUNA
from ..made_up_server import always, client_of, transport_of


def documentation(method: Callable[..., object]) -> str:
    """Return a method's documentation, or that of its overloads, on one line."""
    described = [method, *get_overloads(method)]
    return " ".join(" ".join(inspect.getdoc(each) or "" for each in described).split())


@pytest.mark.proves("previous-id-sends-only-new")
def test_a_continued_call_sends_an_id_and_the_new_input(api: Sandbox) -> None:
    with OpenAI() as client:
        first = client.responses.create(**LUNA, instructions="Answer in one sentence.", input="Why is the sky blue?")
        client.responses.create(**LUNA, previous_response_id=first.id, input="And why is it red at sunset?")
    sent = LUNA | {"previous_response_id": first.id, "input": "And why is it red at sunset?"}
    assert api.requests[1].body == sent


@pytest.mark.proves("output-can-be-sent-back")
def test_output_goes_back_as_it_came(api: Sandbox) -> None:
    with OpenAI() as client:
        raw = client.responses.with_raw_response.create(**LUNA, input="Say hello")
        history: Any = [*raw.parse().output, {"role": "user", "content": "Give me an example"}]
        client.responses.create(**LUNA, input=history)
    assert api.requests[1].body["input"][:-1] == raw.http_response.json()["output"]
    assert [item["type"] for item in api.requests[1].body["input"][:-1]] == ["reasoning", "message"]


def sent_back(items: list[dict[str, Any]], form: Callable[[Any], Any] = lambda item: item) -> Any:
    """Answer with items, and return what the SDK sends when they are the input of the next call, each in a form."""
    client, sent = client_of(always(json={"id": "resp_1", "output": items}))
    with client:
        output = client.responses.create(**LUNA, input="Say hello").output
        client.responses.create(**LUNA, input=[form(item) for item in output])
    return json.loads(sent[1].content)["input"]


@pytest.mark.proves("encrypted-reasoning")
def test_reasoning_comes_encrypted_by_default_says_the_documentation() -> None:
    said = " ".join(inspect.getsource(ResponseReasoningItem).partition("encrypted_content: ")[2].split())
    assert said.startswith(
        'Optional[str] = None """The encrypted content of the reasoning item. This is populated by default for '
        "reasoning items returned by `POST /v1/responses`"
    )


@pytest.mark.proves("output-can-be-sent-back")
def test_a_null_goes_back_as_a_null() -> None:
    item: dict[str, Any] = {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": None}
    assert sent_back([item]) == [item]


@pytest.mark.proves("created-by-output-only")
def test_ten_types_of_output_items_have_a_member_that_no_input_item_has() -> None:
    outputs = TypeAdapter[Any](ResponseOutputItem).json_schema()["$defs"].values()
    fields = [schema["properties"] for schema in outputs if "created_by" in schema["properties"]]
    items = {each["type"]["const"] for each in fields if "type" in each and "id" in each}
    assert {"tool_search_call", "tool_search_output", "compaction"} < items
    assert {"shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output"} < items
    assert len(items) == 10

    def members(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from schema.get("properties", ())
        for below in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            yield from members(below)

    names = set(members(TypeAdapter[Any](ResponseInputItemParam).json_schema()))
    assert names > {"call_id", "encrypted_content"}
    assert "created_by" not in names


WITH_CREATOR: list[dict[str, Any]] = [
    {"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA", "created_by": "user_1"},
    {"type": "apply_patch_call", "id": "apc_1", "call_id": "call_1", "status": "completed", "created_by": "user_1"},
]


@pytest.mark.proves("output-can-be-sent-back", "items-to-dict")
def test_created_by_goes_back_if_it_came() -> None:
    assert sent_back(WITH_CREATOR) == WITH_CREATOR
    assert sent_back(WITH_CREATOR, lambda item: item.to_dict()) == WITH_CREATOR


ASYNC_TOOL = {"type": "function", "name": "f", "parameters": {}, "strict": True, "async": True}
ASYNC_ITEMS: list[dict[str, Any]] = [
    {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}", "async": True},
    {"type": "custom_tool_call", "call_id": "call_2", "name": "g", "input": "", "async": False},
    {"type": "tool_search_output", "id": "ts_1", "status": "completed", "execution": "server", "tools": [ASYNC_TOOL]},
]
RENAMED: Any = json.loads(json.dumps(ASYNC_ITEMS).replace('"async"', '"async_"'))


@pytest.mark.proves("output-can-be-sent-back")
def test_async_goes_back_under_the_name_of_the_attribute() -> None:
    assert sent_back(ASYNC_ITEMS) == RENAMED


@pytest.mark.proves("output-can-be-sent-back")
@pytest.mark.anyio
async def test_what_parse_added_does_not_go_back() -> None:
    text = {"type": "output_text", "text": '{"hello": "Ada"}', "annotations": []}
    items = [
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [text]},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{}"},
    ]
    answer = always(json={"id": "resp_1", "output": items})
    client, sent = client_of(answer)
    with client:
        parsed = client.responses.parse(**LUNA, input="Say hello", text_format=Greeting)
        assert parsed.output_parsed == Greeting(hello="Ada")
        output: Any = parsed.output
        client.responses.create(**LUNA, input=output)
    transport, sent_too = transport_of(answer)
    async with openai.AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as asynchronous:
        await asynchronous.responses.create(**LUNA, input=output)
    assert json.loads(sent[-1].content)["input"] == json.loads(sent_too[-1].content)["input"] == items


@pytest.mark.proves("items-dump")
def test_model_dump_renames_async() -> None:
    client, _ = client_of(always(json={"id": "resp_1", "output": ASYNC_ITEMS}))
    with client:
        output = client.responses.create(**LUNA, input="Say hello").output
    assert [item.model_dump(exclude_unset=True) for item in output] == RENAMED
    assert [item.model_dump(exclude_unset=True, by_alias=True) for item in output] == ASYNC_ITEMS
    for item, sent in zip(output, ASYNC_ITEMS, strict=True):
        dumped = item.model_dump(by_alias=True)
        assert {dumped[member] for member in dumped.keys() - sent.keys()} == {None}


@pytest.mark.proves("items-to-dict")
def test_an_item_as_a_dict_is_what_the_api_sent(api: Sandbox) -> None:
    client, sent = client_of(always(json={"id": "resp_1", "output": ASYNC_ITEMS}))
    with client:
        plain: Any = [item.to_dict() for item in client.responses.create(**LUNA, input="Say hello").output]
        client.responses.create(**LUNA, input=plain)
    assert json.loads(json.dumps(plain)) == ASYNC_ITEMS
    assert json.loads(sent[1].content)["input"] == ASYNC_ITEMS

    with OpenAI() as client:
        raw = client.responses.with_raw_response.create(**LUNA, input="Say hello")
        stored: Any = json.loads(json.dumps([item.to_dict() for item in raw.parse().output]))
        client.responses.create(**LUNA, input=[*stored, {"role": "user", "content": "Give me an example"}])
    assert stored == raw.http_response.json()["output"]
    assert api.requests[1].body["input"][:-1] == stored


class Greeting(BaseModel):
    hello: str


@pytest.mark.proves("items-dump")
def test_after_parse_the_plain_data_has_members_that_the_api_did_not_send() -> None:
    text = {"type": "output_text", "text": '{"hello": "Ada"}', "annotations": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [text]}
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{}"}
    client, _ = client_of(always(json={"id": "resp_1", "output": [message, call]}))
    with client:
        output = client.responses.parse(**LUNA, input="Say hello", text_format=Greeting).output
    for dumped, dumped_call in (
        [item.to_dict() for item in output],
        [item.model_dump(exclude_unset=True) for item in output],
    ):
        (part,) = cast("list[dict[str, object]]", dumped["content"])
        assert part.pop("parsed") == {"hello": "Ada"}
        assert "parsed_arguments" in dumped_call
        del dumped_call["parsed_arguments"]
        assert [dumped, dumped_call] == [message, call], "without the two, it is what the API sent"


@pytest.mark.proves("items-paged")
def test_a_loop_over_items_fetches_page_after_page(api: Sandbox) -> None:
    batch: Any = [{"role": "user", "content": "Say hello"}] * 20
    asked: list[httpx2.Request] = []
    with OpenAI(http_client=openai.DefaultHttpxClient(event_hooks={"request": [asked.append]})) as client:
        id = client.conversations.create(items=batch).id
        client.conversations.items.create(id, items=batch)
        client.conversations.items.create(id, items=batch[:5])
        ids = [item.id for item in client.conversations.items.list(id)]
    assert len(set(ids)) == 45
    pages = [(request.method, dict(request.url.params)) for request in asked[3:]]
    assert pages == [("GET", {}), ("GET", {"after": ids[19]}), ("GET", {"after": ids[39]})]


@pytest.mark.proves("chat-has-no-state")
def test_chat_completions_has_no_parameter_for_earlier_turns() -> None:
    chat = inspect.signature(openai.resources.chat.Completions.create).parameters
    responses = inspect.signature(Responses.create).parameters
    state = {"previous_response_id", "conversation"}
    assert not state & chat.keys()
    assert state <= responses.keys()


@pytest.mark.proves("responses-compact")
def test_the_sdk_can_compact() -> None:
    assert callable(Responses.compact)
    assert "context_management" in inspect.signature(Responses.create).parameters


@pytest.mark.proves("previous-or-conversation")
def test_a_previous_response_and_a_conversation_exclude_each_other() -> None:
    assert "Cannot be used in conjunction with `conversation`." in documentation(Responses.create)


@pytest.mark.proves("conversation-items-added")
def test_input_and_output_are_added_to_the_conversation() -> None:
    said = documentation(Responses.create)
    assert "Items from this conversation are prepended to `input_items` for this response request." in said
    assert "are automatically added to this conversation after this response completes." in said


@pytest.mark.proves("store-default")
def test_responses_are_stored_by_default() -> None:
    said = documentation(Responses.create)
    assert "Defaults to true when omitted. If set to true, response data will be stored for at least 30 days" in said
    assert "at least 30 days, subject to the" in said


@pytest.mark.proves("truncation-default")
def test_what_exceeds_the_context_window_fails_by_default() -> None:
    said = documentation(Responses.create)
    assert (
        "`disabled` (default): If the input size will exceed the context window size for a model, the request will "
        "fail with a 400 error." in said
    )
    assert "by dropping items from the beginning of the conversation" in said
    assert "On some models, trimming can begin earlier" in said


@pytest.mark.proves("conversation-20-items")
def test_items_are_added_20_at_a_time() -> None:
    assert "You may add up to 20 items at a time." in documentation(Items.create)


@pytest.mark.proves("items-newest-first")
def test_items_come_newest_first_20_to_a_page() -> None:
    said = documentation(Items.list)
    assert "Limit can range between 1 and 100, and the default is 20." in said
    assert "The order to return the input items in. Default is `desc`." in said


@pytest.mark.proves("conversation-delete-keeps-items")
def test_deleting_a_conversation_keeps_its_items() -> None:
    assert "Items in the conversation will not be deleted." in documentation(Conversations.delete)
