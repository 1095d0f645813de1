"""Ask the same question several times at once, and count the answers."""

import asyncio
from collections import Counter
from typing import Any, Literal

from dotenv import load_dotenv
from openai import AsyncOpenAI
from pydantic import BaseModel

REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
RULES = "Judge whether this customer can ride the bike to the shop."
MESSAGE = "The front brake squeaks, and the lever nearly touches the handlebar."
SPENT: Counter[str] = Counter()


class Vote(BaseModel):
    ride: Literal["safe", "unsafe"]


async def vote(client: AsyncOpenAI) -> str:
    """Return one vote, or `none` if the model refused."""
    reply = await client.responses.parse(
        **REQUEST, instructions=RULES, input=MESSAGE, text_format=Vote
    )
    if usage := reply.usage:
        read, wrote = usage.input_tokens, usage.output_tokens
        SPENT.update({"calls": 1, "in": read, "out": wrote})
    return reply.output_parsed.ride if reply.output_parsed else "none"


async def main() -> None:
    async with AsyncOpenAI() as client:
        for count in (1, 5):
            SPENT.clear()
            calls = [vote(client) for _ in range(count)]
            votes = Counter(await asyncio.gather(*calls))
            ride = votes["safe"] > count / 2  # a missing vote counts against it
            verdict = "ride" if ride else "do not ride"
            print(f"{votes['safe']} of {count} say safe: {verdict}")
            print(dict(SPENT))


if __name__ == "__main__":
    load_dotenv()
    asyncio.run(main())
