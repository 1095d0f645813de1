"""Cassettes made for tests: a sandbox stands for the real API, and another one in front of it records."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cassettes import document
from openai_sandbox.cassettes.messages import Exchange

from ...conftest import PINNED

Calls = Callable[[OpenAI], Any]


def record(path: Path, calls: Calls, faults: str | None = None, **options: Any) -> tuple[Any, Sandbox]:
    """Make calls that are recorded, and return what they return, and the upstream. `faults` are the upstream's."""
    with (
        Sandbox(faults, set_environment=False, **PINNED) as back,
        Sandbox(upstream=back.base_url, record=path, **options),
        OpenAI() as client,
    ):
        return calls(client), back


def replay(path: Path, calls: Calls, **options: Any) -> Any:
    """Make calls that are answered from a cassette, and return what they return."""
    with Sandbox(replay=path, **options), OpenAI() as client:
        return calls(client)


def exchanges(path: Path) -> list[Exchange]:
    """Return what a cassette holds."""
    return document.read(path.read_text("utf-8"), path.name)[0]


def write(path: Path, *given: dict[str, Any]) -> Path:
    """Write a cassette by hand."""
    path.write_text(json.dumps({"openai_cassette": 1, "exchanges": list(given)}), "utf-8")
    return path


def exchange(body: Any, answer: Any, path: str = "/v1/responses", **more: Any) -> dict[str, Any]:
    """Return an exchange as it stands in a cassette."""
    return {
        "request": {"method": "POST", "path": path, "json": body},
        "response": {"status": 200, "after": 0.0, "headers": {"content-type": "application/json"}, "json": answer}
        | more,
    }
