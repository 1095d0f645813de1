"""What a rule looks at: a request to the model, and what came before it.

The request is not checked yet: anything in the wrong form is ignored here and refused later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..api.shared.items import CALLS, OUTPUTS, called_name, output_text
from ..api.shared.state import State

RESPONSES, CHAT = "responses", "chat"
PATHS = {"/responses": RESPONSES, "/chat/completions": CHAT}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request to the model.

    Args:
        api: `responses` or `chat`.
        model: the model's id.
        text: the user's last message.
        instructions: everything in system and developer messages, and `instructions`.
        tools: the names of the functions and custom tools that are offered, and the types of other tools.
        turn: how many messages the user has sent so far.
        outputs: the outputs of tools since the user's last message, round by round: name and text of each.
        body: the request's JSON.
    """

    api: str
    model: str
    text: str
    instructions: str
    tools: tuple[str, ...]
    turn: int
    outputs: tuple[tuple[tuple[str, str], ...], ...]
    body: Mapping[str, Any]


def api_of(method: str, path: str) -> str | None:
    """Return the API through which a request asks the model, or None if it does not ask a model."""
    if method != "POST":
        return None
    return next((api for end, api in PATHS.items() if path.endswith(end)), None)


def seen_of(state: State, api: str, body: Mapping[str, Any]) -> Seen:
    """Return a request, with the items of the response or conversation that it continues."""
    return _seen(api, body, _earlier(state, body) if api == RESPONSES else ())


def seen_alone(api: str, body: Mapping[str, Any]) -> Seen:
    """Return a request with only what it contains itself."""
    return _seen(api, body, ())


def _earlier(state: State, body: Mapping[str, Any]) -> Sequence[Any]:
    id, conversation = body.get("previous_response_id"), body.get("conversation")
    if isinstance(id, str) and (stored := state.store.responses.get(id)):
        return stored.context()
    if isinstance(conversation, dict):
        conversation = conversation.get("id")
    if isinstance(conversation, str) and (kept := state.store.conversations.get(conversation)):
        return tuple(kept.items.values())
    return ()


def _seen(api: str, body: Mapping[str, Any], earlier: Sequence[Any]) -> Seen:
    given = body.get("input" if api == RESPONSES else "messages")
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    items = [item for item in (*earlier, *(given if isinstance(given, list) else ())) if isinstance(item, dict)]
    said: list[str] = []
    told = [body["instructions"]] if isinstance(body.get("instructions"), str) else []
    names: dict[Any, str] = {}
    rounds: list[list[tuple[str, str]]] = []
    calling = False
    for item in items:
        role, kind = item.get("role"), item.get("type")
        if role == "user":
            said.append(_text(item.get("content")))
            rounds, calling = [], False
        elif role in ("system", "developer"):
            told.append(_text(item.get("content")))
        elif calls := _calls(item):
            names |= calls
            calling = True
        elif kind in OUTPUTS or role in ("tool", "function"):
            if calling or not rounds:
                rounds.append([])
            calling = False
            id = item.get("call_id", item.get("tool_call_id"))
            name = names.get(id) if isinstance(id, str) else None
            rounds[-1].append((str(item.get("name") or name or "tool"), _output(item)))
    tools = [tool for tool in (*_list(body.get("tools")), *_list(body.get("functions"))) if isinstance(tool, dict)]
    return Seen(
        api,
        str(body.get("model", "")),
        said[-1] if said else "",
        "\n".join(told),
        tuple(_tool_name(tool) for tool in tools),
        len(said),
        tuple(map(tuple, rounds)),
        body,
    )


def _calls(item: Mapping[str, Any]) -> dict[Any, str]:
    """Return the names of what an item or message calls, by call id."""
    if item.get("type") in CALLS:
        return {_key(item.get("call_id")): called_name(dict(item))}
    calls = [call for call in _list(item.get("tool_calls")) if isinstance(call, dict)]
    found = {_key(call.get("id")): _tool_name(call) for call in calls}
    if isinstance(called := item.get("function_call"), dict):
        found[""] = str(called.get("name"))
    return found


def _key(id: Any) -> str:
    return id if isinstance(id, str) else ""


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _tool_name(tool: Mapping[str, Any]) -> str:
    inner = tool.get("function", tool.get("custom", tool))
    name = inner.get("name") if isinstance(inner, dict) else None
    return str(name or tool.get("type", ""))


def _output(item: Mapping[str, Any]) -> str:
    if "role" in item:
        return _text(item.get("content"))
    return _quietly(lambda: output_text(dict(item)))


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = [part for part in _list(content) if isinstance(part, dict)]
    return "".join([text for part in parts if isinstance(text := part.get("text"), str)])


def _quietly(read: Callable[[], str]) -> str:
    """Return a text, or an empty one if the request has the wrong form."""
    try:
        return read()
    except (AttributeError, KeyError, TypeError):
        return ""
