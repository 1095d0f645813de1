"""Wait for a server that does not answer, for at most 0.3 seconds in all."""

# sandbox: timeout x2

import asyncio
import time

from dotenv import load_dotenv
from openai import APITimeoutError, AsyncOpenAI

load_dotenv()


async def main() -> None:
    async with AsyncOpenAI(timeout=0.1, max_retries=1) as client:
        async with asyncio.timeout(0.3):
            await client.responses.create(model="gpt-6-luna", input="Say hello")


start = time.perf_counter()
try:
    asyncio.run(main())
except (APITimeoutError, TimeoutError) as problem:
    print(f"{type(problem).__name__} after {time.perf_counter() - start:.2f} s")
