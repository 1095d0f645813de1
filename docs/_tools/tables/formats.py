"""How both APIs write the format of an answer, what they refuse, and how a stream brings it."""

import re
from typing import Any, NamedTuple, get_args, get_type_hints

from openai.lib.streaming.chat import ChatCompletionStreamEvent
from openai.types.chat.completion_create_params import CompletionCreateParamsBase
from openai.types.responses import (
    ResponseFormatTextConfigParam,
    ResponseFormatTextJSONSchemaConfigParam,
    ResponseStreamEvent,
    ResponseTextConfigParam,
)
from openai.types.shared_params import ResponseFormatJSONSchema
from openai.types.shared_params.response_format_json_schema import JSONSchema
from pydantic import BaseModel

from openai_sandbox.wire.errors import catalog

from ..data.files import DataError
from ..data.generated import generates
from .object_fields import documentation, unlinked
from .parameter_matrix import ask
from .sandbox import EVIDENCE
from .sdk import note
from .side_by_side import Paths, Types, both, listed, required, side_by_side
from .strict_schemas import fits

MODEL = "gpt-6-luna"
LEARN_MORE = re.compile(r"(?:Learn more about|To learn more, read) [^.]*\.")
MEMBERS: Paths = {
    "which format": ("text.format.type", "response_format.type"),
    "the name of the schema": ("text.format.name", "response_format.json_schema.name"),
    "what the answer is for": ("text.format.description", "response_format.json_schema.description"),
    "the JSON Schema": ("text.format.schema", "response_format.json_schema.schema"),
    "strict mode": ("text.format.strict", "response_format.json_schema.strict"),
    "how detailed the answer is": ("text.verbosity", "verbosity"),
}
TYPES: Types = {
    "responses": {"text.format.": ResponseFormatTextJSONSchemaConfigParam, "text.": ResponseTextConfigParam},
    "chat": {
        "response_format.": ResponseFormatJSONSchema,
        "response_format.json_schema.": JSONSchema,
        "": CompletionCreateParamsBase,
    },
}
OTHERS = {"response_format.json_schema"}
"""Members of the types that the table does not list on their own: they hold the others."""

CLOSED = {"type": "object", "properties": {}, "additionalProperties": False}
OPEN = {"type": "object", "properties": {}}
STRICT: dict[str, Any] = {"name": "booking", "strict": True}


class Refused(NamedTuple):
    """A format that is refused: the error in the catalog, what is wrong in words, the endpoint, and the request."""

    id: str
    wrong: str
    path: str
    body: dict[str, Any]


REFUSED = (
    Refused(
        "missing_required_parameter",
        "The form of Chat Completions, with `json_schema`",
        "responses",
        {"text": {"format": {"type": "json_schema", "json_schema": {"name": "booking", "schema": CLOSED}}}},
    ),
    Refused(
        "missing_required_parameter",
        "The form of Responses, without `json_schema`",
        "chat/completions",
        {"response_format": {"type": "json_schema", "name": "booking", "schema": CLOSED}},
    ),
    Refused(
        "name_pattern",
        "A name with a dot",
        "responses",
        {"text": {"format": {"type": "json_schema", "name": "booking.v2", "schema": CLOSED}}},
    ),
    Refused("invalid_value", "A type that does not exist", "responses", {"text": {"format": {"type": "json"}}}),
    Refused(
        "json_word_missing.responses",
        'JSON mode without the word "JSON" in the input',
        "responses",
        {"text": {"format": {"type": "json_object"}}},
    ),
    Refused(
        "json_word_missing.chat",
        'JSON mode without the word "JSON" in the messages',
        "chat/completions",
        {"response_format": {"type": "json_object"}},
    ),
    Refused(
        "schema.additional_properties",
        "A schema that strict mode does not support",
        "responses",
        {"text": {"format": {"type": "json_schema", **STRICT, "schema": OPEN}}},
    ),
    Refused(
        "schema.additional_properties",
        "The same schema",
        "chat/completions",
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "booking", "strict": True, "schema": OPEN},
            }
        },
    ),
)
API = {"responses": "Responses", "chat/completions": "Chat Completions"}

