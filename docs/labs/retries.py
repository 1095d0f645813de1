# ---
# description: A lab on retries. How long the openai client waits over two hundred runs, compared with its formula, and how layers of retries multiply requests in an outage.
# kind: Lab
# level: Intermediate
# minutes: 10
# ---

# %% [markdown]
# # Retries
#
# The client retries on its own after connection errors, timeouts and some statuses, twice by
# default.[^retried-statuses+retries-default] This lab shows how long it waits in between, and what happens when other layers
# retry as well.
#
# Time is simulated: the event loop of [looptime](https://pypi.org/project/looptime/) jumps over every wait. The client and
# its waits are real.

# %%
import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import looptime
import matplotlib.pyplot as plt
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, InternalServerError
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_fixed,
)

from openai_sandbox.core import Core
from openai_sandbox.transport import AsyncSandboxTransport

# %config InlineBackend.figure_formats = ["svg"]
plt.rcParams["svg.fonttype"] = "none"

T = TypeVar("T")


def simulate(program: Coroutine[Any, Any, T]) -> T:
    """Run a program on a clock that jumps. A notebook has a running loop of its own, so this one gets a thread."""

    def jump_through() -> T:
        random.seed(1)  # the client's waits are random: the same ones each time
        with asyncio.Runner(loop_factory=looptime.new_event_loop) as runner:
            return runner.run(program)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(jump_through).result()


class Recorder(AsyncSandboxTransport):
    """A sandbox that notes when each request came, in seconds."""

    def __init__(self, faults: str | None = None) -> None:
        super().__init__(Core(faults, seed=1))
        self.times: list[float] = []

    async def handle_async_request(self, request: Any) -> Any:
        """Note the time, then answer."""
        self.times.append(asyncio.get_running_loop().time())
        return await super().handle_async_request(request)

    def client(self, max_retries: int = 2) -> AsyncOpenAI:
        """Return a client of this sandbox."""
        http_client = DefaultAsyncHttpxClient(transport=self)
        return AsyncOpenAI(
            api_key="sk-sandbox-lab",
            http_client=http_client,
            max_retries=max_retries,
        )


# %% [markdown]
# ## The waits, two hundred times
#
# Every request gets status 500. The client may retry `RETRIES` times. Two hundred runs give two hundred waits before each
# retry:

# %%
RUNS, RETRIES = 200, 7


async def all_runs() -> list[list[float]]:
    """Fail all runs and return the waits of each, in seconds."""
    sandbox = Recorder(f"server_error x{RUNS * (RETRIES + 1)}")
    waits = []
    async with sandbox.client(RETRIES) as client:
        for _ in range(RUNS):
            sandbox.times.clear()
            try:
                await client.responses.create(model="gpt-6-luna", input="Say hello")
            except InternalServerError:
                waits.append(
                    [after - before for before, after in pairwise(sandbox.times)]
                )
    return waits


runs = simulate(all_runs())
waits = [[run[retry] for run in runs] for retry in range(RETRIES)]
formula = [min(0.5 * 2**retry, 8) for retry in range(RETRIES)]

for retry, (measured, longest) in enumerate(zip(waits, formula, strict=True), 1):
    print(
        f"retry {retry}: {min(measured):.2f} to {max(measured):.2f} s; formula {0.75 * longest:g} to {longest:g} s"
    )

# %% alt="Dots of two hundred waits before each of seven retries. The waits double from half a second to eight seconds and stay there. All lie in the band between three quarters of the formula and the formula."
figure, panel = plt.subplots(figsize=(7, 3.4), layout="constrained")
retries = list(range(1, RETRIES + 1))
panel.fill_between(
    retries,
    [0.75 * longest for longest in formula],
    formula,
    alpha=0.3,
    label="formula",
)
for retry, measured in zip(retries, waits, strict=True):
    spread = [retry + 0.3 * (index / RUNS - 0.5) for index in range(RUNS)]
    panel.scatter(
        spread, measured, s=2, color="C1", label="measured" if retry == 1 else None
    )
panel.set(xlabel="retry", ylabel="seconds of waiting")
panel.legend()
figure.suptitle("Backoff of the openai client, real client, simulated API")
plt.show()

# %% [markdown]
# The wait doubles up to a ceiling, and a random part of it is subtracted so that many clients do not come back at the same
# moment.[^backoff] A `Retry-After` header from the server replaces the wait.[^retry-after]

# %% [markdown]
# ## Layers multiply
#
# The client tries three times.[^retries-default] Many programs wrap it in a decorator that also tries three times. Around that, a
# queue delivers a failed job three times. During an outage, one question becomes this many requests:


# %%
async def ask(client: AsyncOpenAI, layers: int) -> None:
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


async def requests_of(layers: int) -> int:
    """Return how many requests one question becomes while the API is down. The client is one of the layers."""
    sandbox = Recorder("server_error x100")
    async with sandbox.client(max_retries=2 if layers else 0) as client:
        try:
            await ask(client, max(0, layers - 1))
        except InternalServerError:
            pass
    return len(sandbox.times)


names = ("no retries", "the client", "and a decorator", "and a queue")
storm = {name: simulate(requests_of(layers)) for layers, name in enumerate(names)}
print(storm)

# %% [markdown]
# ## A retry storm
#
# A hundred users ask while the API is down. This is how many requests reach it each second, with only the client's retries and
# with two layers around them:


# %%
async def outage(
    layers: int, users: int = 100, down_for: float = 20.0
) -> Counter[int]:
    """Return the number of requests in each second."""
    loop = asyncio.get_running_loop()
    recorder = Recorder()

    async def user(client: AsyncOpenAI, number: int) -> None:
        await asyncio.sleep(10 * number / users)
        try:
            await ask(client, layers)
        except InternalServerError:
            pass

    async def break_and_mend() -> None:
        while loop.time() < down_for:
            recorder.core.faults.queue[:] = down
            await asyncio.sleep(0.05)
        recorder.core.faults.queue.clear()

    down = Core("server_error x500").faults.queue
    async with recorder.client() as client:
        await asyncio.gather(
            break_and_mend(), *(user(client, number) for number in range(users))
        )
    return Counter(int(time) for time in recorder.times)


storms = {
    name: simulate(outage(layers))
    for layers, name in ((0, "client alone"), (2, "two layers around it"))
}
totals = {name: sum(seconds.values()) for name, seconds in storms.items()}
print("requests for 100 questions:", totals)

# %% alt="Step chart of requests a second during an outage of twenty seconds. With the client's retries alone the load ends soon after the questions. With two layers around them it keeps climbing until the outage ends."
figure, panel = plt.subplots(figsize=(7, 3.4), layout="constrained")
for name, load in storms.items():
    panel.step(
        range(25),
        [load[second] for second in range(25)],
        where="post",
        label=f"{name}: {totals[name]}",
    )
panel.axvspan(0, 20, alpha=0.15, color="C3", label="API down")
panel.set(xlabel="second", ylabel="requests a second")
panel.legend()
figure.suptitle("A retry storm, real client, simulated API and clock")
plt.show()

# %% [markdown]
# ## What it means for your program
#
# - Let only one layer retry. If a queue or a decorator does, create the client with `max_retries=0`.
# - Give the whole task a deadline. More attempts do not end an outage.
# - The client also retries a 429 with `insufficient_quota`, but waiting does not bring you credit.[^quota-same-class] Stop when
#   you see it.
