"""Recorded requests are sent as of their day, with what they refer to."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openai_sandbox.cli import main
from openai_sandbox.compare.recordings import of_line
from openai_sandbox.compare.replay import replay

from ...good_requests import CHAT, FLAT_FUNCTION, LUNA, RESPONSES
from .recorded import ASKED, answered, cassette, recording

ANSWER = answered(CHAT, ASKED)[2]


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2025, 10, 1), date(2026, 3, 1), date(2026, 9, 1)])
@pytest.mark.parametrize("path", [CHAT, RESPONSES])
def test_a_recording_is_compared_with_the_api_of_its_day(path: str, day: date) -> None:
    body = ASKED if path == CHAT else {"model": "gpt-4o", "input": "Say hello"}
    (outcome,) = replay([recording(path, body, day)])
    assert outcome.same_structure, outcome.structure
    (later,) = replay([of_line("a", {"path": path, "request": body, "live": live(path, body, day)})])
    assert later.same_structure == (path == CHAT or day > date(2026, 8, 1))


def live(path: str, body: Any, day: date) -> dict[str, Any]:
    status, content_type, sent = answered(path, body, day)
    return {"status": status, "content_type": content_type, "body": json.loads(sent)}


def test_a_model_answers_as_long_as_it_did() -> None:
    body = ASKED | {"model": "gpt-3.5-turbo"}
    assert [outcome.here.status for outcome in replay([recording(CHAT, body, date(2026, 1, 1))])] == [200]


def line(body: Any, answer: Any, path: str = RESPONSES, status: int = 200) -> Any:
    said = {"status": status, "body": answer}
    return of_line("a", {"path": path, "request": LUNA | body, "recorded": "2026-08-01", "live": said})


def test_a_later_request_continues_what_the_live_api_answered() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_live", "name": "f", "arguments": "{}"}
    first = {"object": "response", "id": "resp_live", "output": [call]}
    output = {"type": "function_call_output", "call_id": "call_live", "output": "4"}
    then = {"previous_response_id": "resp_live", "input": [output]}
    _, second = replay([line({"input": "Hi", "tools": [FLAT_FUNCTION]}, first), line(then, {})])
    assert second.here.status == 200


@pytest.mark.parametrize(
    "more",
    [
        {"previous_response_id": "resp_earlier", "input": "Go on"},
        {"conversation": "conv_earlier", "input": "Go on"},
        {"previous_response_id": "r", "input": [{"type": "function_call_output", "call_id": "c", "output": "4"}]},
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file-earlier"}]}]},
    ],
)
def test_what_a_request_refers_to_is_there_if_the_live_api_had_it(more: Any) -> None:
    (there,) = replay([line(more, {})])
    assert there.here.status == 200
    (gone,) = replay([line(more, {"error": {"message": "No."}}, status=404)])
    assert gone.here.status in (400, 404)


def test_a_key_that_was_refused_is_refused() -> None:
    (outcome,) = replay([line({"input": "Hi"}, {"error": {"code": "invalid_api_key"}}, status=401)])
    assert outcome.here.status == 401


def test_what_the_sandbox_does_not_have_is_named() -> None:
    (outcome,) = replay([line({"input": "Hi", "tools": [{"type": "computer"}]}, {})])
    assert outcome.unsupported == "tools[0].type"


def test_the_command_reports_by_endpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(cassette((ASKED, ANSWER), (ASKED, b'{"id": "x"}')), encoding="utf-8")
    assert main(["compare", str(file)]) == 0
    said = capsys.readouterr().out
    assert "POST /v1/chat/completions      2       100.0%           50.0%" in said
    assert "choices: missing in the recording, list here  (a.yaml#1)" in said


@pytest.mark.parametrize(("bound", "code"), [("50", 0), ("51", 1)])
def test_a_bound_that_is_missed_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bound: str, code: int
) -> None:
    (tmp_path / "a.yaml").write_text(cassette((ASKED, ANSWER), (ASKED, b'{"id": "x"}')), encoding="utf-8")
    assert main(["compare", str(tmp_path), "--status", "100", "--structure", bound]) == code
    assert ("the same structure in 50.0%, below 51%" in capsys.readouterr().err) == bool(code)


def test_the_command_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(cassette((ASKED, ANSWER)), encoding="utf-8")
    assert main(["compare", "--json", str(tmp_path)]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert row["status"] == {"recording": 200, "sandbox": 200}
    assert (row["structure"], row["values"], row["unsupported"]) == ([], [], None)


def test_what_is_no_recording_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path / "nothing.yaml")]) == 2
    assert "nothing.yaml: cannot be read" in capsys.readouterr().err
