"""A core by itself: what it keeps, and what it does when it fails."""

import inspect

import pytest

from openai_sandbox.api import routes
from openai_sandbox.api.routes import ENDPOINTS, endpoint
from openai_sandbox.core import Core, Request

from ..good_requests import RESPONSE, RESPONSES
from .client import ask, fail, reply_of


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer SECRETsecretsecretSECRET"},
        {"authorization": "bearer\tSECRETsecretsecretSECRET"},
        {"authorization": "SECRETsecretsecretSECRET"},
        {"authorization": "Basic SECRETsecretsecretSECRET"},
        {"authorization": "Bearer SECRETsecret"},
        {"proxy-authorization": "Basic SECRETsecretsecretSECRET"},
        {"x-auth-token": "SECRETsecretsecretSECRET"},
        {"api-key": "SECRETsecretsecretSECRET"},
        {"cookie": "session=SECRETsecretsecretSECRET"},
    ],
)
def test_neither_journal_nor_refusal_holds_a_whole_key(headers: dict[str, str]) -> None:
    core = Core()
    reply = reply_of(core, Request("POST", RESPONSES, headers, b"{}"))
    for text in (repr(list(core.requests)), repr(reply)):
        assert "secretsecret" not in text
        assert "SECRETsecret" not in text


def test_a_very_long_prompt_is_answered() -> None:
    reply = ask(Core(), "POST", RESPONSES, json=RESPONSE | {"input": " " * 1_000_000})
    assert reply.status_code == 200
    assert reply.json()["usage"]["input_tokens"] > 1000


def test_a_bug_of_the_sandbox_is_answered_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, ZeroDivisionError())
    reply = ask(Core(), "POST", RESPONSES, json=RESPONSE)
    error = reply.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert (reply.status_code, error["code"]) == (500, "sandbox_failed")
    assert "ZeroDivisionError" in error["message"]


@pytest.mark.parametrize("route", ENDPOINTS)
def test_every_route_has_its_endpoint(route: tuple[str, str]) -> None:
    assert len(inspect.signature(endpoint(*route)).parameters) == 2


def test_warming_up_loads_every_endpoint_and_a_shortage_of_files_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    routes._loaded.cache_clear()
    routes.warm_up()
    assert routes._loaded.cache_info().currsize == len(set(ENDPOINTS.values()))

    def fail() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("openai_sandbox.model.tokens.warm_up", fail)
    routes.warm_up()
