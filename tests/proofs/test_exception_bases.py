"""What is no APIError, and what the client tries again although it cannot help."""

import json
from collections.abc import Callable
from importlib.metadata import metadata

import openai
import pytest
from openai import OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox

from ..made_up_server import always, client_of


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
def test_broken_json_raises_nothing_of_the_sdk() -> None:
    cut = always(content=b'{"id": "resp_1", "outp', headers={"content-type": "application/json"})
    client, _ = client_of(cut)
    with client, pytest.raises(json.JSONDecodeError) as caught:
        client.responses.create(model="gpt-6-luna", input="Hi")
    assert not isinstance(caught.value, openai.OpenAIError)


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
