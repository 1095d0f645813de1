"""Items: the messages and other parts in requests, responses and conversations."""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from pydantic_core import to_json

from ...values.budget import spend
from ...wire.errors import error
from ...wire.ids import Ids
from .tools import check_name

Item = dict[str, Any]

# The prefix of an id, by the type of its item.
ID_PREFIXES = {"message": "msg", "reasoning": "rs", "function_call": "fc", "function_call_output": "fc"}
ID_PREFIXES |= {"compaction": "cmp", "custom_tool_call": "ctc", "custom_tool_call_output": "ctco"}
ID_PREFIXES |= {
    "web_search_call": "ws",
    "image_generation_call": "ig",
    "code_interpreter_call": "ci",
    "file_search_call": "fs",
}
ID_PREFIXES |= {"tool_search_call": "tsc", "tool_search_output": "tso", "additional_tools": "at"}
ID_PREFIXES |= {"mcp_call": "mcp", "mcp_list_tools": "mcpl"}
ID_PREFIXES |= {"local_shell_call": "lsh", "local_shell_call_output": "lsho", "shell_call": "sh"}
ID_PREFIXES |= {"shell_call_output": "sho", "apply_patch_call": "apc", "apply_patch_call_output": "apco"}
ID_PREFIXES |= {"computer_call": "cu", "computer_call_output": "cuo"}
ID_PREFIXES |= {"mcp_approval_request": "mcpr", "mcp_approval_response": "mcprr"}
ITEM_DEFAULTS: dict[str, Item] = {
    "tool_search_call": {"call_id": None, "execution": "server"},
    "tool_search_output": {"call_id": None, "execution": "server"},
}
# Items that have no status.
STATELESS = frozenset(
    ("reasoning", "compaction", "additional_tools", "mcp_list_tools", "mcp_approval_request", "mcp_approval_response")
)
CALLS = ("function_call", "custom_tool_call", "local_shell_call", "shell_call", "apply_patch_call", "computer_call")
"""Calls that the client answers."""
OUTPUTS = tuple(f"{call}_output" for call in CALLS)
DONE = ("action", "actions", "operation", "input", "arguments")
"""The members that may say what a call has to do."""
DEFAULTS: dict[str, Item] = {"output_text": {"annotations": [], "logprobs": []}}
TEXTS = ("input_text", "output_text", "refusal", "reasoning_text")
MEDIA = ("input_image", "input_file", "input_audio")


def stored_items(ids: Ids, given: str | list[Item], param: str) -> list[Item]:
    """Return a request's items as the API stores them: with type, id, status and content parts.

    A string is one user message.

    Raises:
        APIError: an item is of a kind that is not simulated, a call or an output has no id, or a call's function has a
            name that no function can have. The error names its place below `param`.
    """
    if isinstance(given, str):
        return [user_message(ids.hex("msg"), given)]
    items = []
    for index, item in enumerate(given):
        kind = item.get("type") or ("message" if "role" in item else "item_reference")
        if kind not in ID_PREFIXES:
            raise error("sandbox_unsupported", param=f"{param}[{index}].type")
        status = {} if kind in STATELESS else {"status": "completed"}
        kept = item if None not in (item.get("id", ""), item.get("status", "")) else _without_nulls(item)
        item = {"id": ids.hex(ID_PREFIXES[kind]), "type": kind} | status | ITEM_DEFAULTS.get(kind, {}) | kept
        if isinstance(item.get("content"), str):
            part = "output_text" if item["role"] == "assistant" else "input_text"
            item["content"] = [{"type": part, "text": item["content"]}]
        for number, content in enumerate(item.get("content") or ()):
            if content["type"] not in TEXTS + MEDIA:
                raise error("sandbox_unsupported", param=f"{param}[{index}].content[{number}].type")
        if item.get("content"):
            item["content"] = [DEFAULTS.get(content["type"], {}) | content for content in item["content"]]
        if kind == "local_shell_call_output":
            # The SDK's type has no other place for it than the id; the API takes `call_id`, as of all other outputs.
            item.setdefault("call_id", item["id"])
        if kind in CALLS + OUTPUTS and not isinstance(item.get("call_id"), str):
            raise error("missing_required_parameter", param=f"{param}[{index}].call_id")
        if kind == "function_call":
            check_name(item["name"], f"{param}[{index}].name")
        items.append(item)
    return items


