"""How both APIs write a function tool, a choice, a call and its output, from the types of the installed SDK."""

import inspect
import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

from openai.types.chat import (
    ChatCompletionFunctionToolParam,
    ChatCompletionMessageFunctionToolCall,
    ChatCompletionToolMessageParam,
    chat_completion_message_function_tool_call,
    chat_completion_tool_choice_option_param,
    completion_create_params,
)
from openai.types.responses import FunctionToolParam, ResponseFunctionToolCall, response_create_params
from openai.types.responses.response_input_param import FunctionCallOutput
from openai.types.shared_params import FunctionDefinition

from openai_sandbox.wire.errors import catalog

from ..data.generated import generates
from .object_fields import SILENCE, documentation
from .sandbox import EVIDENCE
from .sdk import note, wrapping
from .side_by_side import Paths, Types, listed, names, required, side_by_side

LEARN_MORE = re.compile(r"\[Learn more[^\]]*\]\([^)]*\)\.?")

DEFINITION: Paths = {
    "what kind of tool it is": ("tools[].type", "tools[].type"),
    "its name": ("tools[].name", "tools[].function.name"),
    "what it does": ("tools[].description", "tools[].function.description"),
    "its arguments, as a JSON Schema": ("tools[].parameters", "tools[].function.parameters"),
    "whether arguments follow the schema": ("tools[].strict", "tools[].function.strict"),
    "whether tool search loads it": ("tools[].defer_loading", None),
    "the JSON Schema of its output": ("tools[].output_schema", None),
}
CALL: Paths = {
    "what it is": ("output[].type", "message.tool_calls[].type"),
    "the id that the output repeats": ("output[].call_id", "message.tool_calls[].id"),
    "the id of the item": ("output[].id", None),
    "the function": ("output[].name", "message.tool_calls[].function.name"),
    "the arguments, as JSON text": ("output[].arguments", "message.tool_calls[].function.arguments"),
    "whether the call is complete": ("output[].status", None),
}
OUTPUT: Paths = {
    "what it is": ("input[].type", "messages[].role"),
    "the call's id": ("input[].call_id", "messages[].tool_call_id"),
    "what the function returned": ("input[].output", "messages[].content"),
}
TYPES: Types = {
    "responses": {
        "tools[].": FunctionToolParam,
        "output[].": ResponseFunctionToolCall,
        "input[].": FunctionCallOutput,
    },
    "chat": {
        "tools[].": ChatCompletionFunctionToolParam,
        "tools[].function.": FunctionDefinition,
        "message.tool_calls[].": ChatCompletionMessageFunctionToolCall,
        "message.tool_calls[].function.": chat_completion_message_function_tool_call.Function,
        "messages[].": ChatCompletionToolMessageParam,
    },
}
# Refusals that are about functions: the API, the id in the catalog of errors, and an example of what it names.
NAME_PATTERN = "^[a-zA-Z0-9_-]+$"
REFUSALS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Responses", "tool_output_missing", {"kind": "function call", "call_id": "call_1"}),
    ("Responses", "tool_call_missing", {"kind": "function call output", "call_id": "call_1"}),
    ("Responses", "reasoning_missing", {"id": "fc_1", "kind": "function_call", "reasoning": "rs_1"}),
    ("Responses", "name_pattern", {"param": "tools[0].name", "pattern": NAME_PATTERN}),
    ("Chat Completions", "tool_calls_unanswered", {"ids": "call_1"}),
    ("Chat Completions", "tool_message_alone", {}),
    ("Chat Completions", "tool_choice_without_tools", {}),
    ("Chat Completions", "tools_with_effort", {"model": "gpt-5.6-luna"}),
    ("Chat Completions", "name_pattern", {"param": "tools[0].function.name", "pattern": NAME_PATTERN}),
)


