"""Test a tool loop: a call that breaks a rule, and an API that fails midway."""

# needs: registry.py, booking.json

from typing import Any

from openai import OpenAI
from registry import registry

from openai_sandbox import Sandbox, assert_resilient


def ask(question: str) -> str:
    client = OpenAI(timeout=30)
    request: Any = {"model": "gpt-6-luna", "tools": registry.tools}
    history: list[Any] = [{"role": "user", "content": question}]
    for _ in range(5):
        reply = client.responses.create(**request, input=history)
        if reply.status != "completed":
            raise RuntimeError(f"the reply is {reply.status}")
        history += reply.output
        for call in (due := [i for i in reply.output if i.type == "function_call"]):
            output = registry.run(call.name, call.arguments)
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})
        if not due:
            return str(reply.output_text)
    raise RuntimeError("no answer after 5 rounds")


def test_a_broken_rule_is_told(openai_sandbox: Sandbox) -> None:
    rule = openai_sandbox.when("terrace").call("book_table", "{}", checked=False)
    rule.then("Which day?")
    assert ask("A table on the terrace") == "Which day?"
    assert "day: Field required" in str(openai_sandbox.requests[1].body)


def test_it_holds_while_the_api_fails() -> None:
    faults = ["rate_limit x2 after=1 retry_after_ms=100", "content_filter after=2"]
    assert_resilient(lambda: ask("Book a table"), faults, script="booking.json")
