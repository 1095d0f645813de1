"""Use one async client in one event loop."""

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


async def ask(client: AsyncOpenAI, question: str) -> None:
    response = await client.responses.create(model="gpt-6-luna", input=question)
    print(response.output_text)
    #> The capital of France is Paris.
    #> Tokyo.


async def main() -> None:
    async with AsyncOpenAI() as client:
        await ask(client, "What is the capital of France?")
        await ask(client, "What is the capital of Japan?")


asyncio.run(main())
