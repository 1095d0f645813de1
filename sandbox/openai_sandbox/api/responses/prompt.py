"""Turns a request to Responses into what the model sees (what came before, its items) and what it has to do."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple

from ...model import tokens
from ...model.answers import WORDS, Message, Task
from ...model.families import Model
from ...model.scripted import Scripted
from ...wire.errors import error
from ...wire.members import Members, members
from .. import conversations
from ..built_in import mcp
from ..built_in.definitions import VERSIONS
from ..built_in.kinds import BUILT_IN, check, kind_of, run
from ..built_in.scripted import use
from ..built_in.step import LONGEST_ASKED, Asked, Step
from ..shared.bounded import Charge
from ..shared.generation import Mark, Prompt, check_length
from ..shared.items import (
    CALLS,
    MEDIA,
    OUTPUTS,
    Item,
    breakpoints_in,
    called_name,
    called_text,
    check_pairs,
    check_reasoning,
    check_unique,
    output_text,
    stored_items,
    text_of,
)
from ..shared.media import part_tokens
from ..shared.state import State
from ..shared.store import Conversation, StoredResponse
from ..shared.tools import MODES, choice_of, format_schema
from .compaction import SHORTENED, remembered
from .output import LISTED, instructions_of
from .tools import Offered, offered

CHOSEN = {"function", "custom", "web_search_preview", "computer_use", "computer_use_preview", *VERSIONS, *BUILT_IN}
"""The types that a tool choice may have."""

STORED_PROMPT = re.compile(r"pmpt_[0-9a-f]{32,}", re.ASCII)


class Reading(NamedTuple):
    """A request as the model gets it.

    `steps` is what built-in tools do before it answers, and `tools` are the request's tools as the response returns
    them.
    """

    prompt: Prompt
    steps: Sequence[Step]
    tools: list[dict[str, Any]]


class Earlier(NamedTuple):
    """What a request continues: a response, a conversation or nothing."""

    previous: StoredResponse | None = None
    conversation: Conversation | None = None

    @property
    def kept(self) -> tuple[Item, ...]:
        """The items of the conversation so far."""
        return tuple(self.conversation.items.values()) if self.conversation else ()

    @property
    def charges(self) -> list[Charge]:
        """The memory charges of those items."""
        return self.conversation.charges if self.conversation else []

    def lock(self) -> AbstractContextManager[None]:
        """Keep others from adding to the conversation meanwhile, if there is one.

        Raises:
            APIError: it is locked, once the block is entered.
        """
        return _locked(self.conversation) if self.conversation else NOTHING_LOCKED

    @property
    def items(self) -> list[Item]:
        """All items that came before, oldest first."""
        return self.previous.context() if self.previous else [*self.kept]


NOTHING_LOCKED = nullcontext()


@contextmanager
def _locked(conversation: Conversation) -> Iterator[None]:
    conversations.check_unlocked(conversation)
    conversation.locked = True
    try:
        yield
    finally:
        conversation.locked = False


def earlier(state: State, body: dict[str, Any]) -> Earlier:
    """Return what a request continues. Prompts cannot be created here, so any id in the API's form counts as stored.

    Raises:
        APIError: it names two things to continue, or one that does not exist.
    """
    previous_id, conversation = body.get("previous_response_id"), body.get("conversation")
    if previous_id is not None and conversation is not None:
        raise error("mutually_exclusive")
    if conversation is not None:
        id = conversation if isinstance(conversation, str) else conversation["id"]
        return Earlier(conversation=conversations.find(state, id))
    prompt = body.get("prompt")
    if prompt is not None and not STORED_PROMPT.fullmatch(prompt["id"]):
        raise error("prompt_not_found", id=prompt["id"])
    if previous_id is None:
        return Earlier()
    previous = state.store.responses.get(previous_id)
    if previous is None:
        raise error("previous_response_not_found", id=previous_id)
    return Earlier(previous)


def given_items(state: State, body: Mapping[str, Any]) -> list[Item]:
    """Return the items of a request as the API stores them."""
    return stored_items(state.ids, body.get("input") or [], "input")


def read(
    state: State,
    model: Model,
    body: dict[str, Any],
    items: list[Item],
    given: list[Item],
    *,
    refuse: bool,
    scripted: Scripted | None = None,
) -> Reading:
    """Return the prompt of a checked request.

    Args:
        state: what the endpoint works with.
        model: the model that is asked.
        body: the request.
        items: everything that the model reads, oldest first.
        given: the items of this request only.
        refuse: makes the model refuse.
        scripted: a script's answer, which says which built-in tools are used.

    Raises:
        APIError: items do not match each other or the model, a tool, schema or part is unusable, or the prompt is too
            long.
    """
    if len(items) > 1 or (items and items[0]["type"] != "message"):
        check_unique(items, (), "input")
        named = _named(body)
        check_pairs(items, given, named)
        if model.family.efforts:
            check_reasoning(items, named, state.store.reasoning_before)
        else:
            _refuse_reasoning(items)
    wire = members(model.id, state.today)
    task, steps, tools = _task(state, body, items, wire, refuse, scripted)
    marks: list[Mark] = []
    messages = messages_of(body, items, marks)
    check_length(model, messages, None, "context_length.responses")
    counted = input_tokens(state, body, messages, items)
    if steps:
        counted += sum([tokens.count(step.said) for step in steps])
    check_length(model, messages, counted, "context_length.responses")
    return Reading(Prompt(messages, counted, task, marks), steps, tools)


def _refuse_reasoning(items: Iterable[Item]) -> None:
    """Refuse reasoning, also that of an earlier response, for a model that does not reason."""
    if any(item["type"] == "reasoning" for item in items):
        raise error("reasoning_items_unsupported")


def _named(body: Mapping[str, Any]) -> set[str]:
    """Return the ids that a request gives to its items."""
    sent = body.get("input")
    return {item["id"] for item in sent if item.get("id")} if isinstance(sent, list) else set()


def messages_of(body: Mapping[str, Any], items: list[Item], marks: list[Mark] | None = None) -> list[Message]:
    """Return what the model sees: instructions, then the context. The cache breakpoints in it are added to `marks`."""
    seen = [Message("developer", body["instructions"])] if body.get("instructions") else []
    if body.get("prompt"):
        seen += [Message("user", text_of(message["content"])) for message in instructions_of(body["prompt"])]
    return seen + context(items, marks, len(seen))


def context(items: list[Item], marks: list[Mark] | None = None, before: int = 0) -> list[Message]:
    """Return what the model sees of items: messages, calls and their outputs. It does not see earlier reasoning.

    A compaction replaces everything before it.

    Args:
        items: the items, oldest first.
        marks: gets the cache breakpoints in messages and outputs.
        before: how many messages come before these.
    """
    start, seen = remembered(items)
    for item in items[start:] if start else items:
        kind = item["type"]
        if marks is not None and (kind == "message" or kind in OUTPUTS):
            content = item["content"] if kind == "message" else item.get("output")
            marks += [Mark(before + len(seen), end, ttl) for end, ttl in breakpoints_in(content)]
        if kind == "message":
            seen.append(Message(item["role"], text_of(item["content"])))
        elif kind in CALLS:
            seen.append(Message("assistant", f"{called_name(item)}({called_text(item)})"))
        elif kind == "mcp_call":
            seen.append(Message("assistant", f"{item['name']}({item['arguments']})"))
            seen.append(Message("tool", str(item.get("output") or item.get("error") or "")))
        elif kind in OUTPUTS:
            seen.append(Message("tool", output_text(item)))
    return seen


def input_tokens(state: State, body: Mapping[str, Any], messages: list[Message], items: list[Item]) -> int:
    """Return how many input tokens a request has. In errors, an item's place counts all earlier items too."""
    start, shortened = remembered(items)
    counted = tokens.responses_input_tokens(messages)
    if shortened:
        counted -= tokens.responses_input_tokens(shortened) * (SHORTENED - 1) // SHORTENED
    loaded: list[dict[str, Any]] = []
    for index, item in enumerate(items):
        if index >= start:
            for number, part in enumerate(item.get("content") or ()):
                if part["type"] in MEDIA:
                    counted += part_tokens(state, part, f"input[{index}].content[{number}]")
        if _loads(item):
            loaded += item["tools"]
    if loaded or body.get("tools"):
        counted += tokens.definitions([*_shown(body.get("tools") or ()), *loaded])
    return counted + tokens.answer_format(((body.get("text") or {}).get("format") or {}).get("schema"))


