"""Recorded requests are sent as of their day, with what they refer to."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openai_sandbox.cli import main
from openai_sandbox.compare.recordings import of_line, read
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


def test_what_the_first_request_of_a_chain_sent_is_known_to_the_third() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_sent", "name": "f", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "call_sent", "output": "4"}
    said = {"role": "user", "content": "Hi"}
    first = line({"input": [said, call, output]}, {"object": "response", "id": "resp_1", "output": []})
    second = line(
        {"previous_response_id": "resp_1", "input": "Go on"}, {"object": "response", "id": "resp_2", "output": []}
    )
    again = output | {"id": "fc_2"}
    *_, third = replay([first, second, line({"previous_response_id": "resp_2", "input": [again]}, {})])
    assert third.here.status == 200


def test_a_conversation_holds_what_the_live_api_answered() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_live", "name": "f", "arguments": "{}"}
    first = {"object": "response", "id": "resp_1", "output": [call]}
    output = {"type": "function_call_output", "call_id": "call_live", "output": "4"}
    asked = {"conversation": "conv_1", "input": "Say hello"}
    then = {"conversation": "conv_1", "input": [output]}
    _, second = replay([line(asked, first), line(then, {})])
    assert second.here.status == 200


def missing_headers(tmp_path: Path, *names: str) -> list[str]:
    file = tmp_path / "a.yaml"
    headers = {name: ["1"] for name in names}
    file.write_text(cassette(*[(ASKED, ANSWER)] * 12, headers=headers), encoding="utf-8")
    outcomes = list(replay(read(file)))
    assert {outcome.here.status for outcome in outcomes} == {200}
    return sorted({difference.place for outcome in outcomes for difference in outcome.structure})


def test_headers_of_the_api_that_are_missing_here_are_told(tmp_path: Path) -> None:
    assert missing_headers(tmp_path, "X-Request-Id", "openai-processing-ms", "openai-version", "CF-Ray") == []
    assert missing_headers(tmp_path, "openai-new") == ["header openai-new"]


def test_headers_of_rate_limits_are_there_where_a_recording_has_them(tmp_path: Path) -> None:
    names = ("limit-requests", "limit-tokens", "remaining-requests", "remaining-tokens", "reset-requests")
    assert missing_headers(tmp_path, *(f"x-ratelimit-{name}" for name in names)) == []


def test_json_lines_may_name_headers() -> None:
    said = {"status": 200, "body": json.loads(ANSWER), "headers": ["x-request-id", "openai-new"]}
    (outcome,) = replay([of_line("a", {"path": CHAT, "request": ASKED, "recorded": "2026-08-01", "live": said})])
    assert [difference.place for difference in outcome.structure] == ["header openai-new"]


def test_the_report_groups_by_route(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"path": f"/v1/responses/resp_{n}", "request": None, "live": {"status": 404, "body": {}}} for n in "ab"]
    lines.append({"path": "/v1/unheard/of", "request": None, "live": {"status": 404, "body": {}}})
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    main(["compare", str(tmp_path)])
    said = capsys.readouterr().out
    assert "GET /v1/responses/{response_id}      2" in said
    assert "GET /v1/unheard/of" in said


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
    (outcome,) = replay(
        [
            line(
                {"input": "Draw", "tools": [{"type": "image_generation", "size": "40x40"}], "tool_choice": "required"},
                {},
            )
        ]
    )
    assert outcome.unsupported == "tools[0].size"


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


def test_vector_stores_and_mcp_servers_that_a_recording_names_are_there() -> None:
    search = {"type": "file_search", "vector_store_ids": ["vs_live"]}
    server = {
        "type": "mcp",
        "server_label": "a",
        "server_url": "https://mcp.example.org/mcp",
        "require_approval": "never",
    }
    bodies: list[Any] = [{"input": "Who made it?", "tools": [search, server]}]
    bodies.append({"prompt": {"id": f"pmpt_{'0' * 32}"}, "tools": [search]})
    assert [outcome.here.status for outcome in replay(line(body, {}) for body in bodies)] == [200, 200]


@pytest.mark.parametrize("tools", [5, "x", {"a": 1}, [5], [{"vector_store_ids": 5}], [{"vector_store_ids": [5]}]])
def test_tools_that_are_none_do_not_end_a_comparison(tools: Any) -> None:
    (outcome,) = replay([line({"input": "Hi", "tools": tools}, {})])
    assert outcome.here.status == 400
