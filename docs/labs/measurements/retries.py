"""Measures the waits before retries, and what they add to the load in an outage."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, InternalServerError
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_fixed,
)

from openai_sandbox.core import Core
from openai_sandbox.transport import AsyncSandboxTransport

from . import simulated_time
from .charts import Axis, Chart, Panel

DOWN = "server_error x500"


class Recorder(AsyncSandboxTransport):
    """A sandbox that notes when each request came, in seconds."""

    def __init__(self, faults: str | None = None) -> None:
        super().__init__(Core(faults, seed=1))
        self.times: list[float] = []

    async def handle_async_request(self, request: Any) -> Any:
        """Note the time, then answer."""
        self.times.append(asyncio.get_running_loop().time())
        return await super().handle_async_request(request)

    def client(self, max_retries: int) -> AsyncOpenAI:
        """Return a client of this sandbox."""
        http_client = DefaultAsyncHttpxClient(transport=self)
        return AsyncOpenAI(
            api_key="sk-sandbox-lab",
            http_client=http_client,
            max_retries=max_retries,
        )


async def ask(client: AsyncOpenAI, layers: int = 0) -> None:
    """Ask through a number of layers, each of which tries three times."""
    if layers == 0:
        await client.responses.create(model="gpt-6-luna", input="Say hello")
        return
    three_times = AsyncRetrying(
        stop=stop_after_attempt(3),
        wait=wait_fixed(1),
        retry=retry_if_exception_type(InternalServerError),
        reraise=True,
    )
    async for attempt in three_times:
        with attempt:
            await ask(client, layers - 1)


def waits_before_retries(runs: int, retries: int) -> list[list[float]]:
    """Fail calls again and again. Returns the seconds before each retry, by run."""

    async def fail_all() -> list[list[float]]:
        sandbox = Recorder(f"server_error x{runs * (retries + 1)}")
        waits = []
        async with sandbox.client(retries) as client:
            for _ in range(runs):
                sandbox.times.clear()
                try:
                    await ask(client)
                except InternalServerError:
                    tries = pairwise(sandbox.times)
                    waits.append([after - before for before, after in tries])
        return waits

    found = simulated_time.run(fail_all())
    return [[run[retry] for run in found] for retry in range(retries)]


def formula(retry: int) -> tuple[float, float]:
    """Return the shortest and the longest wait before a retry, in seconds."""
    longest = min(0.5 * 2 ** (retry - 1), 8)
    return 0.75 * longest, longest


def requests_in_an_outage(layers: int) -> int:
    """Return how many requests one question becomes. The client is one layer."""

    async def count() -> int:
        sandbox = Recorder(DOWN)
        async with sandbox.client(2 if layers else 0) as client:
            try:
                await ask(client, max(0, layers - 1))
            except InternalServerError:
                pass
        return len(sandbox.times)

    return simulated_time.run(count())


def load_of_an_outage(
    layers: int, users: int, arrive_within: float, down_for: float
) -> Counter[int]:
    """Return the requests in each second if users ask while the API is down."""

    async def measure() -> Counter[int]:
        loop = asyncio.get_running_loop()
        recorder = Recorder()
        down = Core(DOWN).faults.queue

        async def user(client: AsyncOpenAI, number: int) -> None:
            await asyncio.sleep(arrive_within * number / users)
            try:
                await ask(client, layers)
            except InternalServerError:
                pass

        async def break_and_mend() -> None:
            while loop.time() < down_for:
                recorder.core.faults.queue[:] = down
                await asyncio.sleep(0.05)
            recorder.core.faults.queue.clear()

        async with recorder.client(2) as client:
            asking = (user(client, number) for number in range(users))
            await asyncio.gather(break_and_mend(), *asking)
        return Counter(int(time) for time in recorder.times)

    return simulated_time.run(measure())


def waits_chart(waits: Sequence[Sequence[float]]) -> Chart:
    """Draw every wait as a dot, on the band of the formula."""
    retries = range(1, len(waits) + 1)
    marks: dict[float, str] = {retry: f"{retry}" for retry in retries}
    x = Axis("retry", 0.7, len(waits) + 0.3, marks)
    panel = Panel(x, Axis("seconds of waiting", 0))
    panel.name("formula", 0)
    panel.name("measured", 1)
    band = [(retry, *formula(retry)) for retry in retries]
    lows = [(retry, shortest) for retry, shortest, _ in band]
    panel.band(lows, [(retry, longest) for retry, _, longest in band], 0)
    for retry, measured in enumerate(waits, 1):
        many = len(measured)
        places = (retry + 0.3 * (run / many - 0.5) for run in range(many))
        panel.dots(list(zip(places, measured, strict=True)), 1, size=1.6)
    return Chart("Backoff of the openai client, real client, simulated API", panel)


def load_chart(loads: Mapping[str, Counter[int]], down_for: float) -> Chart:
    """Draw the requests a second, and the time in which the API is down."""
    end = round(down_for) + 4
    panel = Panel(Axis("second", 0, end), Axis("requests a second", 0))
    most = max(max(load.values()) for load in loads.values())
    panel.band([(0, 0), (down_for, 0)], [(0, most), (down_for, most)], 3)
    for number, (name, load) in enumerate(loads.items()):
        panel.name(f"{name}: {load.total()}", number)
        panel.steps([(second, load[second]) for second in range(end + 1)], number)
    panel.name("API down", 3)
    return Chart("A retry storm, real client, simulated API", panel)
