"""Parameters, items and messages that need others are refused alone, and those that exclude each other together."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from ...good_requests import HI
from ..client import available_models
from .answers import refused
from .asker import (
    CHAT_BODY,
    CREATE_COMPLETION,
    CREATE_RESPONSE,
    GOOD,
    Asker,
    Body,
    Case,
    check,
)


def call(id: str) -> Body:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}}


def told(id: str) -> Body:
    return {"role": "tool", "tool_call_id": id, "content": "4"}


def tool_messages() -> Iterator[Case]:
    alone = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
    waiting = (
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        "The following tool_call_ids did not have response messages: "
    )
    asked: Body = {"role": "assistant", "tool_calls": [call("a"), call("b")]}
    cases: list[tuple[list[Body], int, str]] = [
        ([told("a")], 0, alone),
        ([asked, told("c")], 1, alone),
        ([asked, told("a"), told("a")], 2, alone),
        ([asked, told("a"), told("b"), told("b")], 3, alone),
        ([asked, told("a"), told("b"), HI, told("a")], 4, alone),
        ([asked, HI], 1, f"{waiting}a, b"),
        ([asked, told("b"), HI], 2, f"{waiting}a"),
        ([asked, told("a"), asked], 2, f"{waiting}b"),
        ([asked], 1, f"{waiting}a, b"),
        ([asked, told("a")], 2, f"{waiting}b"),
    ]
    for before, (given, place, message) in product(range(4), cases):
        body = CHAT_BODY | {"messages": [*[HI] * before, *given]}
        yield Case(body, refused(None, f"messages.[{before + place}].role", message))


def contents() -> Iterator[Case]:
    """Yield messages without content."""
    said = "Invalid value for 'content': expected a string, got null."
    more = {"tool": {"tool_call_id": "a"}, "function": {"name": "f"}}
    empty: list[Body] = [{}, {"content": None}]
    for role, before, given in product(("system", "user", "assistant", "tool", "function"), range(3), empty):
        messages = [*[HI] * before, {"role": role} | more.get(role, {}) | given]
        yield Case(CHAT_BODY | {"messages": messages}, refused(None, f"messages.[{before}].content", said))


def switched_off(given: Body, by: str, off: Any, message: str) -> Iterator[Case]:
    """Yield bodies for Chat Completions with a parameter, and without the one it belongs to, or with that one off."""
    (param,) = given
    for more in ({}, {by: off}):
        yield Case(CHAT_BODY | given | more, refused(None, param, message))


def alone_in_chat() -> Iterator[Case]:
    """Yield parameters of Chat Completions without those they belong to."""
    enabled = "The '{}' parameter is only allowed when '{}' is enabled."
    options: list[Body] = [{"include_usage": True}, {"include_usage": False}, {"include_obfuscation": False}]
    for value in options:
        said = enabled.format("stream_options", "stream")
        yield from switched_off({"stream_options": value}, "stream", False, said)
    for number in (0, 1, 20):
        said = enabled.format("top_logprobs", "logprobs")
        yield from switched_off({"top_logprobs": number}, "logprobs", False, said)
    said = "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."
    named = {"type": "function", "function": {"name": "f"}}
    allowed = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [named]}}
    for choice in ("auto", "required", named, allowed):
        yield from switched_off({"tool_choice": choice}, "tools", [], said)
    said = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    yield Case(CHAT_BODY | {"response_format": {"type": "json_object"}}, refused(None, "messages", said))


def tools_in_chat() -> Iterator[Case]:
    """Yield choices of functions that are not offered, and tools with an effort for models that take no such thing."""
    tools = [{"type": "function", "function": {"name": name}} for name in ("f", "g")]
    for name in ("h", "F", ""):
        said = f"no function named '{name}' was specified in the 'functions' parameter."
        choice = {"type": "function", "function": {"name": name}}
        refusal = refused(None, "function_call", f"Invalid value for 'function_call': {said}")
        yield Case(CHAT_BODY | {"tools": tools, "tool_choice": choice}, refusal)
    for model in available_models():
        if "tools_with_effort" in model.family.refuses:
            said = (
                f"Function tools with reasoning_effort are not supported for {model.id} in /v1/chat/completions. "
                "To use function tools, use /v1/responses or set reasoning_effort to 'none'."
            )
            for effort in ("low", "medium", "high", "xhigh"):
                body = CHAT_BODY | {"model": model.id, "tools": tools, "reasoning_effort": effort}
                yield Case(body, refused(None, "reasoning_effort", said))
            if "tools_with_default_effort" in model.family.refuses:
                for body in ({"tools": tools}, {"tools": tools, "reasoning_effort": None}):
                    yield Case(CHAT_BODY | {"model": model.id} | body, refused(None, "reasoning_effort", said))


def items_alone() -> Iterator[Case]:
    """Yield items of Responses without those they belong to."""
    asked: Body = {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"}
    given: Body = {"type": "function_call_output", "call_id": "a", "output": "4"}
    other = [asked | {"call_id": "b"}, given | {"call_id": "b"}]
    thought: Body = {"type": "reasoning", "id": "rs_1", "summary": []}
    no_output = "No tool output found for function call a."
    no_call = "No tool call found for function call output with call_id a."
    no_next = "Item 'rs_1' of type 'reasoning' was provided without its required following item."
    cases: list[tuple[list[Body], str]] = [
        ([asked], no_output),
        ([asked, *other], no_output),
        ([given], no_call),
        ([given, asked], no_call),
        ([*other, given], no_call),
        ([thought], no_next),
        ([thought, HI], no_next),
        ([thought, {"role": "system", "content": "x"}], no_next),
    ]
    for (part, message), before, after in product(cases, range(3), range(2)):
        items = [*[HI] * before, *part, *[HI] * after]
        yield Case(GOOD[CREATE_RESPONSE][1] | {"input": items}, refused(None, "input", message))


def alone_in_responses() -> Iterator[Case]:
    """Yield parameters of Responses without those they belong to, or with those they exclude."""
    base = GOOD[CREATE_RESPONSE][1]
    said = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    for value, off in product((True, False), (None, False)):
        body = base | {"stream_options": {"include_obfuscation": value}, "stream": off}
        yield Case(body, refused(None, "stream_options", said))
    said = "Background mode requires 'store' to be true."
    yield Case(base | {"background": True, "store": False}, refused(None, "background", said))
    said = "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'."
    for conversation in ("conv_x", {"id": "conv_x"}):
        body = base | {"conversation": conversation, "previous_response_id": "resp_x"}
        yield Case(body, refused("mutually_exclusive_parameters", None, said))
    said = "Response input messages must contain the word 'json' in some form to use 'text.format' of type"
    for given in ("Hi", [HI], [HI, {"role": "system", "content": "Be brief."}]):
        body = base | {"input": given, "text": {"format": {"type": "json_object"}}}
        yield Case(body, refused(None, "input", f"{said} 'json_object'."))
    tools = [{"type": "function", "name": name} for name in ("f", "g")]
    for name, offered in product(("h", "F"), ([], tools)):
        choice = {"type": "function", "name": name}
        allowed = {"type": "allowed_tools", "mode": "auto", "tools": [choice]}
        refusal = refused(None, "tool_choice", f"Tool choice '{name}' not found in 'tools' parameter.")
        yield from (Case(base | {"tool_choice": one, "tools": offered}, refusal) for one in (choice, allowed))
    said = "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided."
    yield Case(base | {"input": ""}, refused("missing_required_parameter", None, said))
    yield Case(base | {"input": []}, refused("missing_required_parameter", None, said))


@pytest.mark.parametrize(
    ("endpoint", "made", "least"),
    [
        (CREATE_COMPLETION, tool_messages, 40),
        (CREATE_COMPLETION, contents, 30),
        (CREATE_COMPLETION, alone_in_chat, 19),
        (CREATE_COMPLETION, tools_in_chat, 50),
        (CREATE_RESPONSE, items_alone, 48),
        (CREATE_RESPONSE, alone_in_responses, 20),
    ],
)
def test_what_goes_together_only_is_refused_alone(
    asker: Asker, endpoint: str, made: Callable[[], Iterator[Case]], least: int
) -> None:
    cases = list(made())
    check(asker.differing(endpoint, cases), len(cases), least)
