"""Chat completions are stored where asked, and can be read, changed, listed and deleted."""

import pytest
from openai import NotFoundError, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionStoreMessage

from ...good_requests import CHAT, COMPLETION, HELLO
from ..client import Ask


def made(client: OpenAI, model: str = "gpt-6-luna", **options: object) -> ChatCompletion:
    completion: ChatCompletion = client.chat.completions.create(
        model=model,
        messages=[HELLO],
        store=True,
        **options,  # type: ignore[call-overload]
    )
    return completion


@pytest.mark.simulates("stored-completions")
def test_a_completion_is_stored_only_where_asked(openai_client: OpenAI) -> None:
    kept = made(openai_client, metadata={"topic": "hello"})
    again = openai_client.chat.completions.retrieve(kept.id)
    assert again.choices == kept.choices
    assert again.metadata == {"topic": "hello"}
    lost = openai_client.chat.completions.create(model="gpt-6-luna", messages=[HELLO])
    with pytest.raises(NotFoundError, match=lost.id):
        openai_client.chat.completions.retrieve(lost.id)


def test_completions_are_listed_by_model_and_metadata(openai_client: OpenAI) -> None:
    first, second = made(openai_client, metadata={"n": "1"}), made(openai_client, metadata={"n": "2"})
    other = made(openai_client, "gpt-4.1")
    listed = openai_client.chat.completions.list
    assert [one.id for one in listed()] == [first.id, second.id, other.id]
    assert [one.id for one in listed(limit=1)] == [first.id, second.id, other.id], "pages follow each other"
    assert [one.id for one in listed(order="desc")] == [other.id, second.id, first.id]
    assert [one.id for one in listed(model=other.model)] == [other.id]
    assert [one.id for one in listed(metadata={"n": "2"})] == [second.id]


def test_metadata_is_replaced_and_a_deleted_completion_is_gone(openai_client: OpenAI) -> None:
    kept = made(openai_client, metadata={"a": "1"})
    assert openai_client.chat.completions.update(kept.id, metadata={"b": "2"}).metadata == {"b": "2"}
    assert openai_client.chat.completions.delete(kept.id).deleted
    for gone in (openai_client.chat.completions.retrieve, openai_client.chat.completions.delete):
        with pytest.raises(NotFoundError):
            gone(kept.id)
    with pytest.raises(NotFoundError):
        openai_client.chat.completions.update(kept.id, metadata={})


def test_the_messages_of_a_completion_can_be_listed(openai_client: OpenAI) -> None:
    kept = made(openai_client)
    (message,) = openai_client.chat.completions.messages.list(kept.id)
    assert (message.role, message.content) == ("user", "Say hello")


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Ask) -> None:
    body = {"model": "gpt-6-luna", "messages": [HELLO], "store": True, "metadata": {"a": "b"}}
    id = client("POST", CHAT, json=body).json()["id"]
    ChatCompletion.model_validate(client("GET", f"/v1/chat/completions/{id}").json(), strict=True)
    for row in client("GET", CHAT).json()["data"]:
        ChatCompletion.model_validate(row, strict=True)
    for row in client("GET", f"/v1/chat/completions/{id}/messages").json()["data"]:
        assert row["role"] == "user", "the SDK's type knows only answers, but what is listed are questions"
        ChatCompletionStoreMessage.model_validate(row | {"role": "assistant"}, strict=True)


@pytest.mark.parametrize("body", [{}, {"metadata": 1}, {"metadata": {"a": 1}}, {"name": "x"}])
def test_a_bad_update_is_refused(client: Ask, body: object) -> None:
    made = client("POST", CHAT, json=COMPLETION | {"store": True})
    reply = client("POST", f"/v1/chat/completions/{made.json()['id']}", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"
