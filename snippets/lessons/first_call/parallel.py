"""Ask the same questions one after the other, then all at once, and time both."""

# sandbox: latency=0.4

import asyncio
import time

from dotenv import load_dotenv
from openai import AsyncOpenAI, OpenAI

load_dotenv()
COUNTRIES = ("France", "Japan", "Kenya")
QUESTIONS = [f"What is the capital of {country}?" for country in COUNTRIES]


def ask_in_sequence() -> None:
    client = OpenAI()
    for question in QUESTIONS:
        client.responses.create(model="gpt-6-luna", input=question)


async def ask_in_parallel() -> None:
    client = AsyncOpenAI()
    calls = [
        client.responses.create(model="gpt-6-luna", input=q) for q in QUESTIONS
    ]
    await asyncio.gather(*calls)


if __name__ == "__main__":
    start = time.perf_counter()
    ask_in_sequence()
    middle = time.perf_counter()
    asyncio.run(ask_in_parallel())
    end = time.perf_counter()
    print(f"one after the other: {middle - start:.2f} s")
    print(f"all at once: {end - middle:.2f} s")
    print(f"speedup: {(middle - start) / (end - middle):.2f} times")
