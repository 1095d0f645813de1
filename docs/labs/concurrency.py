# ---
# description: A lab on concurrency. Timelines of sequential calls, gather, a semaphore and pacing, and how many calls at once pay off under a rate limit.
# kind: Lab
# level: Intermediate
# minutes: 12
# ---

# %% [markdown]
# # Concurrency
#
# A call to the API is mostly waiting, and many calls can wait at the same time. This lab shows how much that saves and where the
# gain ends.
#
# Time is simulated too: the event loop of [looptime](https://pypi.org/project/looptime/) jumps over every wait. A run of
# minutes takes a second, and its numbers are the same each time.

# %%
import asyncio
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import looptime
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, RateLimitError

from openai_sandbox.core import Core
from openai_sandbox.stages.latency import Latency
from openai_sandbox.stages.rate_limit import RateLimit
from openai_sandbox.transport import AsyncSandboxTransport

# %config InlineBackend.figure_formats = ["svg"]
plt.rcParams["svg.fonttype"] = "none"


class Span(NamedTuple):
    """One call, retries included: its start and end in seconds, the requests it took, and whether it was answered."""

    start: float
    end: float
    requests: int
    answered: bool


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


def simulate(
    program: Callable[[AsyncOpenAI], Coroutine[Any, Any, list[Span]]],
    limit: RateLimit | None = None,
) -> list[Span]:
    """Run a program against a sandbox in which every call takes 1.2 s, on a clock that jumps."""

    async def run() -> list[Span]:
        core = Core(
            seed=1,
            tier=limit,
            latency=Latency(first=1.2),
            now=asyncio.get_running_loop().time,
        )
        http_client = DefaultAsyncHttpxClient(transport=AsyncSandboxTransport(core))
        async with AsyncOpenAI(
            api_key="sk-sandbox-lab", http_client=http_client
        ) as client:
            return await program(client)

    def jump_through() -> list[Span]:
        random.seed(1)  # the client's waits are random: the same ones each time
        with asyncio.Runner(loop_factory=looptime.new_event_loop) as runner:
            return runner.run(run())

    # A notebook has a running loop of its own, so this one gets a thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(jump_through).result()


# %% [markdown]
# ## Three ways to make twelve calls
#
# One after the other, all at once with `gather`, and with a semaphore that allows four at a time.


# %%
async def sequential(client: AsyncOpenAI) -> list[Span]:
    """Wait for each answer before the next call."""
    return [await timed(client) for _ in range(12)]


async def gathered(client: AsyncOpenAI) -> list[Span]:
    """Start all calls, then wait for all answers."""
    return await asyncio.gather(*(timed(client) for _ in range(12)))


def at_most(
    number: int, calls: int
) -> Callable[[AsyncOpenAI], Coroutine[Any, Any, list[Span]]]:
    """Return a program that makes `calls` calls, at most `number` at a time."""

    async def program(client: AsyncOpenAI) -> list[Span]:
        semaphore = asyncio.Semaphore(number)

        async def one() -> Span:
            async with semaphore:
                return await timed(client)

        return await asyncio.gather(*(one() for _ in range(calls)))

    return program


ways = {
    "one by one": simulate(sequential),
    "semaphore of 4": simulate(at_most(4, 12)),
    "gather": simulate(gathered),
}
took = {
    name: round(max(span.end for span in spans), 2) for name, spans in ways.items()
}
print(took)


# %% alt="Three timelines of twelve calls. One by one they form a staircase. With a semaphore of four they form three blocks. With gather all bars start together."
def timeline(panel: Axes, spans: list[Span]) -> None:
    """Draw calls as bars on a time axis, refused ones in another color."""
    for row, span in enumerate(sorted(spans)):
        panel.barh(
            row,
            span.end - span.start,
            left=span.start,
            color="C0" if span.answered else "C3",
        )
    panel.invert_yaxis()
    panel.set(xlabel="seconds", yticks=[])


figure, panels = plt.subplots(
    1, 3, figsize=(9, 2.8), sharex=True, layout="constrained"
)
for panel, (name, spans) in zip(panels, ways.items(), strict=True):
    timeline(panel, spans)
    panel.set_title(f"{name}: {took[name]:g} s", fontsize="medium")
figure.suptitle("Twelve calls, simulated API and clock")
plt.show()

# %% [markdown]
# ## Stay under the rate limit
#
# Now make forty calls from an account that has nearly used up its limit for the minute. Its allowance comes back evenly, a little
# each second. Without pacing, all forty go out together, most are rejected, and the client's retries are soon used up. Pacing
# stays within the limit from the start. In your own program, use
# [aiolimiter](https://pypi.org/project/aiolimiter/) for pacing; the few lines below also run on a clock that jumps.


# %%
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


LIMIT = RateLimit(requests=120, tokens=1_000_000)


async def spend_burst(client: AsyncOpenAI) -> None:
    """Use up most of the minute."""
    await asyncio.gather(*(timed(client) for _ in range(110)))


