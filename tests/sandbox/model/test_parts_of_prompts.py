"""Prompts that want several things: each call takes what its part says, and no number twice."""

import json
import random
import time
from typing import Any

import pytest

from openai_sandbox.model.tools import Tool, choose


def tool(name: str, description: str, **types: str) -> Tool:
    properties = {key: {"type": type} for key, type in types.items()}
    return Tool(name, description, {"type": "object", "properties": properties, "required": list(types)}, False)


REFUND = tool("refund", "Refund an order", order_id="string", amount="number")
CANCEL = tool("cancel_booking", "Cancel a booking", booking_id="string")
WEATHER = tool("get_weather", "Get the weather", city="string")
TIME = tool("get_time", "Get the current time", city="string")
EMAIL = tool("send_email", "Send an email", to="string", subject="string")
EVENT = tool("create_event", "Create a calendar event", day="string", title="string")
ADD = tool("add", "Add two numbers", a="number", b="number")
MULTIPLY = tool("multiply", "Multiply two numbers", a="number", b="number")
TRANSFER = tool("transfer", "Transfer money", from_account="string", to_account="string", amount="number")
TICKET = tool("create_ticket", "Create a ticket", title="string", mood="string")
REMIND = tool("set_reminder", "Set a reminder", text="string")
SHIP = tool("ship", "Ship items", sku="string", quantity="integer", city="string")


def calls(prompt: str, *tools: Tool) -> list[tuple[str, Any]]:
    made = choose(tools, prompt, choice="auto", allowed=None, parallel=True, rng=random.Random(1))
    return [(call.name, json.loads(call.arguments)) for call in made]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Please refund order A17, I paid 20 euros", [("A17", 20)]),
        ("Please refund order 17, I paid 20", [("17", 20)]),
        ("I paid 35.50 for order 998877, please refund it", [("998877", 35.5)]),
        ("Refund $20 for A17", [("A17", 20)]),
        ("Give me a refund of 20 euros for order A17 and 30 euros for order B18", [("A17", 20), ("B18", 30)]),
        ("I want my money back for A17, it was 9 euros", [("A17", 9)]),
    ],
)
def test_a_sum_is_no_other_calls_id(prompt: str, expected: list[tuple[str, float]]) -> None:
    assert calls(prompt, REFUND) == [("refund", {"order_id": id, "amount": amount}) for id, amount in expected]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Cancel booking 5 and booking 6", ["5", "6"]),
        ("Cancel bookings B5, B6 and B7", ["B5", "B6", "B7"]),
        ("Cancel booking 5 for 2 people", ["5"]),
    ],
)
def test_each_id_is_one_call(prompt: str, expected: list[str]) -> None:
    assert calls(prompt, CANCEL) == [("cancel_booking", {"booking_id": id}) for id in expected]


@pytest.mark.parametrize(
    ("prompt", "tools", "expected"),
    [
        (
            "What is the weather in Paris and the time in Tokyo?",
            (WEATHER, TIME),
            [("get_weather", {"city": "Paris"}), ("get_time", {"city": "Tokyo"})],
        ),
        (
            "Tell me the time in Tokyo; also the weather in Paris.",
            (WEATHER, TIME),
            [("get_time", {"city": "Tokyo"}), ("get_weather", {"city": "Paris"})],
        ),
        (
            "What are the weather and the time in Tokyo?",
            (WEATHER, TIME),
            [("get_weather", {"city": "Tokyo"}), ("get_time", {"city": "Tokyo"})],
        ),
        (
            "In Paris, what is the weather, and what is the time?",
            (WEATHER, TIME),
            [("get_weather", {"city": "Paris"}), ("get_time", {"city": "Paris"})],
        ),
        (
            "Multiply 4 by 5 and add 2 and 3",
            (ADD, MULTIPLY),
            [("multiply", {"a": 4, "b": 5}), ("add", {"a": 2, "b": 3})],
        ),
    ],
)
def test_two_tools_that_fit_two_halves_are_called_once_each(
    prompt: str, tools: tuple[Tool, ...], expected: list[tuple[str, Any]]
) -> None:
    assert calls(prompt, *tools) == expected


def test_a_text_is_from_the_tools_own_part_or_plainly_made_up() -> None:
    prompt = "Send an email to bob@example.com and create a calendar event for Monday"
    assert calls(prompt, EMAIL, EVENT) == [
        ("send_email", {"to": "bob@example.com", "subject": "Example subject"}),
        ("create_event", {"day": "Monday", "title": "calendar event"}),
    ]
    ticket = {"title": "the login page is down", "mood": "Example mood"}
    assert calls("Create a ticket: the login page is down.", TICKET) == [("create_ticket", ticket)]
    assert calls("Remind me to call Anna", REMIND) == [("set_reminder", {"text": "call Anna"})]
    assert calls("Please transfer money", TRANSFER)[0][1]["from_account"] == "Example from account"


def test_an_account_is_no_place_and_a_code_neither() -> None:
    accounts = {"from_account": "111", "to_account": "222", "amount": 50}
    assert calls("Transfer 50 dollars from account 111 to account 222", TRANSFER) == [("transfer", accounts)]
    items = {"sku": "SKU-99", "quantity": 3, "city": "Berlin"}
    assert calls("Ship 3 items of SKU-99 to Berlin", SHIP) == [("ship", items)]


@pytest.mark.parametrize(
    "described",
    ["Refunds the customer for an order", "Start the refund of an order", "Reimburses an order"],
)
def test_money_back_meets_a_tool_that_refunds(described: str) -> None:
    given = tool("process", described, order_id="string")
    assert calls("I want my money back for A17", given) == [("process", {"order_id": "A17"})]


def test_a_prompt_of_nothing_but_numbers_takes_no_long_time() -> None:
    begun = time.process_time()
    calls("Refund orders " + "1 and 2, " * 900 + "for from from 12 to order 13", REFUND, CANCEL, TRANSFER)
    assert time.process_time() - begun < 1
