"""The way of `pytest --live`, tried against a second sandbox that stands for the real API."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openai import APIStatusError, OpenAI

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.http.address import API_KEY
from tests import forked_python

from .real_api import SNIPPETS, Relay, dollars, relaying, run

ASK = ROOT / "snippets" / "lessons" / "first_call" / "ask.py"
STREAM = ROOT / "snippets" / "lessons" / "first_call" / "stream.py"


def test_there_are_snippets_for_the_real_api() -> None:
    assert len(SNIPPETS) >= 40
    assert ASK in SNIPPETS


def live(*arguments: str, folder: Path, **variables: str) -> tuple[int, str, Any]:
    """Run `pytest --live` on one snippet, and return the exit code, what was printed, and the report."""
    report = folder / "report.json"
    environment = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"} | variables
    options = ["tests/live", "--live", "--live-report", str(report), *arguments]
    done = forked_python.run("pytest", *options, cwd=ROOT, env=environment)
    return done.returncode, done.stdout + done.stderr, json.loads(report.read_text()) if report.exists() else None


def test_a_run_writes_a_report_with_what_was_spent(tmp_path: Path) -> None:
    with Sandbox(seed=1) as api:
        variables = {"OPENAI_BASE_URL": f"{api.base_url}", "OPENAI_API_KEY": "sk-sandbox-live"}
        code, said, report = live("-k", "first_call/ask.py or first_call/stream.py", folder=tmp_path, **variables)
        headers = [exchange.headers["authorization"] for exchange in api.requests]
    assert code == 0, said
    assert "2 passed" in said
    assert {row["snippet"].rpartition("/")[2]: row["ended"] for row in report["snippets"]} == {
        "ask.py": "as shown",
        "stream.py": "as shown",
    }
    assert report["dollars"] > 0
    assert not report["stopped_by_cap"]
    assert date.fromisoformat(report["date"])
    assert len(headers) == 2


def test_a_run_stops_when_its_cap_is_reached(tmp_path: Path) -> None:
    with Sandbox(seed=1) as api:
        variables = {"OPENAI_BASE_URL": f"{api.base_url}", "OPENAI_API_KEY": "sk-sandbox-live"}
        code, said, report = live("--live-cap", "0", folder=tmp_path, **variables)
        assert not api.requests
    assert code == 1
    assert "the cap of $0 is reached: raise it with --live-cap" in said
    assert report["stopped_by_cap"]


def test_without_a_key_nothing_runs(tmp_path: Path) -> None:
    code, said, report = live(folder=tmp_path)
    assert code == 4
    assert "--live needs a real key: set OPENAI_API_KEY" in said
    assert report is None


def test_what_the_real_api_has_otherwise_is_reported() -> None:
    with Sandbox(seed=1, today=date(2025, 7, 1)) as api, relaying(Relay(api.base_url, API_KEY, 1.0)) as relay:
        found = run(ASK, relay)
    assert found.fine
    assert any("billing: missing in the recording" in difference for difference in found.differences)
    assert found.untyped == ["#1 usage.input_tokens_details.cache_write_tokens: Field required"]


def test_a_snippet_that_fails_says_how_it_ended() -> None:
    with Sandbox("http_error status=422", seed=1) as api, relaying(Relay(api.base_url, API_KEY, 1.0)) as relay:
        found = run(ASK, relay)
    assert not found.fine
    assert found.ended.startswith("openai.UnprocessableEntityError")


def test_the_key_stays_with_the_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(seed=1) as api, relaying(Relay(api.base_url, f"{API_KEY}-real", 1.0)) as relay:
        client = OpenAI(base_url=relay.address, api_key="sk-any", max_retries=0)
        assert client.responses.create(model="gpt-6-luna", input="Say hello").output_text
        assert [piece.type for piece in client.responses.create(model="gpt-6-luna", input="Hi", stream=True)]
        relay.cap = 0.0
        with pytest.raises(APIStatusError, match="are spent"):
            client.models.list()
        client.close()
    assert len(relay.exchanges) == 2
    assert relay.spent > 0


def test_an_answer_without_usage_costs_nothing_and_one_without_a_price_a_little() -> None:
    assert dollars("application/json", b'{"object": "list", "data": []}') == 0.0
    unknown = b'{"model": "gpt-99", "usage": {"input_tokens": 1, "output_tokens": 1}}'
    assert dollars("application/json", unknown) > 0
