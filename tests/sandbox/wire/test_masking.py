"""No key is shown: not in the journal, not in errors, not in logs, not in what the command prints."""

import logging
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openai_sandbox import Sandbox
from openai_sandbox.http.address import API_KEY
from openai_sandbox.wire.masking import mask_key, mask_keys, masked, masked_body

from ...good_requests import KEY, MODELS, RESPONSE, RESPONSES
from ..client import Served, ask, fail

# It looks like a key. What may be shown of it is its beginning and its end.
SECRET = "sk-proj-" + "Q7xk2ZbWm9Lr4TnV" * 4 + "_A-9"
HIDDEN = SECRET[8:-4]

# Where people put keys, rightly or wrongly.
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "authorization": ("/responses", {"headers": {"authorization": f"Bearer {SECRET}"}}),
    "authorization without Bearer": ("/responses", {"headers": {"authorization": SECRET}}),
    "api-key": ("/responses", {"headers": KEY | {"api-key": SECRET}}),
    "x-api-key": ("/responses", {"headers": KEY | {"x-api-key": SECRET}}),
    "proxy-authorization": ("/responses", {"headers": KEY | {"proxy-authorization": SECRET}}),
    "cookie": ("/responses", {"headers": KEY | {"cookie": f"session={SECRET}"}}),
    "a header of any name": ("/responses", {"headers": KEY | {"openai-project": SECRET}}),
    "referer": ("/responses", {"headers": KEY | {"referer": f"http://localhost/?key={SECRET}"}}),
    "query": (f"/responses?api_key={SECRET}", {}),
    "path": (f"/responses/{SECRET}/cancel", {}),
    "unknown path": (f"/{SECRET}", {}),
    "model": ("/responses", {"json": RESPONSE | {"model": SECRET}}),
    "name of a parameter": ("/responses", {"json": RESPONSE | {SECRET: 1}}),
    "unknown parameter": ("/responses", {"json": RESPONSE | {"api_key": SECRET}}),
    "value of a parameter": ("/responses", {"json": RESPONSE | {"truncation": SECRET}}),
    "id": ("/responses", {"json": RESPONSE | {"previous_response_id": SECRET}}),
    "prompt": ("/responses", {"json": RESPONSE | {"input": f"My key is {SECRET}."}}),
    "tool": ("/responses", {"json": RESPONSE | {"tools": [{"type": "mcp", "authorization": SECRET}]}}),
    "no JSON": ("/responses", {"content": SECRET}),
    "escaped": (
        "/responses",
        {"content": b'{"model": "gpt-6-luna", "input": "\\u0073%b"}' % SECRET[1:].encode()},
    ),
    "Bearer in a prompt": ("/responses", {"json": RESPONSE | {"input": f"Authorization: Bearer abcdefgh{HIDDEN}wxyz"}}),
    "webhook secret": ("/responses", {"json": RESPONSE | {"input": f"whsec_ab{HIDDEN}wxyz"}}),
    "key of another provider": ("/responses", {"json": RESPONSE | {"input": f"AIzaabcd{HIDDEN}wxyz"}}),
    "host": ("/responses", {"headers": KEY | {"host": SECRET}}),
    "content-encoding": ("/responses", {"headers": KEY | {"content-encoding": SECRET}}),
}


def send(api: Sandbox | str, place: str) -> httpx2.Response:
    path, options = PLACES[place]
    return ask(api, "POST", f"/v1{path}", **options if "content" in options else {"json": RESPONSE} | options)


