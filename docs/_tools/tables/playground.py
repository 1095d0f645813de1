"""What the playground offers and explains: its starting programs, models, faults, and a text for what is on the wire.

Nothing of it is written for the playground: faults come from the sandbox, texts from the ledger, from the pages about
errors, from the page about headers, and from the SDK.
"""

import inspect
import json
import re
from typing import Annotated, get_args, get_origin

from openai.types.responses import ResponseStreamEvent

from openai_sandbox.faults import KINDS
from openai_sandbox.http.address import API_KEY, WEBHOOK_SECRET
from openai_sandbox.model.families import as_of, available
from openai_sandbox.wire.masking import PREFIXES

from ..data.as_of import ROOT
from ..data.generated import generates
from ..ledger.claims import ledger
from ..ledger.pages import plain
from . import error_codes, exception_sections, sdk

SNIPPETS = ROOT / "snippets" / "playground"
HEADERS = ROOT / "docs" / "reference" / "objects" / "response-headers.md"
PROGRAMS = {"Responses": "playground_responses.py", "Chat Completions": "playground_chat.py"}
PATHS = {"Responses": "/v1/responses", "Chat Completions": "/v1/chat/completions"}
CLAIMS = ("request-shape", "chat-request", "retry-repeats-request", "backoff", "retry-after")
DEFINITION = re.compile(r"^(?P<terms>`[^\n]+)\n:   (?P<text>.+?)\n\n", re.MULTILINE | re.DOTALL)
NOT_OFFERED = {"ok"}
OPTIONS = {"http_error": "http_error status=409"}
"""Directives of faults that are nothing without an option."""


def faults() -> list[dict[str, object]]:
    """Return the faults of requests: the directive, what it does, what the SDK does, and in which API."""
    kinds = [kind for kind in KINDS.values() if not kind.of_deliveries and kind.name not in NOT_OFFERED]
    return [
        {
            "name": kind.name,
            "directive": OPTIONS.get(kind.name, kind.name),
            "does": _sentence(kind.does),
            "raises": _sentence(kind.raises),
            "apis": [api for api, path in PATHS.items() if not kind.routes or path in kind.routes],
        }
        for kind in kinds
    ]


def headers() -> list[dict[str, object]]:
    """Return what the page about headers says of them, together as there.

    Raises:
        ValueError: the page has no list of headers any more.
    """
    found: list[dict[str, object]] = []
    for entry in DEFINITION.finditer(HEADERS.read_text("utf-8")):
        text = plain(" ".join(entry["text"].split())).removesuffix(" See below.")
        names = re.findall(r"`([a-z-]+)`", entry["terms"])
        also = [name.replace("-requests", "-tokens") for name in names if name.endswith("-requests")]
        found.append({"names": names + also, "text": f"{entry['terms']} {text}"})
    if not any("x-request-id" in entry["names"] for entry in found):  # type: ignore[operator]
        raise ValueError("docs/_tools/tables/playground.py: the page about headers describes no x-request-id")
    return found


def events() -> dict[str, str]:
    """Return what the SDK says of each streamed event."""
    members = get_args(ResponseStreamEvent)[0] if get_origin(ResponseStreamEvent) is Annotated else ResponseStreamEvent
    found = {sdk._event_type(event): inspect.getdoc(event) or "" for event in get_args(members)}
    said = {name: " ".join(text.split("\n\n")[0].split()) for name, text in sorted(found.items())}
    return {name: text for name, text in said.items() if text and not re.search(r"^!!!|BaseModel", text)}


@generates("docs/assets/data/playground.json")
def data() -> str:
    """Return what the page loads, each part on a line."""
    claims = ledger(ROOT)
    classes = {section.name: section for section in exception_sections.sections()}
    statuses = {str(status): sdk.raised(status)[0].__name__ for status in sdk.STATUSES}
    connection = ("APIConnectionError", "APITimeoutError", "APIError")
    raised = {name: plain(classes[name].do) for name in sorted({*statuses.values(), *connection})}
    parts: dict[str, object] = {
        "programs": [
            {"api": api, "name": name, "source": (SNIPPETS / name).read_text("utf-8")} for api, name in PROGRAMS.items()
        ],
        "models": [model.id for model in available(as_of())],
        "faults": faults(),
        "keys": {"prefixes": PREFIXES, "public": [API_KEY, WEBHOOK_SECRET]},
        "claims": {name: plain(claims[name].statement) for name in CLAIMS},
        "codes": {code: plain(text) for code, text in error_codes.remedies().items()},
        "statuses": statuses,
        "exceptions": raised,
        "headers": headers(),
        "events": events() | {"chat.completion.chunk": _chunk()},
    }
    lines = ",\n ".join(f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in parts.items())
    return f"{{\n {lines}\n}}\n"


def _chunk() -> str:
    from openai.types.chat import ChatCompletionChunk

    return " ".join((inspect.getdoc(ChatCompletionChunk) or "").split("\n\n")[0].split())


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
