"""Set one deadline for a call, including all its retries and waits."""

# sandbox: rate_limit x2 retry_after=60

import asyncio
import time

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


async def ask_within(seconds: float, question: str) -> str:
    """Return the answer, or raise TimeoutError when the time is up."""
    async with asyncio.timeout(seconds), AsyncOpenAI() as client:
        response = await client.responses.create(model="gpt-6-luna", input=question)
        return response.output_text


def ask_within_sync(seconds: float, question: str) -> str:
    """Call ask_within from a program or thread without a running event loop."""
    return asyncio.run(ask_within(seconds, question))


if __name__ == "__main__":
    for _ in range(3):
        started = time.monotonic()
        try:
            print(ask_within_sync(1, "Say hello"))
        except TimeoutError:
            print(f"no answer after {time.monotonic() - started:.1f} s")
