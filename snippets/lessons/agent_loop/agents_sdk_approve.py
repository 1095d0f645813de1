"""Ask a person before a side effect, with the OpenAI Agents SDK."""
# sandbox: script=agent.json

import asyncio

from agents import (
    Agent,
    OpenAIResponsesModel,
    Runner,
    RunState,
    function_tool,
    set_tracing_disabled,
)
from dotenv import load_dotenv
from openai import AsyncOpenAI

PRICES = {"A-17": 20, "B-4": 900}  # dollars


@function_tool
def look_up(number: str) -> str:
    """Look up an order."""
    return f"lost on November 20, price ${PRICES[number]}"


@function_tool(needs_approval=True)
def refund(number: str) -> str:
    """Refund an order."""
    return f"refunded ${PRICES[number]}"


async def ask(agent: Agent, task: str, approved: bool) -> str:
    """Return the answer to a task in which one call needs approval."""
    result = await Runner.run(agent, task)
    saved = result.to_state().to_string()  # the process can end here
    state = await RunState.from_string(agent, saved)
    (call,) = state.get_interruptions()
    print(
        f"{call.name}({call.arguments})? {'approved' if approved else 'declined'}"
    )
    if approved:
        state.approve(call)
    else:
        state.reject(call)
    return str((await Runner.run(agent, state)).final_output)


async def main() -> None:
    async with AsyncOpenAI(timeout=30) as client:
        model = OpenAIResponsesModel(model="gpt-6-luna", openai_client=client)
        agent = Agent("Refunds", model=model, tools=[look_up, refund])
        print(await ask(agent, "Order A-17 never arrived. Refund it.", True))
        print(await ask(agent, "Order B-4 never arrived. Refund it.", False))


if __name__ == "__main__":
    load_dotenv()
    set_tracing_disabled(True)
    asyncio.run(main())
