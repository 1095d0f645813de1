"""Use one async client in two event loops."""

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()
client = AsyncOpenAI()


async def ask(question: str) -> None:
    response = await client.responses.create(model="gpt-6-luna", input=question)
    print(response.output_text)


asyncio.run(ask("What is the capital of France?"))
asyncio.run(ask("What is the capital of Japan?"))
