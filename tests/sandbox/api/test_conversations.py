"""Conversations and their items through the real SDK, and responses that belong to one."""

from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types.conversations import Conversation, ConversationDeletedResource, ConversationItem, ConversationItemList
from openai.types.conversations.message import Message
from openai.types.responses import Response
from pydantic import TypeAdapter

from openai_sandbox import Sandbox

from ...good_requests import CONVERSATIONS, HELLO, LUNA, RESPONSE, RESPONSES
from ..client import Ask

NAMED: Any = {"role": "user", "content": "My name is Ada. I am learning Python."}


def texts(client: OpenAI, id: str, **query: Any) -> list[str]:
    return [
        "".join(part.text for part in item.content if part.type in ("input_text", "output_text"))
        for item in client.conversations.items.list(id, **query)
        if isinstance(item, Message)
    ]


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Ask) -> None:
    made = client("POST", CONVERSATIONS, json={"items": [HELLO], "metadata": {"topic": "demo"}}).json()
    conversation = Conversation.model_validate(made, strict=True)
    assert conversation.id.startswith("conv_")
    path = f"/v1/conversations/{conversation.id}"
    assert client("GET", path).json() == made
    reply = client("POST", RESPONSES, json=LUNA | {"input": "Say hello", "conversation": conversation.id})
    response = Response.model_validate(reply.json(), strict=True)
    assert response.conversation
    assert response.conversation.id == conversation.id
    items = client("GET", f"{path}/items").json()
    ConversationItemList.model_validate(items, strict=True)
    one = client("GET", f"{path}/items/{items['first_id']}").json()
    TypeAdapter[Any](ConversationItem).validate_python(one, strict=True)
    added = client("POST", f"{path}/items", json={"items": [{"role": "assistant", "content": "Hi."}]}).json()
    ConversationItemList.model_validate(added, strict=True)
    left = client("DELETE", f"{path}/items/{items['first_id']}").json()
    Conversation.model_validate(left, strict=True)
    ConversationDeletedResource.model_validate(client("DELETE", path).json(), strict=True)


def test_a_conversation_can_start_with_an_empty_body(client: Ask) -> None:
    assert client("POST", CONVERSATIONS).json()["metadata"] == {}


