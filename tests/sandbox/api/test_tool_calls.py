"""Tool calls and structured outputs on both APIs, plain and streamed, through the real SDK."""

import json
from typing import Any

import jsonschema
import pytest
from openai import BadRequestError, OpenAI
from pydantic import BaseModel

from ...good_requests import LUNA

CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
ABOUT = {"name": "get_weather", "description": "Get the weather of a city.", "parameters": CITY, "strict": True}
TIME = {"name": "get_time", "description": "Get the time in a city.", "parameters": CITY, "strict": True}
WEATHER = "What is the weather in Paris?"
ASK: Any = [{"role": "user", "content": WEATHER}]


def flat(*functions: dict[str, Any]) -> Any:
    return [{"type": "function", **function} for function in functions]


def nested(*functions: dict[str, Any]) -> Any:
    return [{"type": "function", "function": function} for function in functions]


class Person(BaseModel):
    name: str
    age: int
    city: str


ADA = "Ada is 36 years old and lives in London."


@pytest.mark.simulates("tool-calls")
def test_a_response_calls_the_tool_that_fits_and_answers_once_it_has_the_output(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input=WEATHER, tools=flat(ABOUT, TIME))
    (call,) = [item for item in response.output if item.type == "function_call"]
    assert (call.name, json.loads(call.arguments), call.status) == ("get_weather", {"city": "Paris"}, "completed")
    assert response.output_text == ""
    output: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"}]
    answer = openai_client.responses.create(
        **LUNA, previous_response_id=response.id, input=output, tools=flat(ABOUT, TIME)
    )
    assert [item.type for item in answer.output if item.type != "reasoning"] == ["message"]
    assert "18 degrees" in answer.output_text


def test_items_can_be_sent_back_instead_of_an_id(openai_client: OpenAI) -> None:
    history: list[Any] = list(ASK)
    response = openai_client.responses.create(**LUNA, input=history, tools=flat(ABOUT))
    history += response.output
    call = next(item for item in response.output if item.type == "function_call")
    history.append({"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"})
    assert "18 degrees" in openai_client.responses.create(**LUNA, input=history, tools=flat(ABOUT)).output_text


def test_a_call_that_nobody_answered_is_refused(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input=WEATHER, tools=flat(ABOUT))
    with pytest.raises(BadRequestError, match="No tool output found for function call call_"):
        openai_client.responses.create(**LUNA, previous_response_id=response.id, input="And now?")


@pytest.mark.simulates("tool-calls")
def test_chat_completions_does_the_same(openai_client: OpenAI) -> None:
    messages: list[Any] = list(ASK)
    completion = openai_client.chat.completions.create(
        **LUNA, messages=messages, tools=nested(ABOUT, TIME), reasoning_effort="none"
    )
    choice = completion.choices[0]
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
    (call,) = choice.message.tool_calls or []
    assert call.type == "function"
    assert (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"})
    messages += [choice.message, {"role": "tool", "tool_call_id": call.id, "content": "18 degrees"}]
    answer = openai_client.chat.completions.create(
        **LUNA, messages=messages, tools=nested(ABOUT, TIME), reasoning_effort="none"
    )
    assert answer.choices[0].finish_reason == "stop"
    assert "18 degrees" in (answer.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("none", []),
        ("auto", ["get_weather"]),
        ("required", ["get_weather"]),
        ({"type": "function", "name": "get_time"}, ["get_time"]),
        (
            {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "get_time"}]},
            ["get_time"],
        ),
    ],
)
def test_every_form_of_tool_choice_is_obeyed(openai_client: OpenAI, choice: Any, names: list[str]) -> None:
    response = openai_client.responses.create(**LUNA, input=WEATHER, tools=flat(ABOUT, TIME), tool_choice=choice)
    assert [item.name for item in response.output if item.type == "function_call"] == names
    if isinstance(choice, dict):
        rest = {key: value for key, value in choice.items() if key != "type"}
        if "tools" in rest:
            rest["tools"] = [{"type": "function", "function": {"name": tool["name"]}} for tool in rest["tools"]]
        choice = {"type": choice["type"], choice["type"]: rest}
    completion = openai_client.chat.completions.create(
        **LUNA, messages=ASK, tools=nested(ABOUT, TIME), tool_choice=choice, reasoning_effort="none"
    )
    assert [call.function.name for call in completion.choices[0].message.tool_calls or ()] == names


