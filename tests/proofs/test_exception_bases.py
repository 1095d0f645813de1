"""What is no APIError, and what the client tries again although it cannot help."""

import json
import socket
import threading
from collections.abc import Callable
from importlib.metadata import metadata

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox

from ..made_up_server import always, client_of

CUT = b'{"id": "resp_1", "outp'


class Answer(BaseModel):
    text: str


@pytest.mark.proves("openaierror-is-base")
@pytest.mark.parametrize(
    ("finish_reason", "raised"),
    [("length", openai.LengthFinishReasonError), ("content_filter", openai.ContentFilterFinishReasonError)],
)
def test_parse_raises_what_is_no_api_error(finish_reason: str, raised: type[openai.OpenAIError]) -> None:
    message = {"role": "assistant", "content": '{"text": "The sky is'}
    completion = {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": finish_reason, "message": message}]}
    client, _ = client_of(always(json=completion))
    with client, pytest.raises(raised) as caught:
        client.chat.completions.parse(
            model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}], response_format=Answer
        )
    assert isinstance(caught.value, openai.OpenAIError)
    assert not isinstance(caught.value, openai.APIError)


@pytest.mark.proves("openaierror-is-base")
def test_the_readme_names_the_wrong_base() -> None:
    assert issubclass(openai.APIError, openai.OpenAIError)
    assert "All errors inherit from `openai.APIError`." in str(metadata("openai").json["description"])


@pytest.mark.proves("broken-json-error")
@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_broken_json_raises_nothing_of_the_sdk(kind: str) -> None:
    client, sent = client_of(always(content=CUT, headers={"content-type": kind}))
    with client, pytest.raises(json.JSONDecodeError) as caught:
        client.responses.create(model="gpt-6-luna", input="Hi")
    assert not isinstance(caught.value, openai.OpenAIError)
    assert len(sent) == 1


@pytest.mark.proves("broken-json-error")
@pytest.mark.parametrize(
    ("framing", "body"),
    [
        pytest.param(b"content-length: 400", CUT, id="fewer bytes than announced"),
        pytest.param(b"transfer-encoding: chunked", b"%x\r\n%b\r\n" % (len(CUT), CUT), id="no last chunk"),
    ],
)
def test_a_connection_that_breaks_in_the_middle_of_json_is_retried(framing: bytes, body: bytes) -> None:
    answered: list[bytes] = []

    def answer_twice() -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as received:
                lines = list(iter(received.readline, b"\r\n"))
                length = next(int(line.split()[1]) for line in lines if line.lower().startswith(b"content-length"))
                answered.append(received.read(length))
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n%b\r\n\r\n%b" % (framing, body)
                )

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_twice, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        with OpenAI(base_url=address, max_retries=1) as client, pytest.raises(openai.APIConnectionError) as caught:
            client.responses.create(model="gpt-6-luna", input="Hi")
        thread.join(5)
    assert isinstance(caught.value.__cause__, httpx2.RemoteProtocolError)
    assert len(answered) == 2


@pytest.mark.proves("quota-retried")
def test_no_credit_is_tried_again_in_vain(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("insufficient_quota retry_after_ms=1 x5") as api, OpenAI() as client:
        with pytest.raises(openai.RateLimitError) as caught:
            client.models.list()
        assert caught.value.code == "insufficient_quota"
        assert len(api.requests) == 3


@pytest.mark.proves("retries-multiply")
def test_three_tries_around_a_client_make_nine_requests(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error retry_after_ms=1 x20") as api, OpenAI() as client:
        for _ in range(3):
            with pytest.raises(openai.InternalServerError):
                client.models.list()
        assert len(api.requests) == 9


@pytest.mark.proves("quota-retried")
@pytest.mark.anyio
async def test_the_asynchronous_client_tries_again_in_vain_too(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("insufficient_quota retry_after_ms=1 x5") as api:
        async with AsyncOpenAI() as client:
            with pytest.raises(openai.RateLimitError):
                await client.models.list()
        assert len(api.requests) == 3
