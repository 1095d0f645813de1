"""Cancel a decision run while it observes the world."""

import asyncio

import openai
from dotenv import load_dotenv
from openai.lib.decisions_tool_runner import (
    AsyncDecisionCandidate,
    AsyncDecisionsToolRunner,
    DecisionsToolRunnerCancelledError,
)

load_dotenv()


async def main() -> None:
    async def look() -> str:
        run.cancel()  # the user gives up
        await asyncio.sleep(60)
        return "The lamp is off."

    async def offer(_: object) -> list[AsyncDecisionCandidate]:
        return [{"id": "done", "description": "The lamp is on.", "done": True}]

    runner = AsyncDecisionsToolRunner(observe=look, candidates=offer)
    async with openai.AsyncOpenAI() as client:
        ask = "Turn on the lamp."
        run = asyncio.ensure_future(
            runner.run(client, {"model": "gpt-6-luna", "input": ask})
        )
        try:
            await run
        except DecisionsToolRunnerCancelledError as error:
            print(error.reason, error.attempted_candidate_ids)
            #> cancelled ()


if __name__ == "__main__":
    asyncio.run(main())
