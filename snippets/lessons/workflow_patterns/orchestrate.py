"""Let a model split a message into questions, answer each, and combine that."""

# sandbox: script=answers.json

import asyncio
from collections import Counter
from typing import Any

from dotenv import load_dotenv
from openai import APIError, AsyncOpenAI
from pydantic import BaseModel

REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
PLAN = "Plan: split a message to a bike shop into at most three questions."
WORK = """Answer one question to a bike shop in at most 30 words. Refunds take five
days. Checking brakes is free. Unused goods can be returned within 30 days."""
COMBINE = "Combine these answers into one message of at most 60 words."
MOST = 3
ONE = "I was charged twice for order 1042."
THREE = f"{ONE} The brakes squeak, too. And can I return the helmet?"
SPENT: Counter[str] = Counter()


class Plan(BaseModel):
    questions: list[str]


async def ask(client: AsyncOpenAI, rules: str, text: str, **shape: Any) -> Any:
    """Make one call and count its tokens. `shape` may have a `text_format`."""
    step: Any = {"instructions": rules, "input": text, **shape}
    reply = await client.responses.parse(**REQUEST, **step)
    if usage := reply.usage:
        read, wrote = usage.input_tokens, usage.output_tokens
        SPENT.update({"calls": 1, "in": read, "out": wrote})
    return reply


async def answer(client: AsyncOpenAI, message: str) -> str:
    """Return the answer to a message. If a worker fails, all of it fails."""
    plan = (await ask(client, PLAN, message, text_format=Plan)).output_parsed
    questions = plan.questions[:MOST] if plan else [message]
    async with asyncio.TaskGroup() as group:
        work = [group.create_task(ask(client, WORK, one)) for one in questions]
    answers = "\n".join(task.result().output_text for task in work)
    return str((await ask(client, COMBINE, answers)).output_text)


async def main() -> None:
    async with AsyncOpenAI() as client:
        for _ in range(2):  # simulated: the second time, one call fails
            SPENT.clear()
            try:
                print(await answer(client, THREE))
            except* APIError as failed:
                for error in failed.exceptions:
                    print("For a person:", type(error).__name__)
            print(dict(SPENT))


if __name__ == "__main__":
    load_dotenv()
    asyncio.run(main())
