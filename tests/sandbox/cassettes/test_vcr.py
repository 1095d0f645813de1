"""Cassettes that VCR wrote are replayed as they are: by VCR.py itself, here, and as others write them."""

import base64
import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import vcr
import yaml
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cassettes import CassetteError, file
from openai_sandbox.cassettes.vcr import exchanges
from openai_sandbox.core import Core

from ...conftest import PINNED
from ...good_requests import CHAT, RESPONSE, RESPONSES
from ..client import ask
from ..compare.recorded import ASKED, answered, cassette
from .recorded import exchanges as recorded_in
from .recorded import replay
from .test_replaying import embeddings, files, paged, plain, refused, streams

ANSWER = answered(CHAT, ASKED)[2]


WITH_BYTES = [("yaml", files)]  # which VCR cannot write as JSON
BOTH = [
    (serializer, calls) for serializer in ("yaml", "json") for calls in (plain, streams, refused, embeddings, paged)
]


@pytest.mark.simulates("replay-vcr")
@pytest.mark.parametrize(("serializer", "calls"), BOTH + WITH_BYTES)
def test_what_vcr_recorded_is_answered_again(serializer: str, calls: Any, tmp_path: Path) -> None:
    path = tmp_path / f"a.{serializer}"
    with (
        Sandbox(**PINNED),
        OpenAI() as client,
        vcr.use_cassette(str(path), serializer=serializer, filter_headers=["authorization"]),
    ):
        then = calls(client)
    assert replay(path, calls) == then


def interaction(**change: Any) -> Any:
    found = yaml.safe_load(cassette((ASKED, ANSWER)))["interactions"][0]
    return found | change


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"string": gzip.compress(ANSWER)}, {"Content-Encoding": ["gzip"]}),
        ({"string": zlib.compress(ANSWER)}, {"Content-Encoding": ["deflate"]}),
        ({"string": ANSWER.decode()}, {"Content-Encoding": ["br"], "Transfer-Encoding": ["chunked"]}),
        ({"base64_string": base64.b64encode(ANSWER).decode()}, {"Content-Length": ["1"]}),
        ({"encoding": "UTF-8", "string": ANSWER.decode()}, {}),
    ],
    ids=["gzip", "deflate", "decoded before", "base64", "Ruby"],
)
def test_a_body_is_answered_however_it_was_written(tmp_path: Path, body: Any, headers: dict[str, Any]) -> None:
    found = interaction()
    found["response"] |= {"body": body, "headers": found["response"]["headers"] | headers}
    path = tmp_path / "a.yaml"
    path.write_text(yaml.safe_dump({"http_interactions": [found]}))
    reply = ask(Core(replay=path), "POST", CHAT, json=ASKED)
    assert reply.json() == json.loads(ANSWER)
    assert not {"content-encoding", "transfer-encoding"} & reply.headers.keys()
    assert int(reply.headers["content-length"]) == len(ANSWER)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("https://api.openai.com/v1/chat/completions", CHAT),
        ("https://gateway.example/openrouter/api/v1/chat/completions", CHAT),
        ("https://api.deepseek.example/chat/completions", CHAT),
        ("https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1", None),
    ],
)
def test_what_comes_before_the_version_belongs_to_the_base_url(tmp_path: Path, uri: str, path: str | None) -> None:
    found = interaction()
    found["request"]["uri"] = uri
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"interactions": [found]}))
    place = path or "/openai/deployments/d/chat/completions?api-version=1"
    assert ask(Core(replay=tmp_path / "a.yaml"), "POST", place, json=ASKED).status_code == 200


def test_a_key_that_vcr_left_in_a_request_does_not_matter(tmp_path: Path) -> None:
    secret = {"tools": [{"type": "mcp", "authorization": "first-secret-1"}]}
    (tmp_path / "a.yaml").write_text(cassette((ASKED | secret, ANSWER)))
    other = {"tools": [{"type": "mcp", "authorization": "second-secret-2"}]}
    assert ask(Core(replay=tmp_path / "a.yaml"), "POST", CHAT, json=ASKED | other).status_code == 200


def test_what_is_new_goes_into_a_cassette_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(cassette((ASKED, ANSWER)))
    options: dict[str, Any] = {"replay": tmp_path / "a.yaml", "record": tmp_path / "a.json", "mode": "new"}
    with Sandbox(set_environment=False) as back:
        for _ in range(2):
            with Sandbox(upstream=back.base_url, **options) as api:
                assert ask(api, "POST", CHAT, json=ASKED).json() == json.loads(ANSWER)
                assert ask(api, "POST", RESPONSES, json=RESPONSE).status_code == 200
    assert [one.path for one in back.requests] == [RESPONSES]
    assert [one["request"]["path"] for one in recorded_in(tmp_path / "a.json")] == [RESPONSES]


def test_an_interaction_that_is_none_is_told_by_its_number(tmp_path: Path) -> None:
    text = yaml.safe_dump({"interactions": [interaction(), {"request": {}}]})
    with pytest.raises(CassetteError, match=r"a\.yaml: interaction 2: not an interaction of VCR"):
        exchanges(text, "a.yaml")


def test_yaml_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "a.yaml").write_text("interactions: []")
    with pytest.raises(CassetteError, match=r"pip install 'openai-sandbox\[cassettes\]'"):
        file.read(tmp_path / "a.yaml")


def test_the_day_of_a_recording_is_kept() -> None:
    (found,) = exchanges(cassette((ASKED, ANSWER)), "a.yaml")
    assert found["recorded"] == "2026-08-01T10:00:00Z"
