"""Await a call made with the blocking client."""

import asyncio
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client: Any = OpenAI()


async def main() -> None:
    response = await client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)


asyncio.run(main())
