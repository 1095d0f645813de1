"""What the SDK and the shell send without a look at it."""

import json
import os
import subprocess
import warnings
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from docs._tools.data.models import shutdown_dates

from ..made_up_server import always, client_of, transport_of

TAKES_EVERYTHING = always(json={"id": "1"})


@pytest.mark.proves("values-unchecked")
def test_values_are_not_checked_before_they_are_sent() -> None:
    values: dict[str, Any] = {"temperature": "hot", "max_output_tokens": -1, "model": "no-such-model"}
    client, sent = client_of(TAKES_EVERYTHING)
    with client:
        client.responses.create(input="Hi", **values)
    assert json.loads(sent[0].content) == {"input": "Hi"} | values


@pytest.mark.proves("values-unchecked")
@pytest.mark.parametrize(
    ("value", "raised"),
    [(float("nan"), ValueError), (float("inf"), ValueError), ({1}, TypeError), (object(), TypeError)],
)
def test_what_is_no_json_is_not_sent(value: Any, raised: type[Exception]) -> None:
    client, sent = client_of(TAKES_EVERYTHING)
    with client, pytest.raises(raised):
        client.responses.create(model="gpt-6-luna", input="Hi", temperature=value)
    assert not sent


@pytest.mark.proves("sent-without-warning")
def test_nothing_warns_of_a_deprecated_parameter_or_a_model_that_ends() -> None:
    client, sent = client_of(TAKES_EVERYTHING)
    ending = list(shutdown_dates())
    assert "gpt-4o" in ending
    with warnings.catch_warnings(record=True) as warned, client:
        warnings.simplefilter("always")
        for model in ending:
            client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi"}], max_tokens=100)
            client.responses.create(model=model, input="Hi")
    bodies = [json.loads(request.content) for request in sent]
    assert [(body["model"], body.get("max_tokens")) for body in bodies] == [
        (model, cap) for model in ending for cap in (100, None)
    ]
    assert warned == []


KEYS = [
    "no prefix at all",
    "x",
    "sk-",
    '"sk-in-quotes"',
    "'sk-in-quotes'",
    "Bearer sk-twice",
    "SK-UPPER",
    "a.b/c=",
    "k" * 500,
    " with spaces before",
    "".join(map(chr, range(33, 127))),
]


@pytest.mark.proves("key-not-checked")
@pytest.mark.parametrize("key", KEYS)
def test_any_text_is_sent_as_the_key(key: str) -> None:
    client, sent = client_of(TAKES_EVERYTHING, api_key=key)
    with client:
        client.models.list()
    assert sent[0].headers["authorization"] == f"Bearer {key}"


@pytest.mark.proves("key-not-checked")
@pytest.mark.anyio
@pytest.mark.parametrize("key", KEYS)
async def test_the_asynchronous_client_sends_any_text_as_the_key(key: str) -> None:
    transport, sent = transport_of(TAKES_EVERYTHING)
    async with AsyncOpenAI(api_key=key, http_client=httpx2.AsyncClient(transport=transport)) as client:
        await client.models.list()
    assert sent[0].headers["authorization"] == f"Bearer {key}"


@pytest.mark.proves("key-not-checked")
@pytest.mark.parametrize("make", [OpenAI, AsyncOpenAI])
def test_only_an_empty_key_is_refused(make: type[OpenAI | AsyncOpenAI]) -> None:
    with pytest.raises(openai.OpenAIError, match="Missing credentials"):
        make(api_key="")
    assert make(api_key=" ").api_key == " "


@pytest.mark.proves("shell-expands")
def test_the_shell_puts_the_key_in_between_double_quotes_only() -> None:
    command = """printf '%s\\n' "Bearer $OPENAI_API_KEY" 'Bearer $OPENAI_API_KEY'"""
    printed = subprocess.check_output(["sh", "-c", command], env=os.environ | {"OPENAI_API_KEY": "the-key"}, text=True)
    assert printed.splitlines() == ["Bearer the-key", "Bearer $OPENAI_API_KEY"]


@pytest.mark.proves("empty-messages")
def test_an_empty_list_of_messages_is_sent_unchecked() -> None:
    client, sent = client_of(always(json={}))
    with client:
        client.chat.completions.create(model="gpt-6-luna", messages=[])
    assert json.loads(sent[0].content)["messages"] == []


@pytest.mark.proves("values-unchecked")
@pytest.mark.anyio
async def test_the_asynchronous_client_does_not_check_values_either() -> None:
    transport, sent = transport_of(TAKES_EVERYTHING)
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        hot: Any = "hot"
        await client.responses.create(model="gpt-6-luna", input="Hi", temperature=hot, max_output_tokens=-1)
        with pytest.raises(ValueError, match="JSON"):
            await client.responses.create(model="gpt-6-luna", input="Hi", temperature=float("nan"))
    (only,) = sent
    assert json.loads(only.content) == {
        "model": "gpt-6-luna",
        "input": "Hi",
        "temperature": hot,
        "max_output_tokens": -1,
    }
