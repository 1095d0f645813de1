"""The tables about function tools name members that the types have, and refusals that the sandbox gives."""

import inspect
import re
from typing import Any

import pytest
from openai import BadRequestError, OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam
from openai.types.responses import FunctionToolParam, response_create_params
from openai.types.shared_params import FunctionDefinition

from docs._tools.tables import tool_fields
from docs._tools.tables.side_by_side import fixed, required
from openai_sandbox import Sandbox
from openai_sandbox.wire.errors import catalog


@pytest.mark.parametrize(("api", "path"), [("responses", "tools[].title"), ("chat", "message.tool_calls[].call_id")])
def test_a_member_that_the_sdk_does_not_have_is_named(api: str, path: str) -> None:
    with pytest.raises(KeyError, match=path.rpartition(".")[2]):
        fixed(tool_fields.TYPES, api, path)


@pytest.mark.parametrize(
    ("api", "path", "value"),
    [
        ("responses", "output[].type", "function_call"),
        ("responses", "input[].type", "function_call_output"),
        ("responses", "tools[].name", None),
        ("chat", "messages[].role", "tool"),
        ("chat", "message.tool_calls[].type", "function"),
    ],
)
def test_a_member_with_one_value_says_it(api: str, path: str, value: str | None) -> None:
    assert fixed(tool_fields.TYPES, api, path) == value


def test_what_a_definition_requires_is_what_its_source_says() -> None:
    assert required(FunctionToolParam) == {"name", "parameters", "strict", "type"}
    assert required(ChatCompletionFunctionToolParam) == {"function", "type"}
    assert required(FunctionDefinition) == {"name"}
    assert (
        "`name`, `parameters`, `strict` and `type` in Responses, and `function` and `type` in Chat Completions, with "
        "`name` in `function`."
    ) in tool_fields.table("definition")


def test_each_table_names_the_members_that_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tool_fields.unlisted("definition") == ["allowed_callers", "async"]
    assert tool_fields.unlisted("call") == ["async", "caller", "namespace"]
    assert tool_fields.unlisted("output") == ["caller", "id", "name", "namespace", "status"]
    assert "also has `async`, `caller` and `namespace`." in tool_fields.table("call")
    monkeypatch.delitem(tool_fields.OUTPUT, "what the function returned")
    with pytest.raises(ValueError, match=r"output: add a row for \['messages\[\]\.content'\]"):
        tool_fields.unlisted("output")


def test_a_definition_in_both_forms_is_accepted_and_one_in_the_wrong_form_is_not(api: Sandbox) -> None:
    from snippets.reference.tools.both_apis import WEATHER, for_chat

    question: Any = "What is the weather in Paris?"
    message: Any = {"role": "user", "content": question}
    with OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input=question, tools=[WEATHER])
        request: Any = {"model": "gpt-6-luna", "messages": [message], "reasoning_effort": "none"}
        client.chat.completions.create(**request, tools=[for_chat(WEATHER)])
        with pytest.raises(BadRequestError, match=r"tools\[0\]\.name"):
            client.responses.create(model="gpt-6-luna", input=question, tools=[for_chat(WEATHER)])
        with pytest.raises(BadRequestError, match=r"tools\[0\]\.function"):
            client.chat.completions.create(**request, tools=[WEATHER])


def test_each_choice_of_the_types_is_listed_once_with_its_apis() -> None:
    listed = tool_fields.choices()
    values = [value for value, *_ in listed]
    assert len(set(values)) == len(values)
    both = {value for value, _, apis in listed if apis == "Responses, Chat Completions"}
    assert both == {'`"none"`', '`"auto"`', '`"required"`'}
    assert [value for value, *_ in listed[:3]] == ['`"none"`', '`"auto"`', '`"required"`'], "as the page says"
    assert all(said for _, said, _ in listed), "the documentation explains each value"
    responses = inspect.getsource(response_create_params)
    for _, said, _ in listed[:3]:
        words = said[1:].rstrip(".").split()
        assert " ".join(words) not in " ".join(responses.split()), "only that of Chat Completions explains the modes"
    assert '`{"type": "function", "name": ...}`' in values
    assert '`{"type": "function", "function": ...}`' in values


def test_a_refused_name_is_named_as_each_api_does(api: Sandbox) -> None:
    from snippets.reference.tools.both_apis import WEATHER, for_chat

    tool, message = WEATHER | {"name": "get.weather"}, {"role": "user", "content": "Hi"}
    listed = tool_fields.refusals()
    with OpenAI() as client:
        with pytest.raises(BadRequestError) as flat:
            client.responses.create(model="gpt-6-luna", input="Hi", tools=[tool])
        chat: Any = {"model": "gpt-6-luna", "messages": [message], "reasoning_effort": "none"}
        with pytest.raises(BadRequestError) as nested:
            client.chat.completions.create(**chat, tools=[for_chat(tool)])
    for name, caught in (("Responses", flat), ("Chat Completions", nested)):
        assert f"| {name} | 400 | {caught.value.body['message']} |" in listed  # type: ignore[index]


def test_each_refusal_is_of_an_api_that_gives_it() -> None:
    names = {"responses": {"Responses"}, "chat": {"Chat Completions"}}
    for api, id, _ in tool_fields.REFUSALS:
        assert api in names.get(catalog()[id].api, {"Responses", "Chat Completions"})


def test_refusals_are_filled_in() -> None:
    assert len(
        re.findall(r"^\| (?:Responses|Chat Completions) \| 400 \|", tool_fields.refusals(), re.MULTILINE)
    ) == len(tool_fields.REFUSALS)
    assert "{" not in tool_fields.refusals().replace("{1,64}", "")