# What a stream brings: the event of Responses, and the event of `stream()` in Chat Completions.
EVENTS: dict[str, tuple[str, str]] = {
    "the next piece of JSON": ("response.output_text.delta", "content.delta"),
    "the whole JSON": ("response.output_text.done", "content.done"),
    "the next piece of a refusal": ("response.refusal.delta", "refusal.delta"),
    "the whole refusal": ("response.refusal.done", "refusal.done"),
}


@generates("docs/includes/generated/format-members.md")
def members() -> str:
    """Return the table of what both APIs call the parts of a format, and which of them their types require.

    Raises:
        DataError: a format of the SDK has a member that the table does not explain.
    """
    for number, api in enumerate(TYPES):
        explained = {paths[number] for paths in MEMBERS.values()} | OTHERS
        for start, model in TYPES[api].items():
            missing = {f"{start}{name}" for name in get_type_hints(model)} - explained if "format." in start else set()
            if missing:
                raise DataError(f"docs/_tools/tables/formats.py: not explained: {', '.join(sorted(missing))}")
    here, there = sorted(required(ResponseFormatTextJSONSchemaConfigParam)), sorted(required(JSONSchema))
    needed = f"For a schema, the types require {listed(here)} in Responses, and {listed(there)} in `json_schema`."
    return "\n".join([*side_by_side(MEMBERS, TYPES), "", needed, "", note()])


@generates("docs/includes/generated/format-types.md")
def types() -> str:
    """Return the list of the values of `type`, with the types' own words."""
    entries = []
    for kind in get_args(ResponseFormatTextConfigParam):
        (value,) = get_args(get_args(get_type_hints(kind, include_extras=True)["type"])[0])
        entries.append(f'`"{value}"`\n:   {own_words(kind.__doc__ or "")}\n')
    said = documentation(ResponseFormatTextJSONSchemaConfigParam)
    entries += [
        f"`{name}` <small>of a schema</small>\n:   {own_words(said[name])}\n" for name in ("description", "strict")
    ]
    return "\n".join(["", *entries, note()])


def own_words(text: str) -> str:
    """Return what the SDK says on one line, without where to learn more."""
    return LEARN_MORE.sub("", unlinked(text)).strip()


@generates("docs/includes/generated/format-refusals.md")
def refusals() -> str:
    """Return the list of what is refused: what was wrong, the message, `param` and `code`, and how that is known.

    Raises:
        DataError: a request is answered with another error than the one named for it.
    """
    entries = []
    for case in REFUSED:
        error = ask(case.path, MODEL, **case.body)["error"] or {}
        known = catalog()[case.id]
        if not fits(known.message, error.get("message", "")):
            raise DataError(f"docs/_tools/tables/formats.py: {case.wrong}: {error.get('message')!r}")
        also = "".join(f", {name} `{error[name]}`" for name in ("param", "code") if error[name])
        entries.append(
            f"{case.wrong} <small>{API[case.path]}{also}</small>\n:   {error['message']} ({EVIDENCE[known.evidence]})\n"
        )
    return "\n".join(["", *entries])


@generates("docs/includes/generated/format-events.md")
def events() -> str:
    """Return the table of the events that bring an answer, with where each has its text.

    Raises:
        DataError: the SDK has no such event.
    """
    rows = []
    kinds = [by_type(get_args(get_args(ResponseStreamEvent)[0])), by_type(get_args(ChatCompletionStreamEvent))]
    for what, names in EVENTS.items():
        cells: list[str] = []
        for name, known in zip(names, kinds, strict=True):
            if name not in known:
                raise DataError(f"docs/_tools/tables/formats.py: no event {name}")
            (text,) = known[name].model_fields.keys() & {"delta", "text", "content", "refusal"}
            cells.append(f"`{name}`, in `{text}`")
        rows.append((what, cells[0], cells[1]))
    return "\n".join([*both("What arrives", rows), "", note()])


def by_type(kinds: tuple[type[BaseModel], ...]) -> dict[str, type[BaseModel]]:
    """Return the classes of events by their `type`."""
    return {get_args(kind.model_fields["type"].annotation)[0]: kind for kind in kinds}
