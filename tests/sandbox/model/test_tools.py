"""The small model calls the tools that fit, with arguments that fit, and ends the loop once they have replied."""

import json
import random
from typing import Any, Literal

import openai
import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from openai_sandbox.model.tools import Tool, ToolCall, choose, follow_up

TEXT = {"type": "string"}
NUMBER = {"type": "number"}


def tool(name: str, description: str, **parameters: Any) -> Tool:
    schema = {"type": "object", "properties": parameters, "required": list(parameters), "additionalProperties": False}
    return Tool(name, description, schema, True)


WEATHER = tool("get_weather", "Get the current temperature of a place.", location=TEXT)
UNITS = {"type": ["string", "null"], "enum": ["celsius", "fahrenheit"]}
EMAIL = tool("send_email", "Send an email to someone, with a subject and a message.", to=TEXT, subject=TEXT, body=TEXT)
SEARCH = tool("search_docs", "Search the documentation of the product.", query=TEXT)
ADD = tool("add", "Add two numbers.", a=NUMBER, b=NUMBER)
STOCK = tool("get_stock_price", "Get the price of a share.", symbol=TEXT)
ORDER = tool("get_order_status", "Look up the status of an order.", order_id=TEXT)
FLIGHT = tool("book_flight", "Book a flight.", origin=TEXT, destination=TEXT, date={"type": "string", "format": "date"})
SIGN = tool("get_horoscope", "Get today's horoscope for an astrological sign.", sign=TEXT)
TIME = Tool("get_time", "Get the time of day.", None, False)
TOOLS = (WEATHER, EMAIL, SEARCH, ADD, STOCK, ORDER, FLIGHT, SIGN, TIME)


def called(prompt: str, tools: tuple[Tool, ...] = TOOLS, seed: int = 1, **options: Any) -> list[tuple[str, Any]]:
    """Return the names and arguments of the calls."""
    given: dict[str, Any] = {"choice": "auto", "allowed": None, "parallel": True} | options
    calls = choose(tools, prompt, rng=random.Random(seed), **given)
    return [(call.name, json.loads(call.arguments)) for call in calls]


@pytest.mark.parametrize(
    ("prompt", "name", "arguments"),
    [
        ("What is the weather in Paris?", "get_weather", {"location": "Paris"}),
        ("what's the weather like in paris today?", "get_weather", {"location": "Paris"}),
        ("How warm is it, and what is the forecast for Oslo?", "get_weather", {"location": "Oslo"}),
        ("What is 17 plus 25?", "add", {"a": 17, "b": 25}),
        ("Where is order A-1234?", "get_order_status", {"order_id": "A-1234"}),
        ("What does AAPL stock cost?", "get_stock_price", {"symbol": "AAPL"}),
        (
            "Book a flight from Paris to Rome on March 3, 2027",
            "book_flight",
            {"origin": "Paris", "destination": "Rome", "date": "2027-03-03"},
        ),
        ("What is my horoscope? I am an Aquarius.", "get_horoscope", {"sign": "Aquarius"}),
        ("Find what the documentation says about rate limits.", "search_docs", {"query": "rate limits"}),
        ("What time is it?", "get_time", {}),
    ],
)
def test_a_tool_is_called_if_its_name_or_description_fits(prompt: str, name: str, arguments: Any) -> None:
    assert called(prompt) == [(name, arguments)]


@pytest.mark.parametrize(
    "prompt",
    [
        "Say hello",
        "Write a haiku about recursion",
        "Write a bedtime story about a unicorn.",
        "Explain async/await in Python in one paragraph.",
        "Add milk to my shopping list",
        "Tell me a joke about cats",
        "Who are you?",
        "Is it nice in Paris?",
        "Thanks!",
        "",
    ],
)
def test_no_tool_is_called_if_none_fits(prompt: str) -> None:
    assert called(prompt) == []


def test_several_values_of_a_parameter_give_several_calls() -> None:
    expected = [("get_weather", {"location": "Paris"}), ("get_weather", {"location": "Rome"})]
    assert called("weather in Paris and in Rome") == expected
    assert called("What is the weather in Paris and Rome?") == expected
    assert called("weather in Paris and in Rome", parallel=False) == expected[:1]
    sent = called("Send an email to ada@example.com and bob@example.com saying hi.")
    assert [arguments["to"] for _, arguments in sent] == ["ada@example.com", "bob@example.com"]
    assert [arguments["body"] for _, arguments in sent] == ["hi", "hi"]


def test_one_place_with_its_country_is_one_call() -> None:
    assert called("What is the weather in Paris, France?") == [("get_weather", {"location": "Paris, France"})]