def all_at_once(
    calls: int,
) -> Callable[[AsyncOpenAI], Coroutine[Any, Any, list[Span]]]:
    """Return a program that starts `calls` calls together."""

    async def program(client: AsyncOpenAI) -> list[Span]:
        await spend_burst(client)
        return await asyncio.gather(*(timed(client) for _ in range(calls)))

    return program


def paced(
    calls: int, per_second: float
) -> Callable[[AsyncOpenAI], Coroutine[Any, Any, list[Span]]]:
    """Return a program that starts `per_second` calls a second."""

    async def program(client: AsyncOpenAI) -> list[Span]:
        await spend_burst(client)
        pace = Pace(1 / per_second)

        async def one() -> Span:
            async with pace:
                return await timed(client)

        return await asyncio.gather(*(one() for _ in range(calls)))

    return program


limited = {
    "all at once": simulate(all_at_once(40), LIMIT),
    "paced": simulate(paced(40, 2), LIMIT),
}
for name, spans in limited.items():
    lost = sum(not span.answered for span in spans)
    print(
        f"{name}: {sum(span.requests for span in spans)} requests for {len(spans)} calls, {lost} calls lost"
    )

# %% alt="Two timelines of forty calls under a rate limit. Started all at once, most bars are marked as refused. Paced, the bars form an even diagonal and all are answered."
figure, panels = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
for panel, (name, spans) in zip(panels, limited.items(), strict=True):
    timeline(panel, spans)
    lost = sum(not span.answered for span in spans)
    panel.set_title(f"{name}: {lost} of {len(spans)} lost", fontsize="medium")
figure.suptitle("Forty calls under a rate limit, simulated API and clock")
plt.show()

# %% [markdown]
# ## How many at once are worth it
#
# Without a limit, twice as many calls at once take half the time. With a limit, the gain ends when the calls in progress already
# use all of it. That number of calls is the rate per second multiplied by the seconds a call takes. Here are the same calls, from
# one to sixty-four at once, with no limit and with a low one:

# %%
WIDTHS = (1, 2, 4, 8, 16, 32, 64)
CALLS = 64


def paced_at_most(
    number: int, per_second: float
) -> Callable[[AsyncOpenAI], Coroutine[Any, Any, list[Span]]]:
    """Return a program with both: a pace, and at most `number` calls under way."""

    async def program(client: AsyncOpenAI) -> list[Span]:
        semaphore, pace = asyncio.Semaphore(number), Pace(1 / per_second)

        async def one() -> Span:
            async with semaphore, pace:
                return await timed(client)

        return await asyncio.gather(*(one() for _ in range(CALLS)))

    return program


def seconds(spans: list[Span]) -> float:
    """Return how long the calls took together."""
    return max(span.end for span in spans) - min(span.start for span in spans)


alone = seconds(simulate(at_most(1, CALLS)))
free = {width: alone / seconds(simulate(at_most(width, CALLS))) for width in WIDTHS}
under_limit = {
    width: alone
    / seconds(simulate(paced_at_most(width, 10), RateLimit(600, 1_000_000)))
    for width in WIDTHS
}
print("no limit:     ", {width: round(gain, 1) for width, gain in free.items()})
print(
    "10 a second:  ", {width: round(gain, 1) for width, gain in under_limit.items()}
)
print("worth having: ", 10 * 1.2, "at once")

# %% alt="Line chart of the speed-up against the number of calls at once, from 1 to 64. Without a limit it doubles with the number. Under a limit of ten a second it flattens at about twelve."
figure, panel = plt.subplots(figsize=(7, 3.4), layout="constrained")
panel.plot(WIDTHS, list(free.values()), "o-", label="no limit")
panel.plot(WIDTHS, list(under_limit.values()), "s-", label="10 requests a second")
panel.axvline(
    10 * 1.2, linestyle=":", color="C2", label="rate times seconds a call"
)
panel.set_xscale("log", base=2)
panel.set_yscale("log", base=2)
panel.set_xticks(WIDTHS, [str(width) for width in WIDTHS])
panel.set_yticks(WIDTHS, [str(width) for width in WIDTHS])
panel.set(xlabel="calls at once", ylabel="times as fast as one by one")
panel.legend()
figure.suptitle("Speed-up, simulated API and clock")
plt.show()

# %% [markdown]
# ## What it means for your program
#
# - Multiply the requests you may send per second by the seconds one takes. If you make more calls at once than that, the rest
#   only wait in a queue or are rejected.
# - Read the limit from [the headers of a response](../reference/objects/response-headers.md#your-rate-limits), not from a blog.
# - Pace the calls you start instead of relying on retries. A rejected request counts against the limit
#   too.[^failed-requests-count]
# - Here every call takes the same time. Real calls vary, and there is a limit on tokens in addition to the one on requests, so
#   leave some room.
