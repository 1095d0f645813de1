"""Measures how long programs take that make many calls, on a simulated clock."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple, TypeAlias

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, RateLimitError

from openai_sandbox.core import Core
from openai_sandbox.stages.latency import Latency
from openai_sandbox.stages.rate_limit import RateLimit
from openai_sandbox.transport import AsyncSandboxTransport

from . import simulated_time
from .charts import Axis, Chart, Panel

TOKENS = 1_000_000  # a minute: more than any of these programs needs


class Span(NamedTuple):
    """One call, retries included: start and end in seconds, and its requests."""

    start: float
    end: float
    requests: int
    answered: bool


Program: TypeAlias = Callable[[AsyncOpenAI], Coroutine[Any, Any, list[Span]]]


async def timed(client: AsyncOpenAI) -> Span:
    """Make one call and measure it on the loop's clock."""
    clock = asyncio.get_running_loop().time
    start = clock()
    try:
        raw = await client.responses.with_raw_response.create(
            model="gpt-6-luna", input="Say hello"
        )
    except RateLimitError:
        return Span(start, clock(), 1 + client.max_retries, False)
    return Span(start, clock(), 1 + raw.retries_taken, True)


class Pace:
    """Lets one caller through every `gap` seconds."""

    def __init__(self, gap: float) -> None:
        self.gap, self.free_at = gap, 0.0

    async def __aenter__(self) -> None:
        """Wait for the next gap."""
        now = asyncio.get_running_loop().time()
        start = max(now, self.free_at)
        self.free_at = start + self.gap
        await asyncio.sleep(start - now)

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held."""


def one_by_one(calls: int) -> Program:
    """Return a program that waits for each answer before the next call."""

    async def program(client: AsyncOpenAI) -> list[Span]:
        return [await timed(client) for _ in range(calls)]

    return program


def together(
    calls: int, at_most: int | None = None, per_second: float | None = None
) -> Program:
    """Return a program that makes calls together, all of them or so many at once.

    With `per_second` it also starts no more than that many a second.
    """

    async def program(client: AsyncOpenAI) -> list[Span]:
        limits: list[asyncio.Semaphore | Pace] = []
        limits += [asyncio.Semaphore(at_most)] if at_most else []
        limits += [Pace(1 / per_second)] if per_second else []

        async def one() -> Span:
            async with AsyncExitStack() as stack:
                for limit in limits:
                    await stack.enter_async_context(limit)
                return await timed(client)

        return await asyncio.gather(*(one() for _ in range(calls)))

    return program


def measure(
    program: Program,
    seconds_a_call: float,
    requests_a_minute: int | None = None,
    used: int = 0,
) -> list[Span]:
    """Run a program and return its calls. `used` requests of the limit are gone."""
    limit = RateLimit(requests_a_minute, TOKENS) if requests_a_minute else None

    async def run() -> list[Span]:
        core = Core(
            seed=1,
            tier=limit,
            latency=Latency(first=seconds_a_call),
            now=asyncio.get_running_loop().time,
        )
        http_client = DefaultAsyncHttpxClient(transport=AsyncSandboxTransport(core))
        async with AsyncOpenAI(
            api_key="sk-sandbox-lab", http_client=http_client
        ) as client:
            await asyncio.gather(*(timed(client) for _ in range(used)))
            return await program(client)

    return simulated_time.run(run())


def seconds(spans: Sequence[Span]) -> float:
    """Return how long the calls took together."""
    return max(span.end for span in spans) - min(span.start for span in spans)


def lost(spans: Sequence[Span]) -> int:
    """Return how many calls got no answer."""
    return sum(not span.answered for span in spans)


def speed_up(
    calls: int,
    widths: Sequence[int],
    seconds_a_call: float,
    per_second: int | None = None,
) -> dict[int, float]:
    """Return how many times as fast as one by one it is, by calls at once.

    With `per_second`, the API takes that many requests a second, and the program
    keeps to it.
    """
    minute = per_second * 60 if per_second else None
    alone = seconds(measure(together(calls, 1), seconds_a_call))
    took = {
        width: measure(together(calls, width, per_second), seconds_a_call, minute)
        for width in widths
    }
    return {width: alone / seconds(spans) for width, spans in took.items()}


def speed_up_chart(
    gains: Mapping[str, Mapping[int, float]], worth_having: float
) -> Chart:
    """Draw the speed-up against the number of calls at once."""
    widths = list(next(iter(gains.values())))
    marks: dict[float, str] = {width: f"{width}" for width in widths}
    low, high = widths[0] / 1.2, widths[-1] * 1.2
    x = Axis("calls at once", low, high, marks, log=True)
    y = Axis("times as fast as one by one", low, high, marks, log=True)
    panel = Panel(x, y, height=190)
    panel.line([(worth_having, low), (worth_having, high)], 2, dashed=True)
    for number, (name, gain) in enumerate(gains.items()):
        panel.name(name, number)
        panel.line(list(gain.items()), number)
        panel.dots(list(gain.items()), number)
    panel.name("rate times seconds a call", 2)
    return Chart("Speed-up, simulated API and clock", panel)


def timelines_chart(ways: Mapping[str, Sequence[Span]], title: str) -> Chart:
    """Draw the calls of each program as bars on a time axis, lost ones in red."""
    longest = max(seconds(spans) for spans in ways.values())
    return Chart(
        f"{title}, simulated API and clock",
        *(_timeline(name, spans, longest) for name, spans in ways.items()),
    )


def _timeline(name: str, spans: Sequence[Span], longest: float) -> Panel:
    title = f"{name}: {seconds(spans):.1f} s"
    if gone := lost(spans):
        title += f", {gone} of {len(spans)} lost"
    x, y = Axis("seconds", 0, longest), Axis("", 0, len(spans), {})
    panel = Panel(x, y, title=title, height=80, downward=True)
    start = min(span.start for span in spans)
    for row, span in enumerate(sorted(spans)):
        left, right = span.start - start, span.end - start
        color = 0 if span.answered else 3
        panel.bar((left, row + 0.1), (right, row + 0.9), color)
    return panel
