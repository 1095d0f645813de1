"""Where the SDK takes its key and address from, and what it raises when the key is the problem."""

import asyncio
import os
from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from openai_sandbox import Sandbox

from ..made_up_server import always, client_of, transport_of


@pytest.mark.proves("key-read-at-construction")
def test_a_client_keeps_the_key_it_was_made_with(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-sandbox-the-first-key-aaaa")
    with OpenAI() as client:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-sandbox-the-second-key-bbbb")
        client.models.list()
    with OpenAI() as client:
        client.models.list()
    sent = [exchange.headers["authorization"][-4:] for exchange in api.requests]
    assert sent == ["aaaa", "bbbb"]


@pytest.mark.proves("explicit-key-wins")
def test_an_argument_beats_the_variable(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-sandbox-from-environment-env0")
    with OpenAI(api_key="sk-sandbox-from-argument-arg1") as client:
        client.models.list()

    async def list_models() -> None:
        async with AsyncOpenAI(api_key="sk-sandbox-from-argument-arg2") as asynchronous:
            await asynchronous.models.list()

    asyncio.run(list_models())
    assert [exchange.headers["authorization"][-4:] for exchange in api.requests] == ["arg1", "arg2"]


@pytest.mark.proves("async-key-function")
def test_the_asynchronous_client_awaits_what_a_function_for_the_key_returns(api: Sandbox) -> None:
    def key() -> str:
        return "sk-sandbox-from-a-function-fun0"

    async def awaited_key() -> str:
        return key()

    async def list_models(function: Any) -> None:
        async with AsyncOpenAI(api_key=function) as client:
            await client.models.list()

    with OpenAI(api_key=key) as client:
        client.models.list()
    asyncio.run(list_models(awaited_key))
    assert [exchange.headers["authorization"][-4:] for exchange in api.requests] == ["fun0", "fun0"]
    with pytest.raises(TypeError, match="await"):
        asyncio.run(list_models(key))


@pytest.mark.proves("missing-key-error")
@pytest.mark.parametrize("make", [OpenAI, AsyncOpenAI])
def test_a_missing_key_raises_at_construction(
    api: Sandbox, monkeypatch: pytest.MonkeyPatch, make: Callable[[], object]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(openai.OpenAIError, match="OPENAI_API_KEY") as caught:
        make()
    assert type(caught.value) is openai.OpenAIError
    assert not isinstance(caught.value, openai.APIError)
    assert not api.requests


@pytest.mark.proves("admin-key-constructs")
def test_an_admin_key_makes_a_client_that_calls_the_administration_api_and_no_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-sandbox-admin-0000")
    monkeypatch.delenv("OPENAI_API_KEY")
    client, sent = client_of(always(json={"object": "list", "data": []}))
    with client:
        with pytest.raises(TypeError, match="authentication"):
            client.responses.create(model="gpt-6-luna", input="Hi")
        with pytest.raises(TypeError, match="authentication"):
            client.chat.completions.create(model="gpt-6-luna", messages=[])
        assert not sent
        assert client.admin.organization.projects.list().data == []
    assert [request.headers["authorization"] for request in sent] == ["Bearer sk-sandbox-admin-0000"]


@pytest.mark.proves("empty-key-error")
def test_an_empty_key_raises_the_same_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(openai.OpenAIError) as missing:
        OpenAI()
    monkeypatch.setenv("OPENAI_API_KEY", "")
    with pytest.raises(openai.OpenAIError) as empty:
        OpenAI()
    assert (type(empty.value), str(empty.value)) == (type(missing.value), str(missing.value))


@pytest.mark.proves("newline-in-key")
def test_a_line_break_in_the_key_looks_like_a_network_error(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-sandbox-0000\n")

    async def list_models() -> None:
        async with AsyncOpenAI(max_retries=0) as asynchronous:
            await asynchronous.models.list()

    with OpenAI(max_retries=0) as client:
        for call in (client.models.list, lambda: asyncio.run(list_models())):
            with pytest.raises(openai.APIConnectionError) as caught:
                call()
            assert str(caught.value) == "Connection error."
            assert isinstance(caught.value.__cause__, httpx2.LocalProtocolError)
            assert "Illegal header value" in str(caught.value.__cause__)
    assert not api.requests


@pytest.mark.proves("wrong-key-error")
def test_a_401_is_raised_at_once(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("bad_key x5") as api, OpenAI() as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.models.list()
        assert caught.value.status_code == 401
        assert len(api.requests) == 1


@pytest.mark.proves("wrong-key-error")
def test_a_401_is_retried_if_the_reply_says_so() -> None:
    headers = {"x-should-retry": "true", "retry-after-ms": "1"}
    client, sent = client_of(always(401, json={"error": {}}, headers=headers))
    with client, pytest.raises(openai.AuthenticationError):
        client.models.list()
    assert len(sent) == 3


@pytest.mark.proves("base-url-from-environment")
def test_the_address_comes_from_the_environment_or_is_openais(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAI() as client:
        client.models.list()
    assert len(api.requests) == 1
    assert os.environ["OPENAI_BASE_URL"] == api.base_url
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert str(OpenAI().base_url) == "https://api.openai.com/v1/"


@pytest.mark.proves("base-url-from-environment")
def test_an_empty_address_is_not_a_missing_one(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    with OpenAI(max_retries=0) as client:
        assert not client.base_url.host
        calls: list[Callable[[], object]] = [
            client.models.list,
            lambda: client.responses.create(model="gpt-6-luna", input="Hi"),
            lambda: client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}]),
        ]
        for call in calls:
            with pytest.raises(openai.APIConnectionError) as caught:
                call()
            assert isinstance(caught.value.__cause__, httpx2.UnsupportedProtocol)
    assert not api.requests


@pytest.mark.proves("client-keeps-address")
def test_a_client_made_earlier_does_not_follow_the_environment(sandbox: Callable[..., Sandbox]) -> None:
    client = OpenAI(max_retries=0)
    before = str(client.base_url)
    assert before == f"{os.environ['OPENAI_BASE_URL']}/"
    with sandbox() as api, client:
        assert str(client.base_url) == before != f"{api.base_url}/"
        with pytest.raises(openai.APIConnectionError):
            client.models.list()
        assert not api.requests


@pytest.mark.proves("organization-and-project")
def test_organization_and_project_come_from_the_environment(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_2")
    with OpenAI() as client:
        client.models.list()

    async def list_models() -> None:
        async with AsyncOpenAI() as asynchronous:
            await asynchronous.models.list()

    asyncio.run(list_models())
    with OpenAI(organization="org-3", project="proj_4") as client:
        client.models.list()
    sent = [(each.headers["openai-organization"], each.headers["openai-project"]) for each in api.requests]
    assert sent == [("org-1", "proj_2"), ("org-1", "proj_2"), ("org-3", "proj_4")]


@pytest.mark.proves("custom-headers")
def test_custom_headers_come_from_the_environment(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: search\nX-App: shop\nUser-Agent: shop/1")
    with OpenAI() as client:
        client.models.list()
        client.responses.create(model="gpt-6-luna", input="Say hello")

    async def list_models() -> None:
        async with AsyncOpenAI() as asynchronous:
            await asynchronous.models.list()

    asyncio.run(list_models())
    assert len(api.requests) == 3
    for sent in (exchange.headers for exchange in api.requests):
        assert (sent["x-team"], sent["x-app"], sent["user-agent"]) == ("search", "shop", "shop/1")


@pytest.mark.proves("custom-headers")
def test_a_header_that_is_passed_replaces_one_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: search\nX-App: shop\nAuthorization: Bearer sk-of-the-gateway")
    transport, sent = transport_of(always(json={"id": "resp_1", "output": []}))
    http = httpx2.Client(transport=transport)
    with OpenAI(api_key="sk-passed", default_headers={"X-Team": "mine"}, http_client=http) as client:
        client.responses.create(model="gpt-6-luna", input="Say hello", extra_headers={"X-App": "mine too"})
    assert [sent[0].headers[name] for name in ("x-team", "x-app")] == ["mine", "mine too"]
    assert sent[0].headers["authorization"] == "Bearer sk-of-the-gateway"
