"""What `responses.create()` takes, by its signature, its types and its documentation."""

import inspect
import re
import types
from typing import Literal, Union, get_args, get_origin, get_type_hints

import httpx2
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.resources.chat.completions import Completions
from openai.resources.responses import Responses
from openai.types import completion_usage
from openai.types.chat import ChatCompletion
from openai.types.responses import (
    EasyInputMessageParam,
    Response,
    ResponseFormatTextJSONSchemaConfigParam,
    ResponseInputContentParam,
    ResponseInputItemParam,
    ResponseTextConfigParam,
    ResponseUsage,
    response_output_message_param,
    response_usage,
)
from openai.types.responses.response import IncompleteDetails
from openai.types.responses.response_create_params import ResponseCreateParamsBase
from pydantic import BaseModel

from openai_sandbox import Sandbox

from ..made_up_server import always, client_of, transport_of

CHAT = " ".join(inspect.getsource(Completions).split())
RESPONSES = " ".join(inspect.getsource(Responses).split())


@pytest.mark.proves("instructions-not-carried")
def test_the_documentation_says_that_instructions_are_not_carried_over() -> None:
    assert "the instructions from a previous response will not be carried over to the next response" in RESPONSES


@pytest.mark.proves("temperature-not-deterministic")
def test_the_documentation_does_not_promise_determinism() -> None:
    for said in (RESPONSES, CHAT):
        assert (
            "Higher values like 0.8 will make the output more random, while lower values like 0.2 will make it more "
            "focused and deterministic." in said
        )
    assert (
        "repeated requests with the same `seed` and parameters should return the same result. Determinism is not "
        "guaranteed" in CHAT
    )


@pytest.mark.proves("cap-includes-reasoning")
def test_the_cap_counts_reasoning() -> None:
    bound = "An upper bound for the number of tokens that can be generated for a"
    counted = "including visible output tokens and [reasoning tokens]"
    assert f"max_output_tokens: {bound} response, {counted}" in RESPONSES
    assert f"max_completion_tokens: {bound} completion, {counted}" in CHAT


@pytest.mark.proves("structured-outputs")
def test_a_schema_is_matched_says_the_documentation() -> None:
    said = " ".join(inspect.getsource(ResponseTextConfigParam).split())
    assert (
        'Configuring `{ "type": "json_schema" }` enables Structured Outputs, which ensures the model will match your '
        "supplied JSON schema" in said
    )


@pytest.mark.proves("usage-breakdown")
def test_reasoning_is_part_of_the_output_and_what_was_cached_of_the_input() -> None:
    breakdowns: dict[type[BaseModel], tuple[str, set[str]]] = {
        response_usage.OutputTokensDetails: ("output", {"reasoning_tokens"}),
        response_usage.InputTokensDetails: ("input", {"cached_tokens", "cache_write_tokens"}),
        completion_usage.CompletionTokensDetails: ("completion", {"reasoning_tokens"}),
        completion_usage.PromptTokensDetails: ("prompt", {"cached_tokens", "cache_write_tokens"}),
    }
    for details, (whole, parts) in breakdowns.items():
        assert "breakdown" in str(details.__doc__).lower()
        assert whole in str(details.__doc__)
        assert parts <= details.model_fields.keys()
        usage = response_usage.ResponseUsage if whole in ("input", "output") else completion_usage.CompletionUsage
        annotation = usage.model_fields[f"{whole}_tokens_details"].annotation
        assert details in (annotation, *get_args(annotation))


@pytest.mark.proves("responses-features-first")
def test_the_documentation_sends_new_projects_to_responses() -> None:
    assert re.search(
        r"Starting a new project\?\*\* We recommend trying \[Responses\]\S+ "
        "to take advantage of the latest OpenAI platform features",
        CHAT,
    )


@pytest.mark.proves("input-string-or-list")
def test_input_is_a_string_or_a_list(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input="Hi")
        client.responses.create(model="gpt-6-luna", input=[{"role": "user", "content": "Hi"}])
    assert [exchange.body["input"] for exchange in api.requests] == ["Hi", [{"role": "user", "content": "Hi"}]]
    assert [exchange.status for exchange in api.requests] == [200, 200]
    kinds = get_args(get_type_hints(ResponseCreateParamsBase)["input"])
    assert {get_origin(kind) or kind for kind in kinds} == {str, list}
    items = next(get_args(kind) for kind in kinds if get_origin(kind) is list)
    assert EasyInputMessageParam in get_args(*items)


@pytest.mark.proves("parameter-count")
def test_there_are_more_than_thirty_parameters() -> None:
    taken = inspect.signature(Responses.create).parameters.keys()
    assert len(taken & ResponseCreateParamsBase.__annotations__.keys()) > 30


@pytest.mark.proves("max-tokens-typeerror")
def test_max_tokens_is_refused_before_anything_is_sent(api: Sandbox) -> None:
    with OpenAI() as client, pytest.raises(TypeError, match="max_tokens"):
        client.responses.create(model="gpt-6-luna", input="Hi", max_tokens=50)  # type: ignore[call-overload]
    assert not api.requests


@pytest.mark.proves("incomplete-no-exception")
@pytest.mark.anyio
async def test_an_answer_that_hits_the_cap_raises_nothing(api: Sandbox) -> None:
    with OpenAI() as client:
        response = client.responses.create(model="gpt-6-luna", input="Hi", max_output_tokens=16)
    assert response.status == "incomplete"
    assert response.incomplete_details
    assert response.incomplete_details.reason == "max_output_tokens"
    reason = IncompleteDetails.model_fields["reason"].annotation
    reasons = [value for branch in get_args(reason) for value in get_args(branch)]
    assert "max_output_tokens" in reasons
    for why in (*reasons, "a new reason"):
        said = {"id": "resp_1", "status": "incomplete", "incomplete_details": {"reason": why}, "output": []}
        client, _ = client_of(always(json=said))
        with client:
            assert client.responses.create(model="gpt-6-luna", input="Hi").to_dict() == said
        transport, _ = transport_of(always(json=said))
        async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as later:
            assert (await later.responses.create(model="gpt-6-luna", input="Hi")).to_dict() == said


@pytest.mark.proves("usage-optional")
def test_usage_may_be_none(api: Sandbox) -> None:
    annotation = Response.model_fields["usage"].annotation
    assert get_origin(annotation) in (Union, types.UnionType)
    assert set(get_args(annotation)) == {ResponseUsage, type(None)}
    assert type(None) in get_args(ChatCompletion.model_fields["usage"].annotation)
    with OpenAI() as client:
        first = next(iter(client.responses.create(model="gpt-6-luna", input="Hi", stream=True)))
    assert first.type == "response.created"
    assert first.response.usage is None


@pytest.mark.proves("input-item-types")
def test_input_has_other_types_than_messages() -> None:
    parts = {
        get_args(get_type_hints(part)["type"])[0]
        for union in (ResponseInputContentParam, response_output_message_param.Content)
        for part in get_args(union)
    }
    assert {"input_text", "input_image", "output_text"} <= parts
    assert not parts & {"text", "image_url"}
    assert get_args(get_type_hints(EasyInputMessageParam)["content"])[0] is str
    items = [get_type_hints(item).get("type") for item in get_args(ResponseInputItemParam)]
    assert Literal["function_call"] in items
    assert Literal["function_call_output"] in items
    assert {"type", "name", "schema"} <= get_type_hints(ResponseFormatTextJSONSchemaConfigParam).keys()
