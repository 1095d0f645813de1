"""What the SDK does and says of chat.completions.create()."""

import asyncio
import importlib
import inspect
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import metadata
from typing import Any, get_args, get_type_hints

import openai
import pytest
from genai_prices import Usage, calc_price
from openai import AsyncOpenAI, OpenAI
from openai.resources.chat import Completions
from openai.types import chat, completion_create_params
from openai.types.chat.chat_completion import Choice
from openai.types.responses import response_create_params
from pydantic import BaseModel

from docs._tools.data.models import model_ids
from openai_sandbox import Sandbox

from ..good_requests import HELLO

SOURCE = " ".join(inspect.getsource(Completions).split())


@pytest.mark.proves("chat-request")
def test_one_post_to_chat_completions(api: Sandbox) -> None:
    with OpenAI() as client:
        client.chat.completions.create(model="gpt-6-luna", messages=[HELLO])
    (exchange,) = api.requests
    assert (exchange.method, exchange.path) == ("POST", "/v1/chat/completions")


@pytest.mark.proves("finish-reasons")
def test_a_cut_off_answer_raises_nothing(api: Sandbox) -> None:
    reasons = get_args(Choice.model_fields["finish_reason"].annotation)
    assert set(reasons) == {"stop", "length", "tool_calls", "content_filter", "function_call"}
    said = " ".join(inspect.getsource(Choice).split())
    assert "`stop` if the model hit a natural stop point or a provided stop sequence" in said
    with OpenAI() as client:
        cut = client.chat.completions.create(model="gpt-6-luna", messages=[HELLO], max_completion_tokens=1)
    assert cut.choices[0].finish_reason == "length"


class Known(BaseModel):
    known: bool


@pytest.mark.proves("finish-reasons")
def test_parse_and_a_parsing_stream_raise_for_a_cut_off_answer(api: Sandbox) -> None:
    ask: Any = {"model": "gpt-6-luna", "messages": [HELLO], "max_completion_tokens": 20, "response_format": Known}
    with OpenAI() as client:
        with pytest.raises(openai.LengthFinishReasonError):
            client.chat.completions.parse(**ask)
        with client.chat.completions.stream(**ask) as stream, pytest.raises(openai.LengthFinishReasonError):
            list(stream)
    assert [exchange.status for exchange in api.requests] == [200, 200]


@pytest.mark.proves("finish-reasons")
def test_a_cut_off_stream_raises_in_its_loop_or_when_asked_for_the_whole(api: Sandbox) -> None:
    function = {"name": "note", "parameters": Known.model_json_schema() | {"additionalProperties": False}}
    ask: Any = {"model": "gpt-6-luna", "messages": [HELLO], "max_completion_tokens": 2, "reasoning_effort": "none"}
    for strict in (None, False, True):
        tools = [{"type": "function", "function": function | {"strict": strict}}]
        more = {} if strict is None else {"tools": tools, "tool_choice": "none"}
        raises = pytest.raises(openai.LengthFinishReasonError)
        with OpenAI() as client, client.chat.completions.stream(**ask | more) as stream:
            with raises if strict else nullcontext():
                assert list(stream)
            with raises:
                stream.get_final_completion()


@pytest.mark.proves("n-choices")
def test_tokens_of_all_choices_are_charged() -> None:
    assert "n: How many chat completion choices to generate for each input message." in SOURCE
    assert "you will be charged based on the number of generated tokens across all of the choices" in SOURCE
    assert "Keep `n` as `1` to minimize costs." in SOURCE


@pytest.mark.proves("n-chat-only", "unknown-name-typeerror")
def test_what_responses_does_not_have_is_refused_before_sending(api: Sandbox) -> None:
    with OpenAI() as client:
        create: Any = client.responses.create
        for unknown in ({"n": 2}, {"messages": [HELLO]}, {"max_tokens": 5}, {"no_such_name": 1}):
            with pytest.raises(TypeError, match="unexpected keyword argument"):
                create(model="gpt-6-luna", input="Say hello", **unknown)
    assert not api.requests


@pytest.mark.proves("unknown-name-typeerror")
def test_no_method_takes_names_that_it_does_not_have() -> None:
    for kind in (OpenAI, AsyncOpenAI):
        made: Any = kind()
        assert all((made.models, made.files, made.batches, made.conversations, made.moderations)), "they are loaded"
        methods = [made.responses.create, made.responses.parse, made.responses.stream, made.embeddings.create]
        chat_methods = [made.chat.completions.create, made.chat.completions.parse, made.chat.completions.stream]
        for method in methods + chat_methods:
            known = {"model": "gpt-6-luna"} | ({"messages": [HELLO]} if method in chat_methods else {"input": "Hi"})
            with pytest.raises(TypeError, match="unexpected keyword argument 'no_such_name'"):
                method(**known, no_such_name=1)
    found = 0
    for name in [name for name in sys.modules if name.startswith("openai.resources.")]:
        for resource in (
            member for member in vars(sys.modules[name]).values() if getattr(member, "__module__", "") == name
        ):
            for method in filter(inspect.isfunction, getattr(resource, "__dict__", {}).values()):
                assert not inspect.unwrap(method).__code__.co_flags & inspect.CO_VARKEYWORDS, method
                found += 1
    assert found > 50


