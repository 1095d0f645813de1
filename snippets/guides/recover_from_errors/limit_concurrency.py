"""Make many calls, a few at a time, as fast as the rate limits allow."""

# needs: aiolimiter
# sandbox: tier=1

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiolimiter import AsyncLimiter
from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


class Pace:
    """Starts calls no faster than the per-minute limits in a reply's headers allow."""

    def __init__(
        self, headers: Mapping[str, str], at_once: int = 4, share: float = 0.9
    ) -> None:
        requests = share * float(headers["x-ratelimit-limit-requests"])
        tokens = share * float(headers["x-ratelimit-limit-tokens"])
        self._slots = asyncio.Semaphore(at_once)
        self._requests = AsyncLimiter(at_once, 60 * at_once / requests)
        self._tokens = AsyncLimiter(tokens, 60)

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator[None]:
        """Wait until a call that counts as this many tokens may start."""
        async with self._slots, self._requests:
            await self._tokens.acquire(tokens)
            yield


async def ask(
    client: AsyncOpenAI, pace: Pace, question: str, cap: int = 500
) -> str:
    """Wait for a turn, then return the answer."""
    async with pace.turn(max(cap, len(question) // 4)):
        response = await client.responses.create(
            model="gpt-6-luna", input=question, max_output_tokens=cap
        )
    return response.output_text


async def main() -> None:
    client = AsyncOpenAI()
    first = await client.responses.with_raw_response.create(
        model="gpt-6-luna", input="Say hello"
    )
    pace, started = Pace(first.headers), time.monotonic()
    calls = [ask(client, pace, "Say hello") for _ in range(8)]
    answers = await asyncio.gather(*calls)
    print(len(answers), f"answers after {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    asyncio.run(main())
