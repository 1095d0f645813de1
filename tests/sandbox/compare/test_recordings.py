"""Recordings are read from JSON lines and VCR cassettes, and what is none is told."""

import base64
import gzip
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.compare import RecordingError
from openai_sandbox.compare.recordings import read, read_all
from openai_sandbox.compare.replay import replay

from ...good_requests import CHAT, COMPLETION, FILES, form
from ..client import ask
from .recorded import ASKED, answered, cassette

ANSWER = answered(CHAT, ASKED)[2]


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def as_vcr_py() -> Any:
    return yaml.safe_load(cassette((ASKED, ANSWER)))["interactions"][0]


def test_a_cassette_of_vcr_py_is_read(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path, "a.yaml", cassette((ASKED, ANSWER))))
    assert (found.method, found.path, found.body) == ("POST", CHAT, ASKED)
    assert (found.id, found.recorded) == ("a.yaml#0", date(2026, 8, 1))
    assert found.live.parts[""]["choices[]/message/content"] == "str"
    assert found.answer == json.loads(ANSWER)


@pytest.mark.parametrize(
    "body",
    [
        {"string": gzip.compress(ANSWER)},
        {"base64_string": base64.b64encode(ANSWER).decode()},
        {"encoding": "UTF-8", "string": ANSWER.decode()},
    ],
    ids=["compressed", "base64", "as Ruby's VCR has it"],
)
def test_bodies_are_read_however_they_were_written(tmp_path: Path, body: Any) -> None:
    found = as_vcr_py()
    found["response"]["body"] = body
    (recording,) = read(written(tmp_path, "a.yml", yaml.safe_dump({"http_interactions": [found]})))
    assert recording.answer == json.loads(ANSWER)


def test_bodies_that_were_parsed_before_are_read(tmp_path: Path) -> None:
    found = as_vcr_py()
    found["request"] = {"method": "POST", "uri": f"https://x{CHAT}", "headers": {}, "parsed_body": ASKED}
    found["response"] |= {"parsed_body": json.loads(ANSWER)}
    (recording,) = read(written(tmp_path, "a.yaml", yaml.safe_dump({"interactions": [found]})))
    assert (recording.body, recording.answer) == (ASKED, json.loads(ANSWER))


def test_json_lines_hold_a_body_or_a_structure(tmp_path: Path) -> None:
    whole = {"path": CHAT, "request": ASKED, "live": {"status": 200, "body": json.loads(ANSWER)}}
    structure = {"path": CHAT, "request": ASKED, "live": {"status": 200, "members": {"id": "str"}}}
    lines = "\n".join(map(json.dumps, (whole, structure))) + "\n"
    first, second = read(written(tmp_path, "a.jsonl", lines))
    assert first.live.parts[""]["id"] == second.live.parts[""]["id"] == "str"
    assert second.answer is None


def test_a_folder_holds_recordings_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    written(tmp_path / "deep", "b.yaml", cassette((ASKED, ANSWER)))
    written(tmp_path, "notes.md", "no recording")
    assert [len(found) for found in read_all([tmp_path])] == [1]


def test_a_stream_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    body = 'data: {"type": "response.created", "response": {}}\n\ndata: [DONE]\n\ndata: {"type": "respo'
    line = {"path": "/v1/responses", "request": {"stream": True}, "live": {"status": 200, "body": body}}
    (found,) = read(written(tmp_path, "a.jsonl", json.dumps(line)))
    assert found.live.order == ("response.created",)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.md", "", "expected a file that ends in"),
        ("a.jsonl", "{", r"a\.jsonl:1: not JSON"),
        ("a.jsonl", "{}\n", r"a\.jsonl:1: expected an object with 'path'"),
        ("a.jsonl", '{"path": "/v1/x", "live": {}}', "not a recording: KeyError: 'status'"),
        ("a.yaml", "a: [", "not YAML"),
        ("a.yaml", "a: 1", "expected a list under 'interactions'"),
        ("a.yaml", "interactions: [1]", "interaction 1: not an interaction of VCR"),
    ],
)
def test_what_is_no_recording_is_told_by_its_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        read(written(tmp_path, name, text))


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no recordings"):
        list(read_all([tmp_path]))


def test_cassettes_say_what_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(RecordingError, match=r"openai-sandbox\[cassettes\]"):
        read(written(tmp_path, "a.yaml", "a: 1"))


def test_a_cassette_of_this_package_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    body = COMPLETION | {"stream": True}
    with Sandbox(set_environment=False) as back, Sandbox(upstream=back.base_url, record=path) as front:
        ask(front, "POST", CHAT, json=body)
        ask(front, "POST", FILES, **form(b"hello", purpose="user_data"))
    streamed, uploaded = read(path)
    assert (streamed.id, streamed.method, streamed.path, streamed.body) == ("a.json#1", "POST", CHAT, body)
    assert streamed.live.order[0] == "role"
    assert uploaded.content_type.startswith("multipart/form-data; boundary=")
    assert [outcome.structure for outcome in replay([streamed, uploaded])] == [[], []]


@pytest.mark.simulates("recording-stale")
def test_a_recording_that_no_longer_fits_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(cassette((ASKED | {"model": "chatgpt-4o-latest"}, ANSWER)).replace("2026", "2025"))
    assert main(["compare", str(path), "--status", "100"]) == 0
    capsys.readouterr()
    assert main(["compare", str(path), "--status", "100", "--today"]) == 1
    told = capsys.readouterr()
    assert "status: 200 in the recording, 404" in told.out
    assert "the same status in 0.0%, below 100%" in told.err
