"""Send the same request with the asynchronous client."""

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


async def main() -> None:
    async with AsyncOpenAI() as client:
        completion = await client.chat.completions.create(
            model="gpt-6-luna",
            messages=[{"role": "user", "content": "Say this is a test!"}],
            reasoning_effort="none",
            temperature=0.7,
        )
    print(completion.choices[0].message.content)


if __name__ == "__main__":
    asyncio.run(main())
