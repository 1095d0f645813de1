"""Answer the parts of a message at once, and keep the parts that succeed."""

# sandbox: script=answers.json

import asyncio
from collections import Counter
from typing import Any

from dotenv import load_dotenv
from openai import AsyncOpenAI
from openai.types.responses import Response

REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
ONLY = "answer only what is about this, in at most 30 words."
PARTS = {
    "billing": f"Billing: {ONLY} Refunds take five days.",
    "workshop": f"Workshop: {ONLY} Checking brakes is free.",
    "returns": f"Returns: {ONLY} Unused goods within 30 days.",
}
AT_ONCE = 2
ONE = "I was charged twice for order 1042."
THREE = f"{ONE} The brakes squeak, too. And can I return the helmet?"
SPENT: Counter[str] = Counter()


async def answer(client: AsyncOpenAI, message: str) -> dict[str, Any]:
    """Return the answer to each part, or the exception that it ended with."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def ask(rules: str) -> str:
        step: Any = {"instructions": rules, "input": message}
        async with limit:
            reply: Response = await client.responses.create(**REQUEST, **step)
        if usage := reply.usage:
            read, wrote = usage.input_tokens, usage.output_tokens
            SPENT.update({"calls": 1, "in": read, "out": wrote})
        return reply.output_text

    calls = [ask(rules) for rules in PARTS.values()]
    results = await asyncio.gather(*calls, return_exceptions=True)
    return dict(zip(PARTS, results, strict=True))


async def main() -> None:
    async with AsyncOpenAI() as client:
        for _ in range(2):  # simulated: the second time, one call fails
            SPENT.clear()
            for part, text in (await answer(client, THREE)).items():
                if isinstance(text, BaseException):
                    text = f"no answer ({type(text).__name__})"
                print(f"{part}: {text}")
            print(dict(SPENT))


if __name__ == "__main__":
    load_dotenv()
    asyncio.run(main())
