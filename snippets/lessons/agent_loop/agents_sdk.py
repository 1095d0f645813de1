"""Run the same agent on the OpenAI Agents SDK."""
# sandbox: script=agent.json

import asyncio

from agents import (
    Agent,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)
from dotenv import load_dotenv
from openai import AsyncOpenAI

INSTRUCTIONS = """Begin with a plan, and take one step at a time. If what you find
does not fit the plan, make a new one. Answer when you know, or cannot find out."""
RECORDS = {"A-17": "sent as parcel P-3, price $20", "P-3": "lost on November 20"}


@function_tool
def make_plan(steps: list[str]) -> str:
    """Make a plan."""
    return "The plan is noted."


@function_tool
def look_up(number: str) -> str:
    """Look up an order or a parcel by its number."""
    return RECORDS.get(number, "error: no such number")


async def main() -> None:
    async with AsyncOpenAI(timeout=30) as client:
        model = OpenAIResponsesModel(model="gpt-6-luna", openai_client=client)
        agent = Agent(
            "Orders",
            instructions=INSTRUCTIONS,
            model=model,
            tools=[make_plan, look_up],
        )
        result = await Runner.run(agent, "Where is order A-17?", max_turns=8)
    for item in result.new_items:
        if item.type == "tool_call_output_item":
            print(f"{item.type}: {item.output}")
        else:
            print(item.type)
    usage = result.context_wrapper.usage
    print(f"{usage.requests} requests, {usage.total_tokens} tokens")
    print("answer:", result.final_output)


if __name__ == "__main__":
    load_dotenv()
    set_tracing_disabled(True)
    asyncio.run(main())
