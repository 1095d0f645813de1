"""Which recording answers a request, and what a request is told for which there is none."""

import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.core import Core

from ...good_requests import CHAT, COMPLETION, FILES, RESPONSE, RESPONSES, form
from ..client import ask
from .recorded import exchange, write

TOOLS = [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": True}]
RICH = RESPONSE | {"tools": TOOLS, "temperature": 1, "stream": False, "metadata": {"run": "1"}, "user": "a"}


def answer(folder: Path, recorded: dict[str, Any], sent: Any, path: str = RESPONSES, **options: Any) -> httpx2.Response:
    """Ask a sandbox that has one recording."""
    cassette = write(folder / "a.json", recorded)
    given = {"json": sent} if sent is not None else {}
    return ask(Core(replay=cassette), "POST", path, **given | options)


@pytest.mark.simulates("replay-matching")
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"metadata": {"run": "2"}},
        {"user": "b", "safety_identifier": "c", "prompt_cache_key": "d"},
        {"stream": ...},
        {"temperature": 1.0},
        {"top_p": None},
        {"stream_options": {"include_obfuscation": False}},
    ],
)
def test_what_does_not_matter_to_the_answer_may_differ(tmp_path: Path, change: dict[str, Any]) -> None:
    sent = {name: value for name, value in (RICH | change).items() if value is not ...}
    backwards = dict(reversed(sent.items()))
    reply = answer(tmp_path, exchange(RICH, {"id": "resp_1"}), backwards, headers={"user-agent": "other", "x-a": "1"})
    assert reply.json() == {"id": "resp_1"}


@pytest.mark.simulates("replay-matching")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"input": "Say goodbye"}, "input: 'Say hello' in the recording, 'Say goodbye' in the request"),
        ({"model": "gpt-6-nova"}, "model: 'gpt-6-luna' in the recording, 'gpt-6-nova' in the request"),
        ({"tools": [TOOLS[0] | {"name": "g"}]}, "tools[0].name: 'f' in the recording, 'g' in the request"),
        ({"stream": True}, "stream: absent in the recording, true in the request"),
        ({"store": False}, "store: absent in the recording, false in the request"),
        ({"text": {"format": {"type": "json_object"}}}, "text.format.type: absent in the recording"),
        ({"temperature": 0.5}, "temperature: 1 in the recording, 0.5 in the request"),
    ],
)
def test_what_matters_may_not_and_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    reply = answer(tmp_path, exchange(RICH, {}), RICH | change)
    assert (reply.status_code, reply.json()["error"]["code"]) == (501, "recording_missing")
    assert "The nearest recording, a.json#1, differs. " in reply.json()["error"]["message"]
    assert said in reply.json()["error"]["message"]


def test_of_long_texts_the_place_is_shown_where_they_part(tmp_path: Path) -> None:
    long = "word " * 100
    reply = answer(tmp_path, exchange(RESPONSE | {"input": f"{long}one"}, {}), RESPONSE | {"input": f"{long}two"})
    message = reply.json()["error"]["message"]
    assert "word one' in the recording" in message
    assert "word two' in the request" in message
    assert len(message) < 500


def test_the_nearest_of_several_recordings_is_named(tmp_path: Path) -> None:
    others = [exchange(RESPONSE | {"input": text, "store": store}, {}) for text in "ab" for store in (True, False)]
    cassette = write(tmp_path / "a.json", *others)
    reply = ask(Core(replay=cassette), "POST", RESPONSES, json=RESPONSE | {"input": "b", "store": None})
    assert "a.json#3, differs. store: true in the recording, absent in the request." in reply.json()["error"]["message"]


def test_members_that_matter_elsewhere_are_compared(tmp_path: Path) -> None:
    recorded = exchange({"metadata": {"a": "1"}}, {}, "/v1/conversations")
    assert answer(tmp_path, recorded, {"metadata": {"a": "2"}}, "/v1/conversations").status_code == 501
    assert answer(tmp_path, recorded, {"metadata": {"a": "1"}}, "/v1/conversations").status_code == 200


@pytest.mark.simulates("replay-matching")
@pytest.mark.parametrize(
    ("query", "status"),
    [("limit=2&after=a", 200), ("after=a&limit=2", 200), ("after=a", 501), ("limit=3&after=a", 501)],
)
def test_a_query_is_compared_in_any_order(tmp_path: Path, query: str, status: int) -> None:
    request = {"method": "GET", "path": RESPONSES, "query": "after=a&limit=2"}
    cassette = write(tmp_path / "a.json", {"request": request, "response": {"status": 200, "after": 0, "json": {}}})
    assert ask(Core(replay=cassette), "GET", f"{RESPONSES}?{query}").status_code == status


