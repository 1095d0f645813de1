"""With the sandbox: the model's own class makes real requests."""
# needs: pydantic-ai-slim[openai]==2.68.0, pytest==9.2.0

from pydantic_ai import Agent

from openai_sandbox import Sandbox

agent = Agent()


@agent.tool_plain
def get_weather(city: str) -> str:
    return {"Paris": "21 degrees"}.get(city, "unknown")


def test_the_answer_is_returned(openai_sandbox: Sandbox) -> None:
    rule = openai_sandbox.when("Weather in Paris")
    rule.call("get_weather", city="Paris").then("It is warm.")
    reply = agent.run_sync("Weather in Paris?", model="openai:gpt-6-luna")
    assert reply.output == "It is warm."
    assert "21 degrees" in str(openai_sandbox.requests[1].body)
