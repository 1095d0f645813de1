"""/v1/conversations and their items."""

from typing import Any

from ..validation.parameters import Validator
from ..wire.errors import error
from .shared.bounded import AN_ITEM, AN_OBJECT, Charge
from .shared.call import Call
from .shared.items import check_unique, stored_items
from .shared.pagination import list_object, page
from .shared.result import Result
from .shared.state import State
from .shared.store import Conversation

CREATE = Validator("conversations.create")
UPDATE = Validator("conversations.update")
CREATE_ITEMS = Validator("conversations.items.create")


def create(state: State, call: Call) -> Result:
    """Start a conversation, empty or with items."""
    body = call.body or {}
    CREATE.check_keys(body)
    CREATE.check(body)
    items = stored_items(state.ids, body.get("items") or [], "items")
    check_unique(items, [], "items")
    conversation = Conversation(state.ids.hex("conv", 48), int(state.now()), body.get("metadata") or {})
    conversation.add(items, Charge(state.store.conversations.ledger, AN_OBJECT + call.weight))
    state.store.conversations.add(conversation)
    return Result(_object(conversation))


def retrieve(state: State, call: Call) -> Result:
    """Describe a conversation. Its items are listed separately."""
    return Result(_object(find(state, call.ids[0])))


def update(state: State, call: Call) -> Result:
    """Replace a conversation's metadata."""
    conversation = find(state, call.ids[0])
    body = call.json()
    UPDATE.check_keys(body)
    UPDATE.check(body)
    conversation.metadata = body["metadata"] or {}
    return Result(_object(conversation))


def delete(state: State, call: Call) -> Result:
    """Forget a conversation. Responses that were part of it stay."""
    conversation = find(state, call.ids[0])
    state.store.conversations.delete(conversation.id)
    return Result({"id": conversation.id, "object": "conversation.deleted", "deleted": True})


def create_items(state: State, call: Call) -> Result:
    """Append items, and return them as they are stored."""
    conversation = find(state, call.ids[0])
    check_unlocked(conversation)
    body = call.json()
    CREATE_ITEMS.check_keys(body)
    CREATE_ITEMS.check(body)
    if not body["items"]:
        raise error("empty_array", param="items", minimum=1)
    items = stored_items(state.ids, body["items"], "items")
    check_unique(items, conversation.items, "items")
    conversation.add(items, Charge(state.store.conversations.ledger, AN_ITEM * len(items) + call.weight))
    return Result(list_object(items))


def list_items(state: State, call: Call) -> Result:
    """List items, newest first unless asked otherwise."""
    return Result(page(list(find(state, call.ids[0]).items.values()), call.query))


def retrieve_item(state: State, call: Call) -> Result:
    """Return one item."""
    conversation_id, id = call.ids
    item = find(state, conversation_id).items.get(id)
    if item is None:
        raise error("item_not_found", id=id)
    return Result(item)


def delete_item(state: State, call: Call) -> Result:
    """Remove an item from a conversation, and return the conversation."""
    conversation_id, id = call.ids
    conversation = find(state, conversation_id)
    if conversation.items.pop(id, None) is None:
        raise error("item_not_found", id=id)
    if not conversation.items:
        conversation.charges.clear()
    return Result(_object(conversation))


def find(state: State, id: str) -> Conversation:
    """Return the conversation with that id.

    Raises:
        APIError: there is none.
    """
    conversation = state.store.conversations.get(id)
    if conversation is None:
        raise error("conversation_not_found", id=id)
    return conversation


def check_unlocked(conversation: Conversation) -> None:
    """Refuse to add to a conversation while one of its responses is being generated.

    Raises:
        APIError: it is locked.
    """
    if conversation.locked:
        raise error("conversation_locked")


def _object(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "object": "conversation",
        "created_at": conversation.created_at,
        "metadata": conversation.metadata,
    }
