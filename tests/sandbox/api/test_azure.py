"""Deployments of Azure OpenAI through the SDK's client for them."""

from typing import Any

import openai
import pytest
from openai import AzureOpenAI

from openai_sandbox import Sandbox

from ...good_requests import COMPLETION
from ..client import MakeSandbox


def azure(api: Sandbox, **options: Any) -> AzureOpenAI:
    given: dict[str, Any] = {"api_key": api.api_key, "azure_deployment": "my-deployment"}
    given |= {"api_version": "2025-04-01-preview"} | options
    return AzureOpenAI(azure_endpoint=api.base_url.removesuffix("/v1"), max_retries=0, **given)


@pytest.mark.simulates("azure-deployment")
def test_azure_does_not_find_a_deployment_until_it_is_there(sandbox: MakeSandbox) -> None:
    with sandbox("deployment_not_found") as api, azure(api) as client:
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(**COMPLETION)
        assert isinstance(caught.value.body, dict)
        assert caught.value.body.keys() == {"code", "message"}
        assert (caught.value.code, caught.value.type) == ("DeploymentNotFound", None)
        completion = client.chat.completions.create(**COMPLETION | {"model": "whatever"})
        assert completion.model == "gpt-6-luna"
        assert completion.choices[0].message.content
        assert not completion.model_extra and not completion.choices[0].model_extra
        assert list(client.chat.completions.create(**COMPLETION, stream=True))
        assert {exchange.path for exchange in api.requests} == {"/openai/deployments/my-deployment/chat/completions"}
        assert api.requests[0].headers["api-key"] == "***"


@pytest.mark.simulates("azure-deployment")
def test_a_deployment_named_after_a_model_answers_as_that_model(sandbox: MakeSandbox) -> None:
    with sandbox() as api, azure(api, azure_deployment=None) as client:
        assert client.chat.completions.create(**COMPLETION | {"model": "gpt-4o"}).model.startswith("gpt-4o-")
        with azure(api, api_version="no such version") as other:
            assert other.chat.completions.create(**COMPLETION).choices[0].message.content


@pytest.mark.simulates("azure-responses")
def test_azure_has_responses_since_a_version(sandbox: MakeSandbox) -> None:
    with sandbox() as api, azure(api) as client:
        assert client.responses.create(model="my-deployment", input="Hi").model.startswith("gpt-6-luna")
        assert client.responses.create(model="gpt-4o", input="Hi").model.startswith("gpt-4o-")
        events = client.responses.create(model="my-deployment", input="Hi", stream=True)
        assert [event.type for event in events][-1] == "response.completed"
        assert {exchange.path for exchange in api.requests} == {"/openai/responses"}
        with azure(api, api_version="preview") as preview:
            assert preview.responses.create(model="my-deployment", input="Hi").output_text
        with (
            azure(api, api_version="2024-12-01-preview") as older,
            pytest.raises(openai.BadRequestError, match="only for api-version 2025-03-01-preview and later") as caught,
        ):
            older.responses.create(model="my-deployment", input="Hi")
        assert caught.value.code == "BadRequest"
        with azure(api, api_version="2024-10-21") as stable, pytest.raises(openai.NotFoundError) as missing:
            stable.responses.create(model="my-deployment", input="Hi")
        assert missing.value.message == "Error code: 404 - Resource not found"


def test_azure_denies_a_wrong_key_in_its_own_words(sandbox: MakeSandbox) -> None:
    with sandbox() as api, azure(api, api_key="wrong") as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.chat.completions.create(**COMPLETION)
        assert caught.value.code == "401"
        assert "Access denied due to invalid subscription key" in caught.value.message


def test_what_azure_has_besides_is_not_simulated(sandbox: MakeSandbox) -> None:
    with sandbox() as api, azure(api) as client, pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model="text-embedding-3-small", input="Hi")
    assert caught.value.code == "sandbox_unsupported"
