"""Send a question once when several callers ask it at the same moment."""

import asyncio

from dotenv import load_dotenv
from openai import AsyncOpenAI

load_dotenv()


class SingleFlight:
    """Answers questions; identical ones share a request that is in progress."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client
        self._under_way: dict[str, asyncio.Task[str | None]] = {}
        self.sent = 0

    async def ask(self, question: str) -> str | None:
        """Return the answer, from a request in progress if there is one."""
        if question not in self._under_way:
            task = asyncio.create_task(self._send(question))
            self._under_way[question] = task
            task.add_done_callback(lambda _: self._under_way.pop(question))
        return await asyncio.shield(self._under_way[question])

    async def _send(self, question: str) -> str | None:
        self.sent += 1
        completion = await self._client.chat.completions.create(
            model="gpt-6-luna", messages=[{"role": "user", "content": question}]
        )
        return completion.choices[0].message.content


async def main() -> None:
    flight = SingleFlight(AsyncOpenAI())
    answers = await asyncio.gather(*(flight.ask("Say hello") for _ in range(5)))
    print(len(answers), "answers,", flight.sent, "request")


if __name__ == "__main__":
    asyncio.run(main())
