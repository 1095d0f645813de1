"""What a key can hold that keeps a request from being sent, and how a client gets another key."""

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from openai_sandbox import Sandbox


@pytest.mark.proves("key-characters")
@pytest.mark.parametrize("key", ["sk-sandbox-0000 ", "sk-sandbox-0000\r\n", " ", "\nsk-sandbox-0000"])
def test_white_space_around_the_key_looks_like_a_network_error(api: Sandbox, key: str) -> None:
    with OpenAI(api_key=key, max_retries=0) as client, pytest.raises(openai.APIConnectionError) as caught:
        client.models.list()
    assert "Illegal header value" in str(caught.value.__cause__)
    assert not api.requests


@pytest.mark.proves("key-characters")
@pytest.mark.anyio
@pytest.mark.parametrize(
    ("key", "raised"),
    [
        ("sk-sandbox-0000 ", openai.APIConnectionError),
        ("\nsk-sandbox-0000", openai.APIConnectionError),
        ("sk-sandbox-é", UnicodeEncodeError),
    ],
)
async def test_the_asynchronous_client_does_the_same(api: Sandbox, key: str, raised: type[Exception]) -> None:
    async with AsyncOpenAI(api_key=key, max_retries=0) as client:
        with pytest.raises(raised):
            await client.models.list()
    assert not api.requests


@pytest.mark.proves("key-characters")
@pytest.mark.parametrize("key", ["“sk-sandbox-0000”", "sk-sandbox-é"])
def test_a_character_outside_ascii_raises_an_error_of_its_own(api: Sandbox, key: str) -> None:
    with OpenAI(api_key=key) as client, pytest.raises(UnicodeEncodeError):
        client.models.list()
    assert not api.requests


@pytest.mark.proves("cause-shows-key")
def test_the_cause_of_the_connection_error_shows_the_key(api: Sandbox) -> None:
    client = OpenAI(api_key="sk-sandbox-secret\n", max_retries=0)
    with client, pytest.raises(openai.APIConnectionError) as caught:
        client.models.list()
    assert "sk-sandbox-secret" not in str(caught.value)
    assert "sk-sandbox-secret" in str(caught.value.__cause__)


@pytest.mark.proves("with-options-key")
def test_a_client_with_another_key_leaves_the_first_one_alone(api: Sandbox) -> None:
    with OpenAI(api_key="sk-sandbox-the-first-key-aaaa") as first:
        first.with_options(api_key="sk-sandbox-the-second-key-bbbb").models.list()
        first.models.list()
    sent = [exchange.headers["authorization"][-4:] for exchange in api.requests]
    assert sent == ["bbbb", "aaaa"]


@pytest.mark.proves("cause-shows-key")
@pytest.mark.anyio
async def test_the_cause_of_the_asynchronous_clients_error_shows_the_key_too(api: Sandbox) -> None:
    async with AsyncOpenAI(api_key="sk-sandbox-secret\n", max_retries=0) as client:
        with pytest.raises(openai.APIConnectionError) as caught:
            await client.models.list()
    assert "sk-sandbox-secret" in str(caught.value.__cause__)


@pytest.mark.proves("with-options-key")
@pytest.mark.anyio
async def test_another_key_leaves_the_asynchronous_client_alone_too(api: Sandbox) -> None:
    async with AsyncOpenAI(api_key="sk-sandbox-the-first-key-aaaa") as first:
        await first.with_options(api_key="sk-sandbox-the-second-key-bbbb").models.list()
        await first.models.list()
    assert [exchange.headers["authorization"][-4:] for exchange in api.requests] == ["bbbb", "aaaa"]