@pytest.mark.simulates("conversation-items")
def test_items_of_input_and_output_are_added_and_read_by_the_next_call(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create().id
    openai_client.responses.create(**LUNA, conversation=id, input="My name is Ada. I am learning Python.")
    answer = openai_client.responses.create(**LUNA, conversation={"id": id}, input="What is my name?")
    assert "Ada" in answer.output_text
    kinds = [item.type for item in openai_client.conversations.items.list(id, order="asc")]
    assert kinds == ["message", "reasoning", "message"] * 2
    assert texts(openai_client, id, order="asc")[-2:] == ["What is my name?", answer.output_text]


def test_a_streamed_response_and_one_that_is_not_stored_belong_to_it_too(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create(items=[NAMED]).id
    events = list(openai_client.responses.create(**LUNA, conversation=id, input="Say hello", stream=True, store=False))
    assert events[-1].type == "response.completed"
    assert texts(openai_client, id)[0] == events[-1].response.output_text


def test_a_chain_can_leave_a_conversation_and_outlives_it(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create(items=[NAMED]).id
    first = openai_client.responses.create(**LUNA, conversation=id, input="Say hello")
    openai_client.conversations.delete(id)
    second = openai_client.responses.create(**LUNA, previous_response_id=first.id, input="What is my name?")
    assert "Ada" in second.output_text


def test_a_deleted_item_is_no_longer_read(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create(items=[NAMED]).id
    (item,) = openai_client.conversations.items.list(id)
    assert item.id
    openai_client.conversations.items.delete(item.id, conversation_id=id)
    answer = openai_client.responses.create(**LUNA, conversation=id, input="What is my name?")
    assert "Ada" not in answer.output_text


@pytest.mark.parametrize("earlier", [False, True])
def test_two_items_with_one_id_are_refused(client: Ask, earlier: bool) -> None:
    item = {"role": "user", "content": "Hi", "id": "msg_1"}
    id = client("POST", CONVERSATIONS, json={"items": [item] if earlier else []}).json()["id"]
    reply = client("POST", f"{CONVERSATIONS}/{id}/items", json={"items": [item] if earlier else [item, item]})
    problem = "Duplicate item found with id msg_1. Remove duplicate items from your input and try again."
    assert (reply.status_code, reply.json()["error"]["message"]) == (400, problem)
    assert len(client("GET", f"{CONVERSATIONS}/{id}/items").json()["data"]) == earlier
    assert client("POST", CONVERSATIONS, json={"items": [item, item]}).status_code == 400


def test_an_output_that_names_no_call_does_not_get_into_a_conversation(client: Ask) -> None:
    body = {"items": [{"type": "function_call_output", "output": "4"}]}
    id = client("POST", CONVERSATIONS).json()["id"]
    for path in (CONVERSATIONS, f"{CONVERSATIONS}/{id}/items"):
        refused = client("POST", path, json=body)
        assert (refused.status_code, refused.json()["error"]["param"]) == (400, "items[0].call_id")
    assert client("POST", RESPONSES, json=RESPONSE | {"conversation": id}).status_code == 200


def test_an_item_that_came_before_is_not_sent_again(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**RESPONSE)
    again: Any = [first.output[-1].model_dump(exclude_none=True), {"role": "user", "content": "Hi"}]
    with pytest.raises(BadRequestError, match=f"Duplicate item found with id {first.output[-1].id}"):
        openai_client.responses.create(model="gpt-6-luna", input=again, previous_response_id=first.id)
    before: Any = [item.model_dump(exclude_none=True) for item in first.output[:-1]]
    assert openai_client.responses.create(model="gpt-6-luna", input=[*before, *again]).output_text


def test_metadata_is_replaced(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create(metadata={"a": "1"}).id
    assert openai_client.conversations.update(id, metadata={"b": "2"}).metadata == {"b": "2"}
    assert openai_client.conversations.update(id, metadata=None).metadata == {}


def test_pages_go_forward_from_a_cursor_in_both_orders(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create().id
    for number in range(3):
        batch: Any = [{"role": "user", "content": f"{number}.{i}"} for i in range(10)]
        openai_client.conversations.items.create(id, items=batch)
    page = openai_client.conversations.items.list(id)
    assert len(page.data) == 20
    assert page.has_next_page()
    assert texts(openai_client, id)[:2] == ["2.9", "2.8"]
    assert texts(openai_client, id, order="asc", limit=7) == [f"{n}.{i}" for n in range(3) for i in range(10)]


def test_an_unknown_conversation_is_not_found_on_every_route(client: Ask) -> None:
    for method, path in [
        ("GET", ""), ("POST", ""), ("DELETE", ""), ("GET", "/items"), ("POST", "/items"), ("GET", "/items/msg_1"),
        ("DELETE", "/items/msg_1"),
    ]:  # fmt: skip
        reply = client(method, f"/v1/conversations/conv_no{path}", **({"json": {}} if method == "POST" else {}))
        assert reply.status_code == 404
        assert reply.json()["error"]["message"] == "Conversation with id 'conv_no' not found."


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0", "integer_below_min_value", "limit"),
        ("limit=101", "integer_above_max_value", "limit"),
        ("limit=many", "invalid_type", "limit"),
        (f"limit={'9' * 5000}", "invalid_type", "limit"),
        ("limit=%C2%B2", "invalid_type", "limit"),
        ("order=newest", "invalid_value", "order"),
        ("after=msg_no", None, None),
    ],
)
def test_a_bad_query_is_refused(client: Ask, query: str, code: str | None, param: str | None) -> None:
    id = client("POST", CONVERSATIONS, json={"items": [HELLO]}).json()["id"]
    error = client("GET", f"/v1/conversations/{id}/items?{query}").json()["error"]
    assert (error["code"], error["param"]) == (code, param)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"items": [HELLO] * 21}, "array_above_max_length", "items"),
        ({"items": [{"role": "king", "content": "x"}]}, "invalid_value", "items[0]"),
        ({"items": "hello"}, "invalid_type", "items"),
        ({"metadata": {"a": 1}}, "invalid_type", "metadata.a"),
        ({"name": "x"}, "unknown_parameter", "name"),
    ],
)
def test_a_bad_body_is_refused(client: Ask, body: Any, code: str, param: str) -> None:
    reply = client("POST", CONVERSATIONS, json=body)
    assert reply.status_code == 400
    assert (reply.json()["error"]["code"], reply.json()["error"]["param"]) == (code, param)


def test_items_and_metadata_are_required_where_they_are_all_there_is(client: Ask) -> None:
    id = client("POST", CONVERSATIONS).json()["id"]
    assert client("POST", f"/v1/conversations/{id}", json={}).json()["error"]["param"] == "metadata"
    assert client("POST", f"/v1/conversations/{id}/items", json={}).json()["error"]["param"] == "items"
    assert client("POST", f"/v1/conversations/{id}/items", json={"items": []}).json()["error"]["code"] == "empty_array"


def test_a_conversation_and_a_previous_response_exclude_each_other(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create().id
    first = openai_client.responses.create(**LUNA, input="Say hello")
    with pytest.raises(BadRequestError) as caught:
        openai_client.responses.create(**LUNA, input="Hi", conversation=id, previous_response_id=first.id)
    assert caught.value.code == "mutually_exclusive_parameters"


def test_a_deleted_conversation_is_not_found(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create().id
    openai_client.conversations.delete(id)
    with pytest.raises(NotFoundError, match=f"Conversation with id '{id}' not found"):
        openai_client.responses.create(**LUNA, input="Hi", conversation=id)


def test_an_unknown_item_is_not_found(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create().id
    with pytest.raises(NotFoundError, match="Item with id 'msg_no' not found"):
        openai_client.conversations.items.retrieve("msg_no", conversation_id=id)


def test_the_journal_keeps_what_was_sent(client: Ask, api: Sandbox) -> None:
    content = {"type": "output_text", "text": "Hi.", "annotations": []}
    sent = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [content]}
    assert client("POST", CONVERSATIONS, json={"items": [sent]}).status_code == 200
    assert api.requests[-1].body == {"items": [sent]}
