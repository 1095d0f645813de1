"""Tables about the installed SDK itself: its exceptions, client options, stream events, and usage in both APIs."""

import inspect
import os
import re
from importlib.metadata import version
from typing import Annotated, get_args, get_origin
from unittest.mock import patch

import httpx2
import openai
from openai import OpenAI
from openai.types import CompletionUsage
from openai.types.responses import ResponseStreamEvent, ResponseUsage
from pydantic import BaseModel

from openai_sandbox.wire.members import rows

from ..data.generated import generates
from .object_fields import fields, words

STATUSES = (400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 501, 502, 503, 504, 505, 529)

# The same quantity in both APIs; None if only one has it.
USAGE: tuple[tuple[str, str | None, str | None], ...] = (
    ("read, all together", "input_tokens", "prompt_tokens"),
    ("of these, from the cache", "input_tokens_details.cached_tokens", "prompt_tokens_details.cached_tokens"),
    ("written to the cache", "input_tokens_details.cache_write_tokens", "prompt_tokens_details.cache_write_tokens"),
    ("written, all together", "output_tokens", "completion_tokens"),
    (
        "of these, hidden reasoning",
        "output_tokens_details.reasoning_tokens",
        "completion_tokens_details.reasoning_tokens",
    ),
    ("read and written", "total_tokens", "total_tokens"),
)


def raised(status: int) -> tuple[type[Exception], int]:
    """Return the exception that the SDK raises for a status, and how many requests it sends by default."""
    sent = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(status, json={"error": {}}, headers={"retry-after-ms": "1"})

    transport = httpx2.MockTransport(answer)
    with OpenAI(api_key="sk-sandbox", http_client=httpx2.Client(transport=transport)) as client:
        try:
            client.models.list()
        except openai.APIStatusError as error:
            return type(error), len(sent)
    raise ValueError(f"status {status} raised nothing")


def exceptions() -> list[type[Exception]]:
    """Return the public exception classes, each after its base class."""
    classes = [getattr(openai, name) for name in openai.__all__]
    own = [found for found in classes if inspect.isclass(found) and issubclass(found, Exception)]
    return sorted(own, key=lambda found: [base.__name__ for base in reversed(found.__mro__)])


@generates("docs/includes/generated/exceptions.md")
def exception_table() -> str:
    """Return the tree of exceptions: base class, the statuses that raise each, and whether the client retries first."""
    statuses: dict[str, list[tuple[int, int]]] = {}
    for status in STATUSES:
        kind, requests = raised(status)
        statuses.setdefault(kind.__name__, []).append((status, requests))
    lines = ["| Exception | Is a | Status | Retried first | Attributes |", "|---|---|---|---|---|"]
    for kind in exceptions():
        seen = statuses.get(kind.__name__, [])
        retried = {requests > 1 for _, requests in seen}
        if kind in (openai.APIConnectionError, openai.APITimeoutError):
            retried = {True}
        attributes = [name for name in _attributes(kind) if not name.startswith("_")]
        lines.append(
            f"| `{kind.__name__}` | `{kind.__bases__[0].__name__}` | {_statuses(seen)} "
            f"| {_retried(seen, retried)} | {', '.join(f'`{name}`' for name in attributes) or '—'} |"
        )
    return "\n".join([*lines, "", note()])


def _attributes(kind: type[Exception]) -> list[str]:
    own = vars(kind)
    return [*own.get("__annotations__", {}), *(name for name in own if isinstance(own[name], property))]


def _statuses(seen: list[tuple[int, int]]) -> str:
    if seen and all(status >= 500 for status, _ in seen):
        return "500 and above"
    return ", ".join(str(status) for status, _ in seen) or "—"


def _retried(seen: list[tuple[int, int]], retried: set[bool]) -> str:
    if len(retried) < 2:
        return {frozenset({True}): "yes", frozenset({False}): "no"}.get(frozenset(retried), "—")
    return ", ".join(f"{status}: {'yes' if requests > 1 else 'no'}" for status, requests in seen)


