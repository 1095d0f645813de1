"""Ask several questions at once with the async client."""

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


async def ask_all(questions: list[str]) -> list[str]:
    async with AsyncOpenAI() as client:
        responses = await asyncio.gather(
            *(
                client.responses.create(model="gpt-6-luna", input=question)
                for question in questions
            )
        )
    return [response.output_text for response in responses]


if __name__ == "__main__":
    countries = ["France", "Japan", "Kenya"]
    for answer in asyncio.run(
        ask_all([f"What is the capital of {name}?" for name in countries])
    ):
        print(answer)