def test_several_tools_that_fit_are_called_in_the_order_of_the_prompt() -> None:
    weather, stock = ("get_weather", {"location": "Paris"}), ("get_stock_price", {"symbol": "AAPL"})
    assert called("What's the weather in Paris and the stock price of AAPL?") == [weather, stock]
    assert called("What is the stock price of AAPL, and the weather in Paris?") == [stock, weather]
    assert called("What's the weather in Paris and the stock price of AAPL?", parallel=False) == [weather]


def test_a_word_speaks_for_one_tool_only() -> None:
    text = tool("send_text", "Send a text to someone.", to=TEXT, body=TEXT)
    assert [name for name, _ in called("Send an email to ada@example.com", (text, EMAIL))] == ["send_email"]


def test_the_choice_is_obeyed() -> None:
    assert called("What is the weather in Paris?", choice="none") == []
    assert called("Say hello", choice="required", parallel=False) != []
    assert called("What is the weather in Paris?", choice="required") == [("get_weather", {"location": "Paris"})]
    assert called("weather in Paris and in Rome", choice="get_stock_price") == [("get_stock_price", {"symbol": "AAPL"})]
    assert called("Paris or Rome?", choice="get_weather") == [("get_weather", {"location": "Paris"})]
    with pytest.raises(KeyError):
        called("Say hello", choice="get_nothing")


def test_only_allowed_tools_are_called() -> None:
    prompt = "What is the weather in Paris?"
    assert called(prompt, allowed=["send_email"]) == []
    assert [name for name, _ in called(prompt, allowed=["send_email"], choice="required")] == ["send_email"]
    assert called(prompt, allowed=[], choice="required") == []
    assert called(prompt, (), choice="required") == []


def test_arguments_are_compact_json() -> None:
    weather = tool("get_weather", "", location=TEXT, unit=TEXT | {"enum": ["celsius"]})
    calls = choose([weather], "weather in Zürich", choice="auto", allowed=None, parallel=True, rng=random.Random(1))
    assert calls == [ToolCall("get_weather", '{"location":"Zürich","unit":"celsius"}')]


def test_arguments_fit_whatever_the_prompt() -> None:
    prompts = [
        "",
        "weather in Paris and Rome",
        "email 12 people at 5 pm",
        "add 3",
        "x" * 5000,
        "“?” ' \" \n: = @ $ 1,2",
    ]
    modes = ["auto", "required", *(offered.name for offered in TOOLS)]
    schemas = {offered.name: offered.parameters or {} for offered in TOOLS}
    count = 0
    for seed, prompt in enumerate(prompts):
        for mode in modes:
            for name, arguments in called(prompt, choice=mode, seed=seed):
                Draft202012Validator(schemas[name]).validate(arguments)
                count += 1
    assert count > 50


class GetForecast(BaseModel):
    """Forecast the weather of a city for some days."""

    city: str
    days: int
    unit: Literal["celsius", "fahrenheit"] | None


def test_tools_made_by_the_sdk_are_called() -> None:
    function = openai.pydantic_function_tool(GetForecast)["function"]
    made = Tool(function["name"], function.get("description", ""), function.get("parameters"), True)
    ((name, arguments),) = called("Forecast the weather in Oslo for 3 days in celsius", (made,))
    assert name == "GetForecast"
    assert GetForecast.model_validate(arguments) == GetForecast(city="Oslo", days=3, unit="celsius")


def test_optional_arguments_are_given_if_the_prompt_names_them() -> None:
    schema = {"type": "object", "properties": {"location": TEXT, "unit": UNITS, "days": {"type": "integer"}}}
    loose = Tool("get_weather", "", schema | {"required": ["location"]}, False)
    assert called("Weather in Oslo?", (loose,)) == [("get_weather", {"location": "Oslo"})]
    full = {"location": "Oslo", "unit": "celsius", "days": 3}
    assert called("Weather in Oslo for 3 days, in celsius?", (loose,)) == [("get_weather", full)]


def test_equal_seeds_give_equal_calls() -> None:
    weather = tool("get_weather", "", location=TEXT, unit=TEXT | {"enum": ["celsius", "fahrenheit"]})
    assert called("weather in Paris", (weather,), seed=3) == called("weather in Paris", (weather,), seed=3)
    units = {called("weather in Paris", (weather,), seed=seed)[0][1]["unit"] for seed in range(20)}
    assert units == {"celsius", "fahrenheit"}


def test_the_answer_to_outputs_quotes_them() -> None:
    assert follow_up([("get_weather", "14 degrees\n")]) == "get_weather says: 14 degrees"
    both = follow_up([("get_weather", '{"celsius": 14}'), ("send_email", "")])
    assert both == 'get_weather says: {"celsius": 14}\nsend_email says nothing.'
    assert follow_up([("read_file", "word " * 1000)]).endswith("word...")
    assert follow_up([]) == "No tool has replied."