@pytest.mark.simulates("keys-masked")
@pytest.mark.parametrize("place", PLACES)
def test_a_key_is_shown_in_no_journal_error_or_log(
    api: Sandbox, place: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        caplog.handler.addFilter(lambda record: not record.name.startswith(("httpx2", "httpcore2")))  # the client's own
        reply = send(api, place)
    assert HIDDEN not in repr(api.requests)
    assert HIDDEN not in reply.text
    assert HIDDEN not in caplog.text
    assert HIDDEN not in "".join(capfd.readouterr())
    assert len(api.requests) == 1


def test_the_key_of_each_fault_is_masked_too() -> None:
    with Sandbox("bad_key") as api:
        reply = ask(api, "GET", MODELS, headers={"authorization": f"Bearer sk-sandbox-{SECRET}"})
    assert "sk-sandb***_A-9" in reply.text
    assert HIDDEN not in reply.text + repr(api.requests)


@pytest.mark.simulates("keys-masked")
def test_a_failure_of_the_sandbox_shows_no_key(
    api: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fail(monkeypatch, RuntimeError(f"what to do with {SECRET}?"))
    reply = send(api, "path")
    assert reply.status_code == 500
    assert "RuntimeError: what to do with sk-proj-***_A-9?" in caplog.text
    assert HIDDEN not in caplog.text + reply.text


@pytest.mark.simulates("keys-masked")
def test_serve_prints_no_key(served: Served) -> None:
    url, server = served()
    for place in PLACES:
        send(url, place)
    server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=30)
    assert err.count("POST /v1/") == len(PLACES)
    assert HIDDEN not in out + err
    assert API_KEY not in err


@pytest.mark.simulates("keys-masked")
def test_run_prints_no_key(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys\nfrom openai import OpenAI\n"
        "client = OpenAI(api_key=sys.stdin.read(), default_headers={'api-key': 'x'}, max_retries=0)\n"
        "client.responses.create(model='gpt-6-luna', input='Hi')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "openai_sandbox.cli", "run", str(program)], input=SECRET, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Incorrect API key provided: sk-proj-***_A-9" in done.stderr
    assert HIDDEN not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("key", "shown"),
    [("sk-proj-abcdefghijkl", "sk-proj-***ijkl"), ("sk-short", "***"), ("", "***")],
)
def test_of_a_short_key_nothing_is_shown(key: str, shown: str) -> None:
    assert mask_key(key) == shown


@pytest.mark.parametrize(
    "text", ["", "sk-", "a risk-averse-and-careful-person", "resp_abc", "desk-abcdefghijklmnopqrst"]
)
def test_what_is_no_key_is_left_as_it_is(text: str) -> None:
    assert mask_keys(text) == text


def test_all_keys_of_a_text_are_masked() -> None:
    assert mask_keys(f"{SECRET},{SECRET} sess-{'x' * 20} ek_{'y' * 20}") == (
        "sk-proj-***_A-9,sk-proj-***_A-9 sess-xxx***xxxx ek_yyyyy***yyyy"
    )


def test_credentials_in_headers_are_masked_by_name_whatever_they_look_like() -> None:
    headers = {"api-key": "0123456789abcdef0123", "cookie": "a=b", "authorization": "Basic dXNlcg==", "accept": "*/*"}
    assert masked(headers) == {"api-key": "***", "cookie": "***", "authorization": "***", "accept": "*/*"}


def test_credentials_in_a_body_are_masked_by_name_and_nothing_else_is_changed() -> None:
    body = {"tools": [{"authorization": "abc", "headers": {"Authorization": "Bearer abc"}}], "n": 1, "max_tokens": 16}
    raw = b'{"tools": [{"authorization": "abc", "headers": {"Authorization": "Bearer abc"}}], "n": 1, "max_tokens": 16}'
    assert masked_body(raw, body) == {
        "tools": [{"authorization": "***", "headers": {"Authorization": "Bearer ***"}}],
        "n": 1,
        "max_tokens": 16,
    }
    plain = {"model": "gpt-6-luna", "input": "Hi"}
    assert masked_body(b'{"model": "gpt-6-luna", "input": "Hi"}', plain) is plain


def test_the_answer_to_a_prompt_does_not_depend_on_masking(api: Sandbox) -> None:
    reply = send(api, "prompt").json()
    bare = ask(api, "POST", RESPONSES, json=RESPONSE | {"input": "My key is x."}).json()
    assert reply["usage"]["input_tokens"] > bare["usage"]["input_tokens"] + 20
