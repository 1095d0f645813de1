"""What is new in the SDK and the price sources and has not been reviewed yet.

A new version of the SDK brings models, exceptions, parameters and events; a price source changes a price or a date.
Each is listed as new until somebody has updated pages, capabilities and claims and says so: looked_at.json holds what
existed at that time.
"""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import openai
from openai.resources.batches import Batches
from openai.resources.chat.completions import Completions
from openai.resources.embeddings import Embeddings
from openai.resources.responses import Responses
from openai.types.responses import ResponseStreamEvent

from .files import load
from .models import model_ids
from .shutdowns import shutdowns

FILE = Path(__file__).with_suffix(".json")
METHODS: dict[str, Any] = {
    "responses.create": Responses.create,
    "responses.parse": Responses.parse,
    "chat.completions.create": Completions.create,
    "chat.completions.parse": Completions.parse,
    "embeddings.create": Embeddings.create,
    "batches.create": Batches.create,
}
OF_EVERY_REQUEST = {"self", "extra_headers", "extra_query", "extra_body", "timeout"}

Found = dict[str, list[str]]
"""What exists, by kind."""


def found(prices: Mapping[str, str]) -> Found:
    """Return what exists now. `prices` has the prices of each model as text."""
    return {
        "model": sorted(model_ids()),
        "exception": sorted(
            name
            for name, value in list(vars(openai).items())
            if inspect.isclass(value) and issubclass(value, Exception)
        ),
        "parameter": sorted(
            f"{method} {name}"
            for method, function in METHODS.items()
            for name in inspect.signature(function).parameters
            if name not in OF_EVERY_REQUEST
        ),
        "event": sorted(_event_types()),
        "price": sorted(f"{model}: {price}" for model, price in prices.items()),
        "shutdown": sorted(
            f"{model}: {day} ({source})" for model, one in shutdowns().items() for source, day in one.said.items()
        ),
    }


def _event_types() -> list[str]:
    (union, *_) = get_args(ResponseStreamEvent)
    return [get_args(event.model_fields["type"].annotation)[0] for event in get_args(union)]


def looked_at() -> Found:
    """Return what has been reviewed."""
    known: dict[str, Any] = load(FILE, FILE.name)
    return {kind: list(names) for kind, names in known.items() if not kind.startswith("$")}


def new(now: Found, known: Found) -> Found:
    """Return what has not been reviewed yet, by kind: what exists now and was not known."""
    fresh = {kind: [name for name in names if name not in set(known.get(kind, ()))] for kind, names in now.items()}
    return {kind: names for kind, names in fresh.items() if names}


def accept(now: Found) -> None:
    """Record that everything that exists now has been reviewed."""
    command = "uv run python -m docs._tools.tables.freshness --accept"
    comment = {"$comment": f"Written by docs/_tools/tables/freshness.py: {command}"}
    FILE.write_text(json.dumps(comment | now, indent=1) + "\n", "utf-8")
