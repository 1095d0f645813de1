"""The file: one JSON document that people and other programs read, and that survives a crash."""

import copy
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from openai_sandbox import Sandbox
from openai_sandbox.cassettes import CassetteError, document, file, messages
from openai_sandbox.cli import main

from ...good_requests import COMPLETION, RESPONSE, SMALL, form
from .recorded import exchange, exchanges, record, write

SCHEMA = json.loads(files("openai_sandbox.cassettes").joinpath("cassette.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

STREAMED: dict[str, Any] = {
    "recorded": "2026-11-21T12:00:00Z",
    "request": {
        "method": "POST",
        "path": "/v1/responses",
        "query": "a=b",
        "headers": {"a": "b"},
        "json": {"stream": True},
    },
    "response": {
        "status": 200,
        "after": 0.5,
        "headers": {"content-type": "text/event-stream"},
        "events": [
            {"after": 0.0, "event": "a", "json": {}},
            {"after": 0.1, "data": "[DONE]"},
            {"after": 1, "raw": ":\n"},
        ],
        "ending": "cut",
    },
}
UPLOADED: dict[str, Any] = {
    "request": {
        "method": "POST",
        "path": "/v1/files",
        "form": [
            {"name": "purpose", "text": "batch"},
            {"name": "file", "filename": "a", "content_type": "b", "base64": "//s="},
            {"name": "file", "bytes": 3, "sha256": "a" * 64},
        ],
    },
    "response": {"status": 200, "after": 0.5, "base64": "//s="},
}


def whole(*given: Any) -> dict[str, Any]:
    return {"openai_cassette": 1, "exchanges": list(given)}


def test_it_is_one_json_document_in_short_lines(tmp_path: Path) -> None:
    cassette = tmp_path / "a.json"
    record(cassette, lambda client: [client.responses.create(**RESPONSE, stream=True).close() for _ in range(2)])
    record(tmp_path / "b.json", lambda client: client.embeddings.create(**SMALL, input="Hi", encoding_format="float"))
    for path in (cassette, tmp_path / "b.json"):
        text = path.read_text("utf-8")
        VALIDATOR.validate(json.loads(text))
        assert text.startswith('{"openai_cassette": 1, "exchanges": [\n{\n "recorded": "20')
        assert text.endswith("\n}\n]}\n")
    lines = [line for line in cassette.read_text("utf-8").splitlines() if len(line) > 120]
    assert all(line.lstrip().startswith('"') or "encrypted" in line for line in lines), lines[0]
    assert (tmp_path / "b.json").read_text("utf-8").count("\n") < 60  # a vector is one line


CHANGES: tuple[Any, ...] = (None, 7, -1, "x", [], {})


def mutations(value: Any) -> Iterator[Any]:
    """Yield a document with one thing in it changed, taken away or added, everywhere."""
    for path, key in places(value, ()):
        for change in CHANGES:
            yield changed(value, path, key, change)
        yield changed(value, path, key, ...)
        if isinstance(key, str):
            for name in ("other", "json", "text"):
                yield changed(value, path, name, "x")


def changed(value: Any, path: tuple[Any, ...], key: Any, change: Any) -> Any:
    copied = copy.deepcopy(value)
    holder = copied
    for step in path:
        holder = holder[step]
    if change is ...:
        del holder[key]
    else:
        holder[key] = change
    return copied


def places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield path, key
            yield from places(value[key], (*path, key))


def test_what_the_schema_takes_is_read_and_nothing_else() -> None:
    good = whole(STREAMED, UPLOADED)
    VALIDATOR.validate(good)
    document.read(json.dumps(good), "a")
    tried = 0
    for other in mutations(good):
        valid = VALIDATOR.is_valid(other)
        try:
            document.read(json.dumps(other), "a")
            read = True
        except CassetteError:
            read = False
        assert read == valid, json.dumps(other)
        tried += 1
    assert tried > 400


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a list under 'interactions'"),
        ("[]", "expected a list under 'interactions'"),
        ('{"openai_cassette": 2, "exchanges": []}', "version 2, but this reads version 1: update openai-sandbox"),
        ('{"openai_cassette": 1, "exchanges": {}}', "'exchanges' has to be a list"),
        ('{"openai_cassette": 1, "exchanges": [], "a": 1}', "'a' is unknown"),
        ('{"openai_cassette": 1, "exchanges": [\n{"request": 1}\n]}', "exchange 1, request: "),
        (json.dumps(whole(exchange({}, {}), exchange({}, {}, status="200"))), "exchange 2, response.status: "),
        (json.dumps(whole(exchange({}, {}, text="a"))), "exchange 1, response: a body is given as json and as text"),
        ('{"openai_cassette": 1, "exchanges": [\n<<<<<<< HEAD\n{}\n]}\n', r"a\.json:2: not JSON"),
        ('{"openai_cassette": 1, "exchanges":', "Delete it and record again"),
    ],
)
def test_a_bad_file_is_told_by_its_place_with_exit_code_2(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        Sandbox(replay=path)
    for command in (["serve", "--replay", str(path)], ["run", "--replay", str(path), __file__]):
        assert main(command) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"openai-sandbox: {path}")
        assert re.search(said, error)
        assert error.count("\n") == 1


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="cannot be read: no such file"):
        Sandbox(replay=tmp_path / "a.json")
    (tmp_path / "b.json").write_bytes(b"\xff")
    with pytest.raises(CassetteError, match="no UTF-8 at byte 0"):
        Sandbox(replay=tmp_path / "b.json")


