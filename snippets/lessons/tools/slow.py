"""Run the calls of a round at the same time, each with a deadline."""

import asyncio
import json
import time
from typing import Any

from dotenv import load_dotenv
from openai import AsyncOpenAI
from openai.types.responses import ResponseFunctionToolCall

SECONDS = {"Paris": 0.3, "Oslo": 0.3, "Lima": 60.0}
RULES = {"required": ["city"], "additionalProperties": False}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, **RULES}
TOOL = {"name": "get_weather", "strict": True, "parameters": CITY}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [{"type": "function", **TOOL}]}


async def get_weather(city: str) -> str:
    await asyncio.sleep(SECONDS[city])  # a slow service
    return f"18 degrees in {city}"


async def run(call: ResponseFunctionToolCall, deadline: float = 0.5) -> Any:
    """Return the output of a call. A call that takes too long has one, too."""
    try:
        async with asyncio.timeout(deadline):
            output = await get_weather(**json.loads(call.arguments))
    except TimeoutError:
        output = f"error: no answer within {deadline} s"
    return {
        "type": "function_call_output",
        "call_id": call.call_id,
        "output": output,
    }


async def main() -> None:
    question = "What is the weather in Paris, Oslo and Lima?"
    history: list[Any] = [{"role": "user", "content": question}]
    async with AsyncOpenAI(timeout=30) as client:
        reply = await client.responses.create(**REQUEST, input=history)
        calls = [item for item in reply.output if item.type == "function_call"]
        began = time.perf_counter()
        results = await asyncio.gather(*map(run, calls))
        print(f"{len(calls)} calls: {time.perf_counter() - began:.1f} s")
        history += [*reply.output, *results]
        reply = await client.responses.create(**REQUEST, input=history)
        print(reply.output_text)


if __name__ == "__main__":
    load_dotenv()
    asyncio.run(main())
