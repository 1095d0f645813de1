"""Cancel a tool run while one of the tools is working."""

import asyncio

import openai
from dotenv import load_dotenv
from openai.lib import responses_tool_runner as runners

load_dotenv()


async def main() -> None:
    async def get_weather(_: dict[str, object]) -> str:
        run.cancel()  # the user gives up
        return await asyncio.sleep(60, "Sunny")

    weather = runners.AsyncRegisteredFunction(
        {
            "type": "function",
            "name": "get_weather",
            "parameters": None,
            "strict": False,
        },
        get_weather,
    )
    runner = runners.AsyncResponsesToolRunner(functions=[weather])
    async with openai.AsyncOpenAI() as client:
        ask = "What is the weather in Paris?"
        working = runner.run(client, {"model": "gpt-6-luna", "input": ask})
        run = asyncio.ensure_future(working)
        try:
            await run
        except runners.ToolRunnerCancelledError as error:
            print(error.attempted_call_ids != (), error.completed_call_ids)
            #> True ()


if __name__ == "__main__":
    asyncio.run(main())