def _shown(tools: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the definitions that the model sees before anything is loaded."""
    for tool in tools:
        if tool.get("type") == "namespace":
            yield {**tool, "tools": [*_shown(tool["tools"])]}
        elif not tool.get("defer_loading"):
            yield tool


def _task(
    state: State, body: dict[str, Any], items: list[Item], wire: Members, refuse: bool, scripted: Scripted | None
) -> tuple[Task, Sequence[Step], list[dict[str, Any]]]:
    """Return what the model has to do, what built-in tools did, and the tools as the response returns them.

    Raises:
        APIError: strict mode does not accept a schema, or a tool is not simulated.
    """
    plain = not (refuse or body.get("tools") or body.get("text") or body.get("tool_choice"))
    if plain and (not items or (items[-1]["type"] == "message" and not any(map(_loads, items)))):
        return WORDS, (), []
    tools = offered(body, items, wire)
    for place, tool in tools.built_in:
        check(state, tool, place)
    choice, allowed = choice_of(body, tools.names, "tool_choice_not_found", CHOSEN)
    form = (body.get("text") or {}).get("format") or {"type": "text"}
    schema = None
    if form["type"] == "json_schema":
        schema = format_schema(form, "text.format", "text.format")
    elif form["type"] == "json_object" and "json" not in str(items).lower():
        raise error("json_word_missing.responses")
    names = {item["call_id"]: called_name(item) for item in items if item["type"] in CALLS}
    asked = max((i for i, item in enumerate(items) if item.get("role") == "user"), default=-1)
    outputs = [
        (names.get(item["call_id"], "tool"), output_text(item))
        for item in items[asked + 1 :]
        if item["type"] in OUTPUTS
    ]
    steps: list[Step] = []
    callable_names = {tool.name for tool in tools.functions}
    if (tools.built_in or (scripted and scripted.uses)) and not refuse and choice != "none":
        text = text_of(items[asked].get("content"))[:LONGEST_ASKED] if asked >= 0 else ""
        steps = _steps(state, body, tools, text, choice, allowed, wire, items, asked + 1, scripted)
        if choice not in callable_names and any(step.item and step.item["type"] != LISTED for step in steps):
            choice = "auto"
    if choice not in MODES and choice not in callable_names:
        # A built-in tool that was chosen but has already answered or has nothing to call.
        choice = "auto"
    return (
        Task(
            tools=[*tools.functions, *(tool for step in steps for tool in step.loaded)],
            choice=choice,
            allowed=allowed,
            parallel=body.get("parallel_tool_calls") is not False,
            outputs=outputs,
            said="\n\n".join([step.said for step in steps if step.said]),
            silent=any(step.last for step in steps),
            schema=schema,
            json_object=form["type"] == "json_object",
            refuse=refuse,
        ),
        steps,
        tools.given_back(wire, body.get("tools") or ()),
    )


def _loads(item: Item) -> bool:
    return item["type"] in ("additional_tools", "tool_search_output")


def _steps(
    state: State,
    body: dict[str, Any],
    tools: Offered,
    text: str,
    choice: str,
    allowed: Collection[str] | None,
    wire: Members,
    items: Sequence[Item],
    begun: int,
    scripted: Scripted | None,
) -> list[Step]:
    """Return what the usable built-in tools do that have not answered in the items from `begun` on.

    A script says which are used, whatever happened before.
    """
    done = {item["type"] for item in items[begun:]}
    asked = [
        Asked(tool, place, text, state, wire, body.get("include") or (), tools.deferred)
        for place, tool in tools.built_in
        if (allowed is None or not {tool["type"], kind_of(tool["type"])}.isdisjoint(allowed))
        and (scripted or tool["type"] == "mcp" or f"{kind_of(tool['type'])}_call" not in done)
    ]
    if scripted:
        return use(scripted, asked)
    servers = [one for one in asked if one.tool["type"] == "mcp"]
    others = [one for one in asked if one.tool["type"] != "mcp"]
    used = run(others, None if choice == "auto" else choice, body.get("max_tool_calls")) if others else []
    named = body.get("tool_choice")
    listed = mcp.run(servers, items, choice, named if isinstance(named, dict) else None) if servers else ()
    return [*listed, *used]
