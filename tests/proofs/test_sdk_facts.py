"""What the installed SDK says of itself and of models."""

import re
from importlib.metadata import metadata, requires
from types import SimpleNamespace
from typing import Any

import httpx
import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.responses import Response
from packaging.requirements import Requirement

from docs._tools.data.models import model_ids, shutdown_dates
from docs._tools.data.shutdowns import shutdowns

from ..good_requests import HELLO
from ..made_up_server import always, client_of, transport_of


@pytest.mark.proves("responses-recommended")
def test_the_readme_calls_responses_the_primary_api() -> None:
    readme = metadata("openai").json["description"]
    assert "The primary API for interacting with OpenAI models is the [Responses API]" in readme


@pytest.mark.proves("python-version")
def test_the_sdk_needs_python_3_10() -> None:
    assert metadata("openai")["Requires-Python"] == ">=3.10"


@pytest.mark.proves("luna-no-shutdown")
def test_no_shutdown_is_announced_for_luna() -> None:
    assert "gpt-6-luna" in model_ids()
    assert "gpt-6-luna" not in shutdown_dates()
    assert "gpt-6-luna" not in shutdowns(), "another source has a day"
    assert shutdown_dates()["gpt-4"] == "2026-10-23"  # the list is read: a model that has a date


@pytest.mark.proves("httpx2")
def test_the_sdk_depends_on_httpx2() -> None:
    names = {re.match(r"[\w-]+", requirement)[0] for requirement in requires("openai") or ()}  # type: ignore[index]
    assert "httpx2" in names
    assert "httpx" not in names


@pytest.mark.proves("http-client-type")
def test_another_kind_of_http_client_is_refused() -> None:
    other: Any = SimpleNamespace(timeout=5)  # an httpx.Client has this attribute, too
    with pytest.raises(TypeError, match=r"`httpx\.Client` or `httpx2\.Client`"):
        OpenAI(http_client=other)
    for asynchronous in (httpx2.AsyncClient(), httpx.AsyncClient()):
        other = asynchronous
        with pytest.raises(TypeError, match="http_client"):
            OpenAI(http_client=other)
    without: list[Any] = [object(), "a client"]
    for nothing in without:
        with pytest.raises(AttributeError, match="no attribute 'timeout'"):
            OpenAI(http_client=nothing)
        with pytest.raises(TypeError, match=r"`httpx\.Client` or `httpx2\.Client`"):
            OpenAI(http_client=nothing, timeout=5)
    both: list[Any] = [httpx2.Client(), httpx.Client()]
    for http_client in both:
        with OpenAI(http_client=http_client) as client:
            assert client._client is http_client


@pytest.mark.proves("httpx-still-taken")
def test_a_client_and_a_timeout_of_httpx_work_and_its_transport_does_not() -> None:
    old: Any = httpx  # the types know httpx2 only
    timeouts = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        timeouts.append(request.extensions["timeout"]["read"])
        return httpx2.Response(200, json={"id": "resp_1"})

    transport = old.MockTransport(lambda request: httpx.Response(200, json={"id": "resp_2"}))
    with OpenAI(http_client=old.Client(transport=transport)) as client:
        assert client.responses.create(model="gpt-6-luna", input="Hello").id == "resp_2"
    new = httpx2.Client(transport=httpx2.MockTransport(answer))
    with OpenAI(http_client=new, timeout=old.Timeout(7)) as client:
        assert client.responses.create(model="gpt-6-luna", input="Hello").id == "resp_1"
    assert timeouts == [7]
    with OpenAI(http_client=openai.DefaultHttpxClient(transport=transport)) as client, pytest.raises(AssertionError):
        client.responses.create(model="gpt-6-luna", input="Hello")


@pytest.mark.proves("sdk-timeout-class")
def test_the_timeout_of_the_sdk_is_that_of_httpx2() -> None:
    assert openai.Timeout is httpx2.Timeout


@pytest.mark.proves("system-certificates")
def test_the_sdk_does_not_install_certifi() -> None:
    installed, left = set(), ["openai"]
    while left:
        installed.add(name := left.pop())
        wanted = [Requirement(line) for line in requires(name) or ()]
        needed = {each.name for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})}
        left += needed - installed
    assert {"openai", "httpx2", "httpcore2", "truststore"} <= installed
    assert "certifi" not in installed


@pytest.mark.proves("absent-is-none")
def test_what_a_reply_leaves_out_is_none_and_nothing_is_raised() -> None:
    client, _ = client_of(always(json={"id": "resp_1"}))
    with client:
        response = client.responses.create(model="gpt-6-luna", input="Hello")
    assert response.id == "resp_1"
    assert response.usage is None
    assert Response.model_fields["model"].is_required()
    left_out: Any = response.model
    assert left_out is None


@pytest.mark.proves("absent-is-none")
def test_what_has_another_type_than_it_should_have_is_handed_on() -> None:
    wrong = {"id": 5, "status": "odd", "created_at": "now", "usage": {"input_tokens": "7"}, "output": "nothing"}
    client, _ = client_of(always(json=wrong))
    with client:
        response: Any = client.responses.create(model="gpt-6-luna", input="Hello")
    assert (response.id, response.status, response.created_at) == (5, "odd", "now")
    assert (response.usage.input_tokens, response.usage.output_tokens, response.output) == ("7", None, "nothing")


@pytest.mark.proves("absent-is-none")
@pytest.mark.anyio
async def test_the_asynchronous_client_does_not_look_at_the_types_of_a_chat_completion_either() -> None:
    transport, _ = transport_of(always(json={"id": 5, "choices": [{"message": {"content": 7}}]}))
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        completion: Any = await client.chat.completions.create(model="gpt-6-luna", messages=[HELLO])
    (choice,) = completion.choices
    assert (completion.id, choice.message.content, choice.finish_reason, completion.model) == (5, 7, None, None)