def user_message(id: str, text: str) -> Item:
    """Return a user's text as the API stores it."""
    content = [{"type": "input_text", "text": text}]
    return {"id": id, "type": "message", "status": "completed", "role": "user", "content": content}


def _without_nulls(item: Item) -> Item:
    return {key: value for key, value in item.items() if value is not None or key not in ("id", "status")}


def check_unique(given: Iterable[Item], earlier: Container[str], param: str) -> None:
    """Refuse items with an id that another of them or an earlier item has.

    Raises:
        APIError: an id is used twice.
    """
    seen: set[str | None] = set()
    for item in given:
        spend()
        id = item["id"]
        if id is not None and (id in seen or id in earlier):
            raise error("duplicate_item", id=id, param=param)
        seen.add(id)


def text_of(content: str | list[Item] | None) -> str:
    """Return the text of a message's content or of a tool's output."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join([part.get("text") or part.get("refusal") or "" for part in content])


def breakpoints_in(content: object) -> Iterator[tuple[int, str | None]]:
    """Yield the cache breakpoints in a message's content or a tool's output: after how many characters of its text, and
    their lifetime."""
    if not isinstance(content, list):
        return
    end = 0
    for part in content:
        end += len(part.get("text") or part.get("refusal") or "")
        if marked := part.get("prompt_cache_breakpoint"):
            yield end, marked.get("ttl")


def called_name(call: Item) -> str:
    """Return the name of what is called. A call of a built-in tool has that tool's name."""
    name: str = call.get("name") or call["type"].removesuffix("_call")
    return name


def called_text(call: Item) -> str:
    """Return what a call has to do."""
    said = next((call[name] for name in DONE if call.get(name) is not None), "")
    return said if isinstance(said, str) else to_json(said).decode()


def output_text(output: Item) -> str:
    """Return the text of what a client answers to a call."""
    said = output.get("output")
    if output["type"] == "shell_call_output":
        return "".join([chunk["stdout"] + chunk["stderr"] for chunk in said or ()])
    if output["type"] == "computer_call_output":
        return "a screenshot"
    return text_of(said) or (output["status"] if output["type"] == "apply_patch_call_output" else "")


def check_pairs(items: list[Item], given: list[Item], named: Container[str]) -> None:
    """Refuse calls without outputs, outputs without calls, and reasoning without the item that followed it.

    Args:
        items: everything that the model would read, oldest first.
        given: the items of this request only.
        named: the ids that the request gave to them. Reasoning without an id is not checked.
    """
    called: dict[str, str] = {}
    answered, searched = set(), set()
    for item in items:
        if item["type"] in CALLS:
            called[item["call_id"]] = item["type"]
        elif item["type"] == "tool_search_call":
            searched.add(item.get("call_id"))
        elif item["type"] in OUTPUTS:
            if item["call_id"] not in called and item["call_id"] not in searched:
                raise error("tool_call_missing", kind=item["type"].replace("_", " "), call_id=item["call_id"])
            answered.add(item["call_id"])
    for call_id, kind in called.items():
        if call_id not in answered:
            raise error("tool_output_missing", kind=kind.replace("_", " "), call_id=call_id)
    for index, item in enumerate(given):
        if item["type"] == "reasoning" and item["id"] in named:
            following = given[index + 1] if index + 1 < len(given) else None
            if following is None or following.get("role") in ("user", "system", "developer"):
                raise error("reasoning_alone", id=item["id"])
            if following["type"] == "message" and following["id"] not in named:
                raise error("reasoning_alone", id=item["id"])


def check_reasoning(items: Iterable[Item], named: Container[str], before: Callable[[str], str | None]) -> None:
    """Refuse items that come back without the reasoning that they followed.

    Args:
        items: everything that the model would read, oldest first.
        named: the ids that the request gave to its items. An item without an id is not checked.
        before: returns the id of the reasoning that an item of a stored response directly followed.

    Raises:
        APIError: the reasoning is not among the items before.
    """
    seen: set[str] = set()
    for item in items:
        needed = before(item["id"]) if item["id"] in named else None
        if needed is not None and needed not in seen:
            raise error("reasoning_missing", id=item["id"], kind=item["type"], reasoning=needed)
        seen.add(item["id"])
