"""Await a call made with the async client."""

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


async def main() -> None:
    async with AsyncOpenAI() as client:
        response = await client.responses.create(
            model="gpt-6-luna", input="Say hello"
        )
        print(response.output_text)
        #> Hello! What are you working on?


asyncio.run(main())
