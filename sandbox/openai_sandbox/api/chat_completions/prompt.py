"""Turns a request to Chat Completions into what the model sees and what it has to do."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...model import tokens
from ...model.answers import WORDS, Message, Task
from ...model.families import Model
from ...wire.errors import error
from ...wire.members import members
from ..built_in import web_search
from ..built_in.step import LONGEST_ASKED, Asked, Step
from ..shared.generation import Mark, Prompt, check_length
from ..shared.items import breakpoints_in
from ..shared.media import part_tokens
from ..shared.state import State
from ..shared.tools import choice_of, format_schema, tools_of

SEARCHING = "-search-"
"""Part of the ids of models that search the web for every prompt."""


def read(state: State, model: Model, body: dict[str, Any], *, refuse: bool) -> tuple[Prompt, Sequence[Step]]:
    """Return the prompt of a checked request, and the searches for it. `refuse` makes the model refuse.

    Raises:
        APIError: a tool, a schema or a part of a message cannot be used, or the prompt is too long.
    """
    task = _task(body, refuse)
    media = 0
    messages = []
    marks: list[Mark] = []
    for index, message in enumerate(body["messages"]):
        text, cost = _seen(state, message, index)
        media += cost
        messages.append(Message(message["role"], text))
        marks += [Mark(index, end, ttl) for end, ttl in breakpoints_in(message.get("content"))]
    check_length(model, messages, None, "context_length.chat")
    names = sum(1 + tokens.count(message["name"]) for message in body["messages"] if message.get("name"))
    counted = tokens.chat_input_tokens(messages) + names + media + tokens.definitions(body.get("tools"))
    wanted = (body.get("response_format") or {}).get("json_schema") or {}
    counted += tokens.answer_format(wanted.get("schema"))
    check_length(model, messages, counted, "context_length.chat")
    steps = _searched(state, model, body, messages)
    if steps:
        (search,) = steps
        counted += tokens.count(search.said)
        task = replace(task, said=search.said)
    return Prompt(messages, counted, task, marks), steps


def _searched(state: State, model: Model, body: dict[str, Any], messages: Sequence[Message]) -> Sequence[Step]:
    """Return the results of a web search, on models that search for every prompt."""
    if SEARCHING not in model.id:
        return ()
    options = body.get("web_search_options")
    text = next((text for role, text in reversed(messages) if role == "user"), "")
    wire = members(model.id, state.today)
    asked = Asked(options or {}, "web_search_options", text[:LONGEST_ASKED], state, wire, (), ())
    return web_search.run(asked)


def calls_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tool calls of a message. Calls in messages that are not the assistant's are ignored."""
    calls: list[dict[str, Any]] | None = message.get("tool_calls") if message["role"] == "assistant" else None
    return calls or []


def _task(body: dict[str, Any], refuse: bool) -> Task:
    """Return what the model has to do, after refusing schemas that strict mode does not accept."""
    offered = body.get("tools") or body.get("functions")
    if not (refuse or offered or body.get("response_format") or body["messages"][-1]["role"] in ("tool", "function")):
        return WORDS
    tools = tools_of(body)
    choice, allowed = choice_of(body, {tool.name for tool in tools}, "tool_choice_not_found.chat")
    form = body.get("response_format") or {"type": "text"}
    schema = None
    if form["type"] == "json_schema":
        schema = format_schema(form["json_schema"], "response_format", "response_format.json_schema")
    elif form["type"] == "json_object" and "json" not in str(body["messages"]).lower():
        raise error("json_word_missing.chat")
    names = {call["id"]: call[call["type"]]["name"] for message in body["messages"] for call in calls_of(message)}
    asked = max((i for i, message in enumerate(body["messages"]) if message["role"] == "user"), default=-1)
    outputs = [
        (message.get("name") or names.get(message.get("tool_call_id"), "tool"), _plain(message.get("content")))
        for message in body["messages"][asked + 1 :]
        if message["role"] in ("tool", "function")
    ]
    return Task(
        tools=tools,
        choice=choice,
        allowed=allowed,
        parallel=body.get("parallel_tool_calls") is not False and not body.get("functions"),
        outputs=outputs,
        schema=schema,
        json_object=form["type"] == "json_object",
        refuse=refuse,
    )


def _seen(state: State, message: dict[str, Any], index: int) -> tuple[str, int]:
    """Return the text of a message, including its tool calls, and the tokens of parts that are not text."""
    content = message.get("content")
    cost = 0
    if isinstance(content, list):
        for number, part in enumerate(content):
            if part["type"] not in ("text", "refusal"):
                cost += part_tokens(state, part, f"messages[{index}].content[{number}]")
    calls = [f"{name}({text})" for name, text in map(_called, calls_of(message))]
    if message["role"] == "assistant" and (called := message.get("function_call")):
        calls.append(f"{called['name']}({called['arguments']})")
    refusal = message.get("refusal") if message["role"] == "assistant" else None
    return "\n".join(filter(None, [_plain(content), refusal, *calls])), cost


def _called(call: dict[str, Any]) -> tuple[str, str]:
    """Return what a tool call calls, and with which text."""
    if call["type"] == "custom":
        return call["custom"]["name"], call["custom"]["input"]
    return call["function"]["name"], call["function"]["arguments"]


def _plain(content: str | list[dict[str, Any]] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part.get("text") or part.get("refusal") or "" for part in content)
