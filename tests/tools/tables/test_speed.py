"""The benchmark of the sandbox: what it reads, what it fails on, and the table made from it."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from docs._tools.data.as_of import written_out
from docs._tools.tables import speed
from tests.benchmarks import flame_graph, sandbox_speed


@pytest.fixture
def measured() -> dict[str, Any]:
    """What was measured and committed."""
    data: dict[str, Any] = json.loads(sandbox_speed.DATA.read_text("utf-8"))
    return data


def event(number: int, type: str, **fields: Any) -> str:
    return f"event: {type}\ndata: {json.dumps({'type': type, 'sequence_number': number} | fields)}\n\n"


def stream(*parts: str) -> bytes:
    done = {"output": [{"type": "message", "content": [{"text": "".join(parts)}]}]}
    deltas = [event(n, "response.output_text.delta", delta=part) for n, part in enumerate(parts, 1)]
    events = [event(0, "response.created"), *deltas, event(len(parts) + 1, "response.completed", response=done)]
    return "".join(events).encode()


def test_a_stream_is_complete_only_with_every_event_in_order() -> None:
    whole = stream("Hel", "lo", "!")  # codespell:ignore hel
    frames = whole.split(b"\n\n")[:-1]
    assert sandbox_speed.complete(whole)
    for at in range(len(frames)):
        left_out = b"\n\n".join(frames[:at] + frames[at + 1 :]) + b"\n\n"
        assert not sandbox_speed.complete(left_out), f"without event {at}"
    swapped = b"\n\n".join([frames[0], frames[2], frames[1], *frames[3:]]) + b"\n\n"
    assert not sandbox_speed.complete(swapped)
    assert not sandbox_speed.complete(whole.replace(b'"delta": "lo"', b'"delta": "la"'))


@pytest.mark.parametrize(
    ("text", "expected"), [("167.00us", 0.167), ("3.92ms", 3.92), ("1.02s", 1020), ("2.00m", 120000)]
)
def test_durations_are_read_as_wrk_prints_them(text: str, expected: float) -> None:
    assert sandbox_speed.milliseconds(text) == pytest.approx(expected)


def test_a_fifth_lost_against_aimock_fails_the_benchmark_and_less_does_not(measured: dict[str, Any]) -> None:
    for case in measured["cases"]:
        case["ratio"] = 1.0
    slower = json.loads(json.dumps(measured))
    slower["cases"][2]["ratio"] = 0.81
    assert sandbox_speed.losses(measured, slower) == []
    slower["cases"][2]["ratio"] = 0.79
    (loss,) = sandbox_speed.losses(measured, slower)
    assert loss.startswith("plain, 50 connections") and loss.endswith("was 1.0")


def test_what_is_committed_is_complete_and_within_bounds(measured: dict[str, Any]) -> None:
    assert sandbox_speed.violations(measured) == []
    assert list(map(sandbox_speed.case_of, measured["cases"])) == sandbox_speed.CASES
    assert measured["streams"]["at_once"] == measured["streams"]["streams"] == 1_000
    assert measured["stored"]["responses"] == 200_000


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [("streams", "complete", 999), ("stored", "megabytes", 151), ("stored", "last_us", 1e6)],
)
def test_an_incomplete_stream_too_much_memory_or_growing_costs_fail_it(
    measured: dict[str, Any], part: str, key: str, value: float
) -> None:
    measured[part][key] = value
    assert len(sandbox_speed.violations(measured)) == 1


def test_being_behind_aimock_fails_it_where_only_the_servers_count(measured: dict[str, Any]) -> None:
    for case in measured["cases"]:
        case["ratio"] = 0.99
    assert sum("behind aimock" in found for found in sandbox_speed.violations(measured)) == 4


def test_wrk_is_told_all_prompts_and_no_two_are_the_same(tmp_path: Path) -> None:
    script = sandbox_speed.wrk_script(sandbox_speed.Case("wrk", True, 50, 10), tmp_path).read_text("utf-8")
    bodies = [json.loads(body) for body in re.findall(r"\[==\[(.*?)\]==\]", script)]
    assert len({body["input"] for body in bodies}) == 10
    assert all(body["stream"] for body in bodies)


def test_a_flame_graph_names_what_takes_the_time() -> None:
    samples = "main (a.py:1);ask (b.py:2) 3\nmain (a.py:9);answer (b.py:7) 5\nmain (a.py:1);ask (b.py:4) 1\n"
    own, whole = flame_graph.shares(samples)
    assert own == {"ask (b.py)": 4, "answer (b.py)": 5}
    assert whole == {"main (a.py)": 9, "ask (b.py)": 4, "answer (b.py)": 5}


def test_without_wrk_it_says_so_and_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert sandbox_speed.main([]) == 2
    assert "wrk is not installed: apt-get install wrk" in capsys.readouterr().err


def test_the_table_names_its_conditions(measured: dict[str, Any]) -> None:
    table = speed.render()
    assert table.count("| plain |") == 5
    assert table.count("| streamed |") == 3
    for name in ("wrk", "python", "httptools", "aimock", "node", "llmock", "openai"):
        assert measured["conditions"][name] in table
    assert f"Packages as of {written_out(date.fromisoformat(measured['as_of']))}" in table
