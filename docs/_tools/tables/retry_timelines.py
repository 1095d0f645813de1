"""Measures what the installed client does when a request keeps failing, on a clock that skips every wait.

The widget on the page about errors draws the data, and the page has a table of the main cases.
"""

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from typing import NamedTuple
from unittest.mock import patch

import httpx2
import looptime
from openai import AsyncOpenAI, OpenAIError

from openai_sandbox.core import Core
from openai_sandbox.transport import AsyncSandboxTransport

from ..data.as_of import ROOT
from ..data.generated import generates

DATA = ROOT / "docs" / "assets" / "data" / "retry-timelines.json"
# What comes back, and the sandbox's fault that causes it. A bad request needs no fault.
ANSWERS = {"429": "rate_limit", "500": "server_error", "503": "overloaded", "400": "ok"}
SILENCES = {"timeout": "timeout", "connection drop": "connection_drop"}
PAUSES = {
    "none": "",
    "1 s": "retry_after=1",
    "30 s": "retry_after=30",
    "121 s": "retry_after=121",
    "200 ms": "retry_after_ms=200",
}
TIMEOUTS = (2, 10, 60, 600)
MAX_RETRIES = range(6)

# The client randomly shortens its own waits by up to a quarter. With these random numbers it shortens by nothing, or by
# all of it.
LONGEST, SHORTEST = 0.0, 1.0


class Case(NamedTuple):
    """What goes wrong every time: a key of ANSWERS or SILENCES, and a key of PAUSES. `timeout` is in seconds."""

    answer: str
    pause: str
    timeout: int
    max_retries: int


class Run(NamedTuple):
    """What the client did: when each attempt began and ended, in seconds, and when and what it raised."""

    tries: list[tuple[float, float]]
    end: float
    raises: str

    @property
    def waits(self) -> list[float]:
        """The seconds from each attempt to the next."""
        return [after[0] - before[1] for before, after in pairwise(self.tries)]


class Timeline(NamedTuple):
    """What happens in a case, in seconds. Each wait and the total have a shortest and a longest value."""

    requests: int
    took: float
    waits: list[tuple[float, float]]
    total: tuple[float, float]
    raises: str


class Watched(AsyncSandboxTransport):
    """A transport that notes when each request begins and ends."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.tries: list[tuple[float, float]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer and note the time."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            return await super().handle_async_request(request)
        finally:
            self.tries.append((began, clock()))


def cases() -> Iterator[Case]:
    """Yield every case: each answer with each pause that may come with it, and each silence.

    A request that fails at once is measured with the shortest timeout: if that does not cut it short, no timeout does.
    """
    for retries in MAX_RETRIES:
        for answer in ANSWERS:
            yield from (Case(answer, pause, TIMEOUTS[0], retries) for pause in PAUSES)
        yield from (Case("timeout", "none", timeout, retries) for timeout in TIMEOUTS)
        yield Case("connection drop", "none", TIMEOUTS[0], retries)


async def run(case: Case) -> Run:
    """Make one call that fails each time, and record what the client does."""
    fault = (ANSWERS | SILENCES)[case.answer]
    transport = Watched(Core(f"{fault} x9 {PAUSES[case.pause]}", seed=1))
    http_client = httpx2.AsyncClient(transport=transport)
    clock = asyncio.get_running_loop().time
    async with AsyncOpenAI(
        api_key="sk-sandbox-timelines",
        base_url="http://127.0.0.1:9/v1",
        http_client=http_client,
        max_retries=case.max_retries,
        timeout=case.timeout,
    ) as client:
        try:
            # The sandbox, like the API, refuses a temperature above 2.
            await client.responses.create(
                model="gpt-6-luna", input="Say hello", temperature=9 if case.answer == "400" else None
            )
        except OpenAIError as error:
            start = transport.tries[0][0]
            tries = [(began - start, ended - start) for began, ended in transport.tries]
            return Run(tries, clock() - start, type(error).__name__)
    raise ValueError(f"docs/_tools/tables/retry_timelines.py: {case} did not fail")


def measured(chance: float) -> dict[Case, Run]:
    """Run all cases with the client's random numbers fixed."""

    async def all_cases() -> dict[Case, Run]:
        return {case: await run(case) for case in cases()}

    with (
        patch("openai._base_client.random", return_value=chance),
        asyncio.Runner(loop_factory=looptime.new_event_loop) as runner,
    ):
        return runner.run(all_cases())


@cache
def timelines() -> dict[Case, Timeline]:
    """Return what happens in each case.

    Raises:
        ValueError: the random numbers changed more than the waits.
    """
    shortest, longest = measured(SHORTEST), measured(LONGEST)
    return {case: _together(case, shortest[case], longest[case]) for case in shortest}


def _together(case: Case, short: Run, long: Run) -> Timeline:
    took = {round(ended - began, 3) for began, ended in short.tries + long.tries}
    if len(took) != 1 or short.raises != long.raises or len(short.tries) != len(long.tries):
        raise ValueError(f"docs/_tools/tables/retry_timelines.py: {case} is not the same in every run: {short}, {long}")
    waits = [(round(least, 3), round(most, 3)) for least, most in zip(short.waits, long.waits, strict=True)]
    return Timeline(len(short.tries), took.pop(), waits, (round(short.end, 3), round(long.end, 3)), short.raises)


@generates("docs/assets/data/retry-timelines.json")
def data() -> str:
    """Return the timelines as JSON for the widget, one case per line."""
    rows = ",\n ".join(json.dumps(case._asdict() | timeline._asdict()) for case, timeline in timelines().items())
    return f'{{"openai": "{version("openai")}", "timelines": [\n {rows}\n]}}\n'


# The main cases, each with the default number of retries.
MAIN = {
    "Status 429": ("429", "none", TIMEOUTS[0]),
    "Status 500 or higher": ("500", "none", TIMEOUTS[0]),
    "Status 429, `Retry-After: 1`": ("429", "1 s", TIMEOUTS[0]),
    "Status 429, `Retry-After: 30`": ("429", "30 s", TIMEOUTS[0]),
    "Status 429, `Retry-After: 121`": ("429", "121 s", TIMEOUTS[0]),
    "Status 400": ("400", "none", TIMEOUTS[0]),
    "The connection drops": ("connection drop", "none", TIMEOUTS[0]),
    "No answer, `timeout=10`": ("timeout", "none", 10),
    "No answer, `timeout=600`": ("timeout", "none", 600),
}
DEFAULT_RETRIES = 2


@generates("docs/includes/generated/retry-timelines.md")
def table() -> str:
    """Return the table of the main cases."""
    lines = ["| Result of each attempt | Requests | Waits | Total time | Exception |", "|---|---:|---|---|---|"]
    for name, (answer, pause, timeout) in MAIN.items():
        found = timelines()[Case(answer, pause, timeout, DEFAULT_RETRIES)]
        waits = ", ".join(map(_span, found.waits)) or "—"
        total = _span(found.total) if found.total[1] else "at once"
        lines.append(f"| {name} | {found.requests} | {waits} | {total} | `{found.raises}` |")
    note = (
        f"<small>Measured with openai {version('openai')} and its default `max_retries={DEFAULT_RETRIES}`, on a "
        "simulated clock. On this clock, a request that is answered or dropped takes no time.</small>"
    )
    return "\n".join([*lines, "", note, ""])


def _span(seconds: tuple[float, float]) -> str:
    least, most = (f"{value:,.1f}" if value >= 10 else f"{value + 1e-9:.2f}" for value in seconds)
    least, most = (text.rstrip("0").rstrip(".") for text in (least, most))
    return f"{least} s" if least == most else f"{least} to {most} s"
