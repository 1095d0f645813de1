"""Replies that do not come from the API: a web page, an error with status 200, half of a JSON object."""

import json
from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox.core import Core

from ...good_requests import COMPLETION, RESPONSE, RESPONSES
from ..client import MakeSandbox, ask


@pytest.mark.simulates("gateways")
def test_a_web_page_comes_back_as_a_string(sandbox: MakeSandbox) -> None:
    with sandbox("html_page x6") as api, OpenAI() as client:
        page: Any = client.responses.create(**RESPONSE)
        assert type(page) is str
        assert page.startswith("<!DOCTYPE html>")
        with pytest.raises(AttributeError, match="'str' object has no attribute 'output_text'"):
            _ = client.responses.create(**RESPONSE).output_text
        for looking in (client.models.list, lambda: client.responses.parse(**RESPONSE)):
            with pytest.raises(AttributeError, match="'str' object has no attribute"):
                looking()
        assert list(client.chat.completions.create(**COMPLETION, stream=True)) == []
        raw = ask(api, "POST", RESPONSES, json=RESPONSE)
        assert (raw.status_code, raw.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "x-request-id" not in raw.headers
        assert client.responses.create(**RESPONSE).output_text


@pytest.mark.simulates("gateways")
def test_an_error_with_status_200_raises_nothing(sandbox: MakeSandbox) -> None:
    with sandbox("error_as_200 x3") as api, OpenAI() as client:
        response = client.responses.create(**RESPONSE)
        assert response.error
        assert (response.id, response.output) == (None, None)
        with pytest.raises(TypeError, match="not iterable"):
            _ = response.output_text
        completion = client.chat.completions.create(**COMPLETION)
        assert completion.choices is None
        assert completion.error["type"] == "server_error"
        assert list(client.responses.create(**RESPONSE, stream=True)) == []
        assert [exchange.status for exchange in api.requests] == [200] * 3


@pytest.mark.simulates("gateways")
def test_json_that_is_cut_in_half_cannot_be_decoded(sandbox: MakeSandbox) -> None:
    with sandbox("malformed_json x4") as api, OpenAI() as client:
        with pytest.raises(json.JSONDecodeError):
            client.responses.create(**RESPONSE)
        with pytest.raises(json.JSONDecodeError):
            client.chat.completions.create(**COMPLETION)
        seen: list[Any] = []
        with pytest.raises(json.JSONDecodeError):
            seen.extend(client.responses.create(**RESPONSE, stream=True))
        assert seen[-1].type == "response.output_text.delta"
        raw = ask(api, "POST", RESPONSES, json=RESPONSE)
        assert (raw.status_code, raw.headers["content-type"]) == (200, "application/json")
        assert len(api.requests) == 4


@pytest.mark.parametrize("shift", range(8))
def test_json_is_not_cut_within_a_character(shift: int) -> None:
    body = RESPONSE | {"instructions": "x" * shift + "🙂" * 2000}
    reply = ask(Core("malformed_json", seed=1), "POST", RESPONSES, json=body)
    assert reply.content.decode("utf-8").endswith("🙂")
