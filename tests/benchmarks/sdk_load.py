"""The load of the SDK on a server: `python -m tests.benchmarks.sdk_load PORT CONNECTIONS SECONDS`.

One client: `OpenAI` for a single connection, `AsyncOpenAI` for several. Prints JSON: how many plain responses came in
how many seconds, and the median wait in milliseconds.
"""

import asyncio
import json
import statistics
import sys
import time

from openai import AsyncOpenAI, OpenAI

from openai_sandbox.http.address import API_KEY

ASKED = {"model": "gpt-6-luna", "input": "Say hello"}


def one_at_a_time(url: str, seconds: float) -> list[float]:
    """Ask one after the other, and return what each took."""
    client, waits = OpenAI(base_url=url, api_key=API_KEY), []
    end = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        client.responses.create(**ASKED)  # type: ignore[call-overload]
        waits.append(time.perf_counter() - begun)
    return waits


async def many_at_a_time(url: str, connections: int, seconds: float) -> list[float]:
    """Ask on several connections at once, and return what each request took."""
    client, waits = AsyncOpenAI(base_url=url, api_key=API_KEY), []
    end = time.perf_counter() + seconds

    async def ask() -> None:
        while (begun := time.perf_counter()) < end:
            await client.responses.create(**ASKED)  # type: ignore[call-overload]
            waits.append(time.perf_counter() - begun)

    await asyncio.gather(*(ask() for _ in range(connections)))
    return waits


def main(port: int, connections: int, seconds: float) -> None:
    """Load the server and print what came of it."""
    url = f"http://127.0.0.1:{port}/v1"
    begun = time.perf_counter()
    waits = one_at_a_time(url, seconds) if connections == 1 else asyncio.run(many_at_a_time(url, connections, seconds))
    took = time.perf_counter() - begun
    print(json.dumps({"answered": len(waits), "seconds": took, "p50_ms": statistics.median(waits) * 1000}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