def test_several_calls_are_made_at_once_unless_that_is_forbidden(openai_client: OpenAI) -> None:
    question = "What is the weather in Paris and in Rome?"
    both = openai_client.responses.create(**LUNA, input=question, tools=flat(ABOUT))
    calls = [json.loads(item.arguments)["city"] for item in both.output if item.type == "function_call"]
    assert calls == ["Paris", "Rome"]
    one = openai_client.responses.create(**LUNA, input=question, tools=flat(ABOUT), parallel_tool_calls=False)
    assert len([item for item in one.output if item.type == "function_call"]) == 1


def test_a_question_that_no_tool_fits_is_answered(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input="Say hello", tools=flat(ABOUT))
    assert response.output_text
    assert not [item for item in response.output if item.type == "function_call"]


def test_tools_cost_input_tokens(openai_client: OpenAI) -> None:
    plain = openai_client.responses.create(**LUNA, input="Say hello")
    tooled = openai_client.responses.create(**LUNA, input="Say hello", tools=flat(ABOUT))
    assert plain.usage
    assert tooled.usage
    assert tooled.usage.input_tokens > plain.usage.input_tokens + 20


@pytest.mark.simulates("call-events")
def test_a_call_is_streamed_in_the_recorded_order(openai_client: OpenAI) -> None:
    events = list(
        openai_client.responses.create(
            **LUNA, input=WEATHER, tools=flat(ABOUT), reasoning={"effort": "none"}, stream=True
        )
    )
    kinds = [event.type.removeprefix("response.") for event in events]
    assert list(dict.fromkeys(kinds)) == [
        "created",
        "in_progress",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    text = "".join(event.delta for event in events if event.type == "response.function_call_arguments.delta")
    assert json.loads(text) == {"city": "Paris"}


def test_the_chunks_of_calls_add_up(openai_client: OpenAI) -> None:
    with openai_client.chat.completions.stream(
        **LUNA,
        messages=[{"role": "user", "content": "What is the weather in Paris and in Rome?"}],
        tools=nested(ABOUT),
        reasoning_effort="none",
    ) as stream:
        completion = stream.get_final_completion()
    calls = completion.choices[0].message.tool_calls or ()
    assert [json.loads(call.function.arguments)["city"] for call in calls] == ["Paris", "Rome"]
    assert completion.choices[0].finish_reason == "tool_calls"


def test_the_cap_cuts_a_call_in_the_middle_of_its_arguments(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(
        **LUNA, messages=ASK, tools=nested(ABOUT), max_completion_tokens=13, reasoning_effort="none"
    )
    choice = completion.choices[0]
    assert choice.finish_reason == "length"
    assert completion.usage
    assert completion.usage.completion_tokens == 13
    with pytest.raises(json.JSONDecodeError):
        json.loads(choice.message.tool_calls[0].function.arguments)


@pytest.mark.simulates("structured-outputs")
def test_structured_outputs_fit_their_schema_and_take_values_from_the_prompt(openai_client: OpenAI) -> None:
    parsed = openai_client.responses.parse(**LUNA, input=ADA, text_format=Person).output_parsed
    assert parsed == Person(name="Ada", age=36, city="London")
    completion = openai_client.chat.completions.parse(
        **LUNA, messages=[{"role": "user", "content": ADA}], response_format=Person
    )
    assert completion.choices[0].message.parsed == parsed


def test_a_streamed_structured_output_is_the_same(openai_client: OpenAI) -> None:
    with openai_client.responses.stream(**LUNA, input=ADA, text_format=Person) as stream:
        assert stream.get_final_response().output_parsed == Person(name="Ada", age=36, city="London")


def test_json_mode_gives_an_object(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(
        **LUNA, input="Say hello as json", text={"format": {"type": "json_object"}}
    )
    assert isinstance(json.loads(response.output_text), dict)


def test_a_schema_strict_mode_does_not_take_is_refused(openai_client: OpenAI) -> None:
    loose = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    form: Any = {"format": {"type": "json_schema", "name": "thing", "schema": loose, "strict": True}}
    with pytest.raises(BadRequestError) as refused:
        openai_client.responses.create(**LUNA, input="Hi", text=form)
    assert refused.value.param == "text.format.schema"
    assert "'additionalProperties' is required to be supplied and to be false" in str(refused.value)
    form["format"]["strict"] = False
    text = openai_client.responses.create(**LUNA, input="Hi", text=form).output_text
    jsonschema.validate(json.loads(text), loose)