@pytest.mark.simulates("replay-matching")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (form(b"hello", purpose="batch"), 200),
        (form(b"hello", filename="other.txt", purpose="batch"), 200),
        (form(b"hullo", purpose="batch"), 501),
        (form(b"hello", purpose="user_data"), 501),
        (form(b"hello"), 501),
    ],
)
def test_a_form_is_compared_by_fields_and_content(tmp_path: Path, sent: dict[str, Any], status: int) -> None:
    parts = [{"name": "file", "filename": "a.txt", "text": "hello"}, {"name": "purpose", "text": "batch"}]
    request = {"method": "POST", "path": FILES, "form": parts}
    recorded = {"request": request, "response": {"status": 200, "after": 0, "json": {}}}
    boundary = sent["content"].replace(b"--b", b"--another")
    headers = sent["headers"] | {"content-type": "multipart/form-data; boundary=another"}
    assert answer(tmp_path, recorded, None, FILES, content=boundary, headers=headers).status_code == status


def test_a_large_file_is_compared_by_its_hash(tmp_path: Path) -> None:
    large, cassette = b"0123456789" * 200_000, tmp_path / "a.json"
    with (
        Sandbox(set_environment=False) as back,
        Sandbox(upstream=back.base_url, record=cassette) as front,
    ):
        uploaded = ask(front, "POST", FILES, **form(large, purpose="user_data")).json()
    assert cassette.stat().st_size < 5_000
    for content, id in ((large, uploaded["id"]), (large[:-1] + b"x", None)):
        assert ask(Core(replay=cassette), "POST", FILES, **form(content, purpose="user_data")).json().get("id") == id


@pytest.mark.simulates("replay-once")
def test_equal_requests_are_answered_in_order_each_recording_once(tmp_path: Path) -> None:
    cassette = write(
        tmp_path / "a.json", *(exchange(RESPONSE, {"n": n}) for n in range(2)), exchange(COMPLETION, {}, CHAT)
    )
    core = Core(replay=cassette)
    assert [ask(core, "POST", RESPONSES, json=RESPONSE).json()["n"] for _ in range(2)] == [0, 1]
    third = ask(core, "POST", RESPONSES, json=RESPONSE)
    assert third.status_code == 501
    assert "have been used: a.json#1, a.json#2." in third.json()["error"]["message"]


def test_what_was_asked_nowhere_is_told_what_was(tmp_path: Path) -> None:
    reply = answer(tmp_path, exchange(RESPONSE, {}), {}, CHAT)
    assert "No recording is like it: POST /v1/responses (1)." in reply.json()["error"]["message"]
    assert "nothing at all" in ask(Core(replay=[]), "GET", "/v1/models").json()["error"]["message"]


def test_another_id_in_a_path_is_a_difference(tmp_path: Path) -> None:
    request = {"method": "GET", "path": "/v1/responses/resp_1"}
    cassette = write(tmp_path / "a.json", {"request": request, "response": {"status": 200, "after": 0, "json": {}}})
    message = ask(Core(replay=cassette), "GET", "/v1/responses/resp_2").json()["error"]["message"]
    assert "path: '/v1/responses/resp_1' in the recording, '/v1/responses/resp_2' in the request" in message


@pytest.mark.simulates("recording-missing")
def test_a_miss_is_no_reason_for_the_client_to_try_again(tmp_path: Path) -> None:
    with (
        Sandbox(replay=write(tmp_path / "a.json")) as api,
        OpenAI() as client,
        pytest.raises(openai.InternalServerError) as caught,
    ):
        client.responses.create(**RESPONSE)
    assert caught.value.code == "recording_missing"
    assert [one.status for one in api.requests] == [501]


def test_no_secret_is_in_the_explanation(tmp_path: Path) -> None:
    key = "sk-proj-" + "Q7xk2ZbWm9Lr4TnV" * 4
    reply = answer(tmp_path, exchange(RESPONSE, {}), RESPONSE | {"input": f"my key {key}"})
    assert key[8:-4] not in reply.text
    assert json.loads(reply.text)["error"]["code"] == "recording_missing"


def test_what_has_not_answered_is_listed(tmp_path: Path) -> None:
    cassette = write(tmp_path / "a.json", exchange(RESPONSE, {}), exchange(COMPLETION, {}, CHAT))
    with Sandbox(replay=cassette) as api:
        ask(api, "POST", CHAT, json=COMPLETION)
        assert api.unused_recordings == ["a.json#1 POST /v1/responses"]


def test_several_cassettes_answer_in_their_order(tmp_path: Path) -> None:
    both = [write(tmp_path / f"{name}.json", exchange(RESPONSE, {"from": name})) for name in "ab"]
    core = Core(replay=both)
    assert [ask(core, "POST", RESPONSES, json=RESPONSE).json()["from"] for _ in both] == ["a", "b"]