def test_a_file_that_broke_off_is_read_up_to_there_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.json"
    kept: list[messages.Exchange] = [STREAMED, UPLOADED, STREAMED]  # type: ignore[list-item]
    for one in kept:
        file.append(path, one)
    text = path.read_bytes()
    last = text.rindex(b',\n{\n "recorded"')
    for end in range(last, len(text) - len(document.TAIL) + 3, 29):
        path.write_bytes(text[:end])
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert file.read(path) == kept[: 3 if end > len(text) - 6 else 2]
        assert "breaks off after exchange" in caplog.text
        file.append(path, kept[2])
        assert json.loads(path.read_text("utf-8"))["exchanges"][:3] == kept


def test_a_file_that_was_written_by_hand_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(whole(STREAMED), indent=4))
    file.append(path, UPLOADED)  # type: ignore[arg-type]
    empty = write(tmp_path / "b.json")
    file.append(empty, UPLOADED)  # type: ignore[arg-type]
    assert [exchanges(one) for one in (path, empty)] == [[STREAMED, UPLOADED], [UPLOADED]]


def test_nothing_is_added_to_another_file(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text('{"name": "x"}')
    with pytest.raises(CassetteError, match="so nothing can be added: name another file"):
        file.append(path, UPLOADED)  # type: ignore[arg-type]
    assert path.read_text() == '{"name": "x"}'


WRITER = """
import sys, threading
from pathlib import Path
from openai_sandbox.cassettes import file
def write(name):
    for n in range(20):
        request = {"method": "POST", "path": "/v1/x", "text": f"{name}.{n} " + "x" * 3000}
        file.append(Path(sys.argv[1]), {"request": request, "response": {"status": 200, "after": 0.0}})
threads = [threading.Thread(target=write, args=(f"{sys.argv[2]}.{n}",)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_processes_and_threads_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.json"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(n)]) for n in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    found = [one["request"]["text"].split()[0] for one in exchanges(path)]
    assert len(found) == len(set(found)) == 3 * 4 * 20
    for name in {text.rpartition(".")[0] for text in found}:  # each writer in its order
        assert [text for text in found if text.startswith(f"{name}.")] == [f"{name}.{n}" for n in range(20)]


def test_a_recorder_that_is_killed_leaves_what_it_has_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    endless = WRITER.replace("range(20)", "iter(int, 1)")
    with subprocess.Popen([sys.executable, "-c", endless, str(path), "0"]) as writer:
        while not path.exists() or path.stat().st_size < 200_000:
            assert writer.poll() is None
        writer.kill()
    assert len(file.read(path)) > 20
    file.append(path, UPLOADED)  # type: ignore[arg-type]
    VALIDATOR.validate(json.loads(path.read_text("utf-8")))


def test_an_answer_that_cannot_be_recorded_is_passed_on_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def calls(client: Any) -> str:
        (tmp_path / "a.json").mkdir()
        return str(client.chat.completions.create(**COMPLETION).id)

    said, _ = record(tmp_path / "a.json", calls)
    assert said.startswith("chatcmpl-")
    assert "an answer could not be recorded" in caplog.text


@pytest.mark.parametrize("text", ["\ud800", "\u2028 é 漢 \0", '"\\', "<script>"])
def test_any_text_is_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    one: Any = exchange({"input": text}, {"output": text})
    file.append(path, one)
    assert file.read(path) == [one]


def test_bodies_come_out_as_they_went_in() -> None:
    given = form(b"\xff\x00", purpose="batch", note="é")
    kept = {"form": messages.body(given["headers"]["content-type"], given["content"], is_request=True)["form"]}
    again = messages.body(messages.content_type(kept), messages.raw_body(kept), is_request=True)
    assert again == kept
    for raw in (b"{}", b'{"a":[1,2.5,"\xc3\xa9"]}', b"text\r\n", b"\xff", b'{"a": NaN}', b"[" * 100_000, b""):
        assert messages.raw_body(messages.body("application/json", raw)) == raw
    for frame in (
        b"data: {}\n\n",
        b"event: a\ndata: [1]\n\n",
        b"data: [DONE]\n\n",
        b": ping\n\n",
        b"data:a\r\n\r\n",
        b"data: x",
    ):
        assert messages.frame(messages.event(frame, 0.0)) == frame
