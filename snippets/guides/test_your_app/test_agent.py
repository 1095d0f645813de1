"""Test a tool loop: which tool runs, and what output the model gets."""

import json
from typing import Any

from openai import OpenAI

from openai_sandbox import Sandbox

CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
TOOL = {"type": "function", "name": "get_weather", "parameters": CITY}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [TOOL]}
WEATHER = {"Paris": "21 degrees"}


def ask(question: str) -> str:
    client = OpenAI()
    response = client.responses.create(**REQUEST, input=question)
    while calls := [one for one in response.output if one.type == "function_call"]:
        outputs: Any = []
        for call in calls:
            said = WEATHER.get(json.loads(call.arguments)["city"], "unknown")
            output = {"type": "function_call_output", "output": said}
            outputs.append({**output, "call_id": call.call_id})
        response = client.responses.create(
            **REQUEST, input=outputs, previous_response_id=response.id
        )
    return str(response.output_text)


def test_the_output_is_sent(openai_sandbox: Sandbox) -> None:
    rule = openai_sandbox.when("weather in Paris")
    rule.call("get_weather", city="Paris").then("It is warm.")
    assert ask("What is the weather in Paris?") == "It is warm."
    assert openai_sandbox.requests[1].body["input"][0]["output"] == "21 degrees"
