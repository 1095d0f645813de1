"""Lesson 05: its diagram shows what its program sends, and its assignment, takeaways and answers are true."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of

from .programs import Edit, replacing, run_edited

PAGE = (ROOT / "docs" / "lessons" / "tools.md").read_text("utf-8")
PROGRAMS = Path(str(files("snippets") / "lessons" / "tools"))


def ran(program: str, edit: Edit | None = None) -> tuple[str, dict[str, Any]]:
    """Run a program, edited, and return what it printed and its names."""
    return run_edited(PROGRAMS / program, edit)


def drawn(item: Any, numbers: dict[str, str]) -> str:
    """Name an item as the diagram does: its type, and which call it is about."""
    kind = item.get("type", "message")
    call = item.get("call_id")
    return f"{kind} {numbers.setdefault(call, f'call_{len(numbers) + 1}')}" if call else str(kind)


def test_the_diagram_shows_the_items_that_the_program_sends_and_gets(api: Sandbox) -> None:
    _, names = ran("one_tool.py")
    numbers: dict[str, str] = {}
    expected = []
    for request, reply in zip(api.requests, (names["first"], names["last"]), strict=True):
        sent = ", ".join(drawn(item, numbers) for item in request.body["input"])
        expected.append(("C->>A", f"{sent} and tools"))
        assert request.body["tools"]
        got = [drawn(item.model_dump(exclude_unset=True), numbers) for item in reply.output]
        expected.append(("A-->>C", ", ".join(got)))
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
    arrows = re.findall(r"^\s+(C->>A|A-->>C): (.+)$", diagram, re.MULTILINE)
    assert [(arrow, said.replace("<br/>", " ")) for arrow, said in arrows] == expected
    assert diagram.index("Note over C: runs get_weather") > diagram.index("function_call call_1")


@pytest.mark.parametrize("program", ["several_tools.py", "several_tools_chat.py"])
def test_each_call_of_a_reply_gets_the_output_with_its_id(api: Sandbox, program: str) -> None:
    ran(program)
    first, second = api.requests
    if program == "several_tools.py":
        called = [item["call_id"] for item in second.body["input"] if item.get("type") == "function_call"]
        told = [item["call_id"] for item in second.body["input"] if item.get("type") == "function_call_output"]
    else:
        (asked,) = [message for message in second.body["messages"] if message["role"] == "assistant"]
        called = [call["id"] for call in asked["tool_calls"]]
        told = [message["tool_call_id"] for message in second.body["messages"] if message["role"] == "tool"]
    assert called == told
    assert len(set(called)) == 3
    assert first.body["tools"] == second.body["tools"]


@pytest.mark.parametrize("program", ["several_tools.py", "several_tools_chat.py"])
def test_what_a_function_does_not_know_is_an_output_and_does_not_end_the_program(api: Sandbox, program: str) -> None:
    printed, _ = ran(program, replacing("in Tokyo?", "in Lima?"))
    assert 'get_time({"city":"Lima"}) -> error: KeyError: \'Lima\'' in printed
    assert [request.status for request in api.requests] == [200, 200]


@pytest.mark.parametrize("program", ["several_tools.py", "several_tools_chat.py"])
def test_a_loop_without_an_end_is_ended(api: Sandbox, program: str) -> None:
    forced = replacing('"model": "gpt-6-luna"', '"tool_choice": "required", "model": "gpt-6-luna"')
    with pytest.raises(RuntimeError, match="no answer after 5 rounds"):
        ran(program, forced)
    assert len(api.requests) == 5


@pytest.mark.parametrize("program", ["one_tool.py", "one_tool_chat.py"])
def test_a_call_without_its_output_makes_the_second_request_fail_and_is_named(api: Sandbox, program: str) -> None:
    without = re.compile(r"\n +history\.append\(\{[^\n]+\*\*result\}\)")
    with pytest.raises(openai.BadRequestError) as caught:
        ran(program, lambda source: without.sub("", source))
    assert [request.status for request in api.requests] == [200, 400]
    assert re.search(r"call_\w+", str(caught.value))


def test_the_chat_program_names_the_effort_that_all_models_with_that_rule_take(api: Sandbox) -> None:
    ran("one_tool_chat.py")
    assert {request.body["reasoning_effort"] for request in api.requests} == {"none"}
    with pytest.raises(openai.BadRequestError, match="Function tools with reasoning_effort are not supported"):
        ran("one_tool_chat.py", replacing('"reasoning_effort": "none"', '"reasoning_effort": "low"'))


def test_the_model_learns_from_an_error_but_not_what_failed_inside(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(plan_of(PROGRAMS / "mistakes.py")) as api:
        ran("mistakes.py")
    sent = str([request.body["input"] for request in api.requests])
    assert "Use one of: Lima, Oslo, Paris" in sent
    assert "weather-db.internal" not in sent


@pytest.mark.parametrize(
    ("name", "arguments", "output"),
    [
        ("get_news", "{}", "error: no tool 'get_news'"),
        ("get_weather", '{"city": "Par', "error: the arguments are not JSON"),
        ("get_weather", '{"town": "Paris"}', "error: the tool failed"),
        ("get_weather", '{"city": "Rome"}', "error: no city 'Rome'. Use one of: Lima, Oslo, Paris"),
        ("get_weather", '{"city": "Paris"}', "18 degrees in Paris"),
    ],
)
def test_run_returns_an_output_whatever_the_model_asks_for(name: str, arguments: str, output: str) -> None:
    from snippets.lessons.tools.mistakes import run

    assert run(name, arguments).startswith(output)


def test_rounds_and_money_end_the_loop_with_an_answer(api: Sandbox) -> None:
    for edit, most in (
        (replacing('Decimal("0.0002")', 'Decimal("9")'), 6),
        (replacing('Decimal("0.0002")', 'Decimal("0.00001")'), 2),
    ):
        before = len(api.requests)
        printed, _ = ran("limits.py", edit)
        choices = [request.body["tool_choice"] for request in api.requests[before:]]
        assert choices == ["required"] * (most - 1) + ["none"]
        assert "12 orders are open" in printed


def test_a_budget_below_the_price_of_a_round_leaves_two_and_is_exceeded(api: Sandbox) -> None:
    printed, _ = ran("limits.py", replacing('Decimal("0.0002")', 'Decimal("0.00002")'))
    spent = [float(dollars) for dollars in re.findall(r"\$([\d.]+)", printed)]
    assert len(api.requests) == 2
    assert spent[0] > 0.00002
    assert max(spent) > 3 * 0.00002


def test_forcing_once_takes_two_rounds_and_less_money(api: Sandbox) -> None:
    def spent(printed: str) -> float:
        return max(map(float, re.findall(r"\$([\d.]+)", printed)))

    forced, _ = ran("limits.py")
    once, _ = ran("limits.py", replacing("else FORCED}", 'else FORCED if number == 1 else "auto"}'))
    assert once.count("round") == 2 < forced.count("round")
    assert spent(once) < spent(forced)


def test_max_tool_calls_does_not_limit_functions(api: Sandbox) -> None:
    """The sandbox takes the parameter as the API does: what it means is the claim `max-tool-calls-built-in`."""
    printed, _ = ran("several_tools.py", replacing('"tools": TOOLS', '"tools": TOOLS, "max_tool_calls": 1'))
    assert printed.count("->") == 3


def test_the_refund_happens_once_and_the_large_one_not_at_all(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(plan_of(PROGRAMS / "once.py")) as api:
        _, names = ran("once.py")
    assert names["REFUNDED"] == {"A-17": "refunded $20 for A-17"}
    items = [item for item in api.requests[-1].body["input"] if item.get("type") == "function_call"]
    asked = [item["call_id"] for item in items if "A-17" in item["arguments"]]
    assert len(set(asked)) == 2, "the second call of the same refund has another call_id"


def test_a_retried_request_runs_no_function_again(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error x2 after=1 retry_after_ms=1") as api:
        printed, _ = ran("several_tools.py")
    assert [request.status for request in api.requests] == [200, 500, 500, 200]
    assert printed.count("->") == 3


def test_definitions_are_input_of_every_request_also_of_one_that_calls_nothing(api: Sandbox) -> None:
    from snippets.lessons.tools.several_tools import TOOLS

    with OpenAI() as client:
        tools: Any
        for tools in (TOOLS, []):
            client.responses.create(model="gpt-6-luna", input="Say hello", tools=tools)
        counted = [
            client.responses.input_tokens.count(model="gpt-6-luna", input="Say hello", tools=tools).input_tokens
            for tools in (TOOLS, [])
        ]
    assert counted[0] > counted[1] + 20