@generates("docs/includes/generated/client-options.md")
def option_table() -> str:
    """Return the arguments of `OpenAI()`, each with its default and the environment variable it is taken from."""
    source = inspect.getsource(openai.lib._client_auth)
    with patch.dict(os.environ):
        os.environ.pop("OPENAI_BASE_URL", None)
        client = OpenAI(api_key="sk-sandbox")
    with client:
        timeout = client.timeout
        waits = f"{timeout.read:g} s" if isinstance(timeout, httpx2.Timeout) else str(timeout)
        defaults = {"base_url": f"`{client.base_url}`", "timeout": waits}
    lines = ["| Argument | Type | Default | Environment variable |", "|---|---|---|---|"]
    for name, parameter in list(inspect.signature(OpenAI.__init__).parameters.items())[1:]:
        if name.startswith("_"):
            continue
        variable = re.search(rf'\b{name} = _sdk_client\.os\.environ\.get\("(\w+)"\)', source)
        default = (
            defaults.get(name) or "—"
            if repr(parameter.default) in ("NOT_GIVEN", "None")
            else f"`{parameter.default!r}`"
        )
        kind = re.sub(r"\bNotGiven\b|\| *$", "", str(parameter.annotation)).strip(" |")
        kind = re.sub(r" \| None\b", "", kind).replace("|", "\\|")
        lines.append(f"| `{name}` | {kind} | {default} | {f'`{variable[1]}`' if variable else '—'} |")
    return "\n".join([*lines, "", note()])


@generates("docs/includes/generated/stream-events.md")
def event_table() -> str:
    """Return the events of a streamed response: type, and what each contains."""
    members = get_args(ResponseStreamEvent)[0] if get_origin(ResponseStreamEvent) is Annotated else ResponseStreamEvent
    lines = ["| Event | Brings | What it says |", "|---|---|---|"]
    for event in sorted(get_args(members), key=_event_type):
        brings = [name for name in event.model_fields if name not in ("type", "sequence_number")]
        said = " ".join((inspect.getdoc(event) or "—").split("\n\n")[0].split()).replace("|", "\\|")
        if said.startswith("!!!") or "BaseModel" in said:
            said = "—"
        lines.append(f"| `{_event_type(event)}` | {', '.join(f'`{name}`' for name in brings) or '—'} | {said} |")
    (padding,) = rows()["response.stream"]
    also = f"By default, deltas can have `{padding.member}`; `include_obfuscation` in `stream_options` turns it off."
    return "\n".join([*wrapping(lines), "", also, "", note()])


def _event_type(event: type[BaseModel]) -> str:
    return words(event.model_fields["type"].annotation).strip('"')


@generates("docs/includes/generated/usage-fields.md")
def usage_table() -> str:
    """Return the usage fields of both APIs side by side.

    Raises:
        ValueError: a field of USAGE does not exist in the SDK.
    """
    responses = {field.path for field in fields(ResponseUsage, ("**",))}
    chat = {field.path for field in fields(CompletionUsage, ("*",))}
    lines = ["| Tokens | `response.usage` | `completion.usage` |", "|---|---|---|"]
    for meaning, new, old in USAGE:
        if (new and new not in responses) or (old and old not in chat):
            raise ValueError(f"docs/_tools/tables/sdk.py: the SDK has no usage field {new} or {old}")
        lines.append(f"| {meaning} | {f'`{new}`' if new else '—'} | {f'`{old}`' if old else '—'} |")
    lines = wrapping(lines, "both-apis")
    only = sorted(chat - {old for _, _, old in USAGE} - {path for path in chat if path.endswith("_details")})
    lines += ["", "Chat Completions also counts " + ", ".join(f"`{path}`" for path in only) + "."]
    only = sorted(responses - {new for _, new, _ in USAGE} - {path for path in responses if path.endswith("_details")})
    lines += ["", "Responses also counts " + ", ".join(f"`{path}`" for path in only) + ".", "", note()]
    return "\n".join(lines)


def wrapping(table: list[str], look: str = "") -> list[str]:
    """Return a table whose cells are below each other on a phone. `look` is a class that says what a cell is."""
    return [f'<div class="{f"wrapping-table {look}".strip()}" markdown>', "", *table, "", "</div>"]


def note() -> str:
    """Return the line below a table that says from which version of the SDK it is."""
    return f"<small>From openai {version('openai')}.</small>\n"