@generates("docs/includes/generated/tool-{}.md", names=lambda: ("definition", "call", "output"))
def table(name: str) -> str:
    """Return the table of a definition, a call or an output in both APIs."""
    about = {"definition": DEFINITION, "call": CALL, "output": OUTPUT}[name]
    lines = side_by_side(about, TYPES)
    if name == "definition":
        flat = listed(sorted(required(FunctionToolParam)))
        outer, inner = (
            listed(sorted(required(kind))) for kind in (ChatCompletionFunctionToolParam, FunctionDefinition)
        )
        lines += [
            "",
            f"The types require {flat} in Responses, and {outer} in Chat Completions, with {inner} in `function`.",
        ]
    lines += ["", f"The type of Responses also has {listed(unlisted(name))}."]
    return "\n".join([*lines, "", note()])


def unlisted(name: str) -> list[str]:
    """Return the members that the type of Responses has and the table of that name leaves out.

    Raises:
        ValueError: a table leaves out a member of a type of Chat Completions.
    """
    about = {"definition": DEFINITION, "call": CALL, "output": OUTPUT}[name]
    rest: dict[str, set[str]] = {}
    for api, place in (("responses", 0), ("chat", 1)):
        paths = [path for row in about.values() if (path := row[place])]
        starts = {start: kind for start, kind in TYPES[api].items() if any(path.startswith(start) for path in paths)}
        whole = {f"{start}{member}" for start, kind in starts.items() for member in names(kind)}
        objects = {start.rstrip(".") for start in starts}
        rest[api] = whole - {*paths} - objects
    if rest["chat"]:
        raise ValueError(f"{name}: add a row for {sorted(rest['chat'])}")
    return sorted(path.rpartition(".")[2] for path in rest["responses"])


def choices() -> list[tuple[str, str, str]]:
    """Return (value of `tool_choice`, what the SDK says about it, APIs), in the order of the types."""
    found: dict[str, tuple[str, list[str]]] = {}
    options: dict[str, Any] = {
        "Responses": response_create_params.ToolChoice,
        "Chat Completions": chat_completion_tool_choice_option_param.ChatCompletionToolChoiceOptionParam,
    }
    for api, union in options.items():
        for option in get_args(union):
            if get_origin(option) is Literal:
                for value in get_args(option):
                    found.setdefault(f'`"{value}"`', (_mode(value), []))[1].append(api)
                continue
            own = "" if option.__doc__ == dict.__doc__ else option.__doc__ or ""
            said = LEARN_MORE.sub("", " ".join(own.split("\n\n")[0].split())).strip()
            said = said or documentation(option).get("type", "")
            found.setdefault(f"`{_form(option)}`", (said, []))[1].append(api)
    return [(value, said, ", ".join(apis)) for value, (said, apis) in found.items()]


def _mode(value: str) -> str:
    """Return what the documentation of Chat Completions says a mode means. That of Responses says nothing."""
    source = " ".join(inspect.getsource(completion_create_params.CompletionCreateParamsBase).split())
    described = source.partition("tool_choice: ChatCompletionToolChoiceOptionParam")[2]
    found = re.search(rf"`{value}` means ([^.]+\.)", described)
    return f"{found[1][0].upper()}{found[1][1:]}" if found else ""


def _form(option: type) -> str:
    members = []
    for name, hint in get_type_hints(option).items():
        if name not in required(option):
            continue
        value = get_args(hint)[0] if get_origin(hint) is Literal and len(get_args(hint)) == 1 else "..."
        members.append((name, f'"{value}"' if value != "..." else "..."))
    members.sort(key=lambda member: member[0] != "type")
    return "{" + ", ".join(f'"{name}": {value}' for name, value in members) + "}"


@generates("docs/includes/generated/tool-choices.md")
def choice_list() -> str:
    """Return the list of the values of `tool_choice`, with the types' own words."""
    entries = [f"{value} <small>{apis}</small>\n:   {said or SILENCE}\n" for value, said, apis in choices()]
    return "\n".join(["", *entries, note()])


@generates("docs/includes/generated/tool-refusals.md")
def refusals() -> str:
    """Return the table of what each API answers to requests with tools that do not fit."""
    rows = []
    for api, id, named in REFUSALS:
        case = catalog()[id]
        message = case.message.format(**named).replace("|", "\\|")
        rows.append(f"| {api} | {case.status} | {message} | {EVIDENCE[case.evidence]} |")
    head = ["| API | Status | Message | Evidence |", "|---|---|---|---|"]
    return "\n".join([*wrapping([*head, *rows]), ""])
