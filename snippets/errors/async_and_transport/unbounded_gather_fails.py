"""Start twenty calls at once, and count the requests in flight."""

# sandbox: latency=0.05

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI, DefaultAsyncHttpx2Client

load_dotenv()
waiting = [0]


async def sent(_: object) -> None:
    waiting.append(waiting[-1] + 1)


async def answered(_: object) -> None:
    waiting.append(waiting[-1] - 1)


async def main() -> None:
    http = DefaultAsyncHttpx2Client(
        event_hooks={"request": [sent], "response": [answered]}
    )
    async with AsyncOpenAI(http_client=http) as client:

        async def ask(question: str) -> str:
            response = await client.responses.create(
                model="gpt-6-luna", input=question
            )
            return response.output_text

        answers = await asyncio.gather(*(ask("Say hello") for _ in range(20)))
    print(len(answers), "answers, at most", max(waiting), "requests at once")
    #> 20 answers, at most 20 requests at once


asyncio.run(main())
