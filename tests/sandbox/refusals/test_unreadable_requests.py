"""Requests without a usable key, path or JSON body, and those the sandbox does not simulate."""

import pytest

from openai_sandbox import Sandbox
from openai_sandbox.core import Core

from ...good_requests import CHAT, LUNA, RESPONSE, RESPONSES
from ..client import Ask, ask
from .answers import BAD, answer_of, refused
from .asker import Asker


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b"", b'"text"', b"{'model': 1}"])
def test_a_body_that_is_no_json_object_gets_the_recorded_error(body: bytes) -> None:
    for path in (RESPONSES, CHAT):
        refusal = answer_of(ask(Core(), "POST", path, content=body))
        assert refusal[:4] == (400, BAD, None, None)
        assert refusal.message.startswith("We could not parse the JSON body of your request.")


def test_only_keys_of_the_sandbox_are_accepted() -> None:
    headers = {"authorization": "Bearer sk-proj-abcdefghijklwxyz"}
    refusal = answer_of(ask(Core(), "POST", RESPONSES, json=RESPONSE, headers=headers))
    assert refusal[:4] == (401, BAD, "invalid_api_key", None)
    assert refusal.message == (
        "Incorrect API key provided: sk-proj-***wxyz. "
        "You can find your API key at https://platform.openai.com/account/api-keys."
    )


def test_a_request_without_a_key_is_told_how_to_send_one() -> None:
    refusal = answer_of(ask(Core(), "POST", RESPONSES, json=RESPONSE, headers={}))
    assert refusal[:4] == (401, BAD, None, None)
    assert refusal.message.startswith("You didn't provide an API key.")


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1/nothing", 404, "Invalid URL (GET /v1/nothing)"),
        ("PUT", "/v1/responses", 404, "Invalid URL (PUT /v1/responses)"),
        ("GET", "/v1/responses/resp_x", 404, "Response with id 'resp_x' not found."),
        ("DELETE", "/v1/responses/resp_x", 404, "Response with id 'resp_x' not found."),
        ("GET", "/v1/models/gpt-9", 404, "The model 'gpt-9' does not exist"),
    ],
)
def test_unknown_places_are_404(api: Sandbox, client: Ask, method: str, path: str, status: int, message: str) -> None:
    reply = client(method, path)
    assert (reply.status_code, reply.json()["error"]["message"]) == (status, message)


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "gpt-4.1", "input": "Hi", "temperature": NaN}',
        b'{"model": "gpt-4.1", "input": "Hi", "temperature": 1e999}',
        b'{"model": "gpt-4.1", "input": "Hi", "top_p": -Infinity}',
        b'{"model": "gpt-4.1", "input": "\\ud800"}',
        b'{"model": "gpt-4.1", "input": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_numbers_and_texts_beyond_json_are_refused(body: bytes) -> None:
    assert ask(Core(), "POST", RESPONSES, content=body).status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/v1/images/generations", 400, "The sandbox does not simulate 'POST /v1/images/generations' yet."),
        ("/v1/containers", 400, "The sandbox does not simulate 'POST /v1/containers' yet."),
        ("/v1/responses/resp_x/cancel", 404, "Response with id 'resp_x' not found."),
        ("/v1/embedings", 404, "Invalid URL (POST /v1/embedings)"),
    ],
)
def test_what_is_not_simulated_is_told_from_what_does_not_exist(
    asker: Asker, path: str, status: int, message: str
) -> None:
    got = asker.ask("POST", path, {})
    assert got.status == status
    assert got.message.startswith(message)


@pytest.mark.simulates("assistants-gone")
@pytest.mark.parametrize("path", ["/v1/assistants", "/v1/threads", "/v1/threads/thread_x/runs"])
def test_the_assistants_api_is_gone(asker: Asker, path: str) -> None:
    assert asker.ask("POST", path, LUNA) == refused(None, None, f"Invalid URL (POST {path})", 404)