@pytest.mark.proves("completions-models")
def test_the_sdk_names_three_models_for_completions() -> None:
    model = get_type_hints(completion_create_params.CompletionCreateParamsBase)["model"]
    named = {name for part in get_args(model) for name in get_args(part)}
    assert named == {"gpt-3.5-turbo-instruct", "davinci-002", "babbage-002"}


@pytest.mark.proves("old-sample")
def test_the_old_sample_is_older_than_its_model() -> None:
    assert datetime.fromtimestamp(1677858242, UTC).date().isoformat() == "2023-03-03"
    assert [id for id in model_ids() if id.startswith("gpt-4o-mini-20")] == ["gpt-4o-mini-2024-07-18"]


@pytest.mark.proves("chat-supported")
def test_chat_completions_stays_supported() -> None:
    readme = " ".join(str(metadata("openai").json["description"]).split())
    assert "The previous standard (supported indefinitely) for generating text is the [Chat Completions API]" in readme


@pytest.mark.proves("chat-roles")
def test_messages_have_six_roles() -> None:
    roles = [get_type_hints(message)["role"] for message in get_args(chat.ChatCompletionMessageParam)]
    assert {get_args(role)[0] for role in roles} == {"developer", "system", "user", "assistant", "tool", "function"}


@pytest.mark.proves("max-tokens-deprecated")
def test_max_tokens_is_deprecated() -> None:
    assert "This value is now deprecated in favor of `max_completion_tokens`" in SOURCE


@pytest.mark.proves("chat-content-none")
def test_content_may_be_none() -> None:
    fields = chat.ChatCompletionMessage.model_fields
    assert type(None) in get_args(fields["content"].annotation)
    assert {"refusal", "tool_calls"} <= fields.keys()


@pytest.mark.proves("key-can-be-assigned")
def test_a_clients_key_can_be_changed(api: Sandbox) -> None:
    with OpenAI(api_key="sk-sandbox-the-first-key-aaaa") as client:
        client.models.list()
        client.api_key = "sk-sandbox-assigned-later-zzzz"
        client.models.list()

    async def list_models() -> None:
        async with AsyncOpenAI(api_key="sk-sandbox-the-first-key-aaaa") as asynchronous:
            asynchronous.api_key = "sk-sandbox-assigned-later-zzzz"
            await asynchronous.models.list()

    asyncio.run(list_models())
    assert [exchange.headers["authorization"][-4:] for exchange in api.requests] == ["aaaa", "zzzz", "zzzz"]


@pytest.mark.proves("key-can-be-assigned")
def test_the_key_of_a_function_is_sent_whatever_is_assigned(api: Sandbox) -> None:
    with OpenAI(api_key=lambda: "sk-sandbox-of-the-function-ffff") as client:
        client.api_key = "sk-sandbox-assigned-later-zzzz"
        client.models.list()

    async def key() -> str:
        return "sk-sandbox-of-the-function-ffff"

    async def list_models() -> None:
        async with AsyncOpenAI(api_key=key) as asynchronous:
            asynchronous.api_key = "sk-sandbox-assigned-later-zzzz"
            await asynchronous.models.list()

    asyncio.run(list_models())
    assert [exchange.headers["authorization"][-4:] for exchange in api.requests] == ["ffff", "ffff"]


@pytest.mark.proves("gpt-4o-price")
def test_gpt_4o_costs_much_more_than_a_card_says() -> None:
    used = {
        "2.50": Usage(input_tokens=1_000_000),
        "10.00": Usage(output_tokens=1_000_000),
        "0.0075": Usage(input_tokens=1000, output_tokens=500),
    }
    for price, tokens in used.items():
        assert calc_price(tokens, "gpt-4o", provider_id="openai").total_price == Decimal(price)


@pytest.mark.proves("temperature-range")
def test_temperature_goes_from_0_to_2() -> None:
    for where in (chat.completion_create_params, response_create_params):
        said = " ".join(inspect.getsource(where).split())
        assert said.count("temperature: Optional[float]") == 1
        described = said.partition("temperature: Optional[float]")[2]
        assert described.startswith(' """What sampling temperature to use, between 0 and 2.')


@pytest.mark.proves("chat-access")
def test_the_reply_is_neither_the_message_nor_a_dictionary(api: Sandbox) -> None:
    with OpenAI() as client:
        completion: Any = client.chat.completions.create(model="gpt-6-luna", messages=[HELLO])
    with pytest.raises(AttributeError, match="no attribute 'message'"):
        completion.message  # noqa: B018 - reading it is the point
    with pytest.raises(TypeError, match="not subscriptable"):
        completion["choices"]


@pytest.mark.proves("old-patterns")
def test_of_the_old_patterns_only_the_key_of_the_module_works(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    old: Any = openai
    with pytest.raises(Exception, match="no longer supported") as caught:
        old.ChatCompletion.create(model="gpt-6-luna", messages=[HELLO])
    assert type(caught.value).__name__ == "APIRemovedInV1"
    with pytest.raises(ImportError):
        importlib.import_module("openai.error")
    monkeypatch.setattr(openai, "api_key", "sk-sandbox-module-level-mmmm")
    monkeypatch.setattr(openai, "api_base", "http://127.0.0.1:9/v1", raising=False)
    assert openai.chat.completions.create(model="gpt-6-luna", messages=[HELLO]).choices
    assert api.requests[-1].headers["authorization"].endswith("mmmm")
    old._reset_client()
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert str(openai.chat.completions._client.base_url) == "https://api.openai.com/v1/"
