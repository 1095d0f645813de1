"""Whether the sandbox stays as it is: `uv run python -m tests.benchmarks.soak [--minutes 10] [--connections 50]`.

Needs Linux. Starts `openai-sandbox serve` and loads it with good and bad requests of all kinds, see `traffic.py`, from
clients that are quick, slow, or gone, see `connections.py`. What is random comes from a seed, which is printed. Before
the time starts, the sandbox is filled until it stores as much as it keeps, which takes a few minutes.

Exit code 1 if a good request was not answered completely, if the sandbox failed, if it has lost a file descriptor after
the last client is gone, or if its memory at the end is over 105% of that after two minutes (after two thirds of a soak
that is shorter than three).
"""

import argparse
import asyncio
import contextlib
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from ..good_requests import RESPONSES
from .connections import abandoned, aborted_stream, half_closed, idle, pipelined, slow_reader, slow_sender
from .served import Client, ReplyError, Served, message, served
from .traffic import (
    LUNA,
    Tally,
    Visitor,
    Wrong,
    background,
    bad_body,
    batch,
    completion,
    conversation,
    embedding,
    huge_prompt,
    response,
    schema,
    streamed_completion,
    streamed_response,
)

Kind = Callable[[Visitor], Awaitable[None]]

QUICK: dict[Kind, float] = {
    response: 24,
    completion: 24,
    streamed_response: 10,
    streamed_completion: 10,
    aborted_stream: 2,
    background: 5,
    conversation: 6,
    batch: 4,
    embedding: 4,
    bad_body: 10,
    schema: 6,
    pipelined: 3,
    abandoned: 8,
    half_closed: 3,
    huge_prompt: 0.1,
}
"""What quick visitors do, with its weight."""
PATIENT: dict[Kind, float] = {slow_sender: 4, slow_reader: 3, idle: 3}
"""What takes its time: a quarter of the visitors does nothing else."""
KEPT: dict[Kind, float] = {completion: 14_000, conversation: 11_500, batch: 10_500}
"""How often to do what leaves something with the server, until it has 10,000 of everything, or as many as it keeps.

Some of it is not stored, or deleted. Conversations and batches make responses and files as well.
"""

LATENCY = "0.01"
"""What the server waits before each reply, in seconds: clients go away while a timer runs, too."""
STEADY = 120.0
INTERVAL = 5.0
AROUND = 15.0
"""Seconds before and after a moment whose samples count for it."""
MOST_RATIO = 1.05
PAUSE = 0.06
"""The longest pause of a quick visitor between two things, in seconds."""
KEEPING = 0.98
"""How likely a quick visitor keeps its connection."""
SHOWN = 10


@dataclass(slots=True)
class Soak:
    """A soak that is going on, or over. `samples` are seconds, megabytes and file descriptors.

    `filled` is when the server was filled, on the clock that `started` is on: from then on, seconds count.
    """

    server: Served
    seconds: float
    tally: Tally = field(default_factory=Tally)
    samples: list[tuple[float, float, int]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    filled: float | None = None

    def passed(self) -> float:
        """Return how many seconds it goes on, below 0 while the server is filled."""
        return -1.0 if self.filled is None else time.monotonic() - self.filled

    def goes_on(self) -> bool:
        """Tell whether there is time left, and a server."""
        return self.passed() < self.seconds and self.server.process.poll() is None

    def memory(self, moment: float) -> float:
        """Return the median of the megabytes around a moment."""
        return statistics.median(size for at, size, _ in self.samples if at >= 0 and abs(at - moment) <= AROUND)

    def kinds(self, patient: bool) -> Mapping[Kind, float]:
        """Return what a visitor may do now, with weights."""
        if patient:
            return PATIENT
        if self.filled is None:
            missing = {kind: number - self.tally.kinds[kind.__name__] for kind, number in KEPT.items()}
            if left := {kind: number for kind, number in missing.items() if number > 0}:
                return left
            self.filled = time.monotonic()
        return QUICK

    def pause(self, visitor: Visitor) -> float:
        """Return how many seconds a visitor waits now before it does the next thing."""
        return 0.0 if self.filled is None else visitor.chance.uniform(0, PAUSE)

    async def visit(self, visitor: Visitor, patient: bool) -> None:
        """Be a visitor, one connection after the other, until the time is up."""
        while self.goes_on():
            with contextlib.suppress(ConnectionError):
                async with Client(self.server.port) as visitor.client:
                    while self.goes_on() and await self.act(visitor, patient):
                        await asyncio.sleep(self.pause(visitor))

    async def act(self, visitor: Visitor, patient: bool) -> bool:
        """Do one thing. Returns whether the visitor keeps its connection."""
        kinds = self.kinds(patient)
        (kind,) = visitor.chance.choices(list(kinds), list(kinds.values()))
        self.tally.kinds[kind.__name__] += 1
        try:
            await kind(visitor)
        except (AssertionError, LookupError, OSError, ReplyError, ValueError, Wrong) as problem:
            sent = visitor.last if len(visitor.last) < 800 else visitor.last[:800] + b"..."
            said = f"{kind.__name__} after {self.passed():.0f} s: {type(problem).__name__}: {problem}\n    {sent!r}"
            self.tally.failures[kind.__name__].append(said)
            return False
        return visitor.chance.random() < KEEPING

    async def watch(self) -> None:
        """Measure now and then until the time is up."""
        while self.server.process.poll() is None:
            at, size, files = self.passed(), self.server.memory(), self.server.files()
            self.samples.append((at, size, files))
            if at >= self.seconds:
                return
            if len(self.samples) % 12 == 1:
                when = f"{at:5.0f} s" if self.filled else "filling"
                print(f"{when}: {self.tally.kinds.total():,} visits, {size:.0f} MB, {files} files", flush=True)
            await asyncio.sleep(min(INTERVAL, max(self.seconds - self.passed(), 0.1)))

    async def run(self, connections: int, seed: int) -> None:
        """Load the server."""
        chances = [random.Random(f"{seed} {number}") for number in range(connections)]
        visitors = [Visitor(self.server.port, chance, self.tally) for chance in chances]
        visits = [self.visit(visitor, number % 4 == 3) for number, visitor in enumerate(visitors)]
        await asyncio.gather(self.watch(), *visits)


async def settled(server: Served, files: int) -> int:
    """Wait until the server has closed what its clients have left, and return its file descriptors then."""
    for _ in range(100):
        if server.files() <= files:
            break
        await asyncio.sleep(0.1)
    return server.files()


async def warm(server: Served) -> None:
    """Let the server load what the first request needs, and close its connection."""
    async with Client(server.port) as client:
        await client.ask(message("POST", RESPONSES, LUNA | {"input": "Say hello"}))
    await asyncio.sleep(1)


async def soak(server: Served, minutes: float, connections: int, seed: int) -> list[str]:
    """Load a server, print what came of it, and return what is wrong."""
    await warm(server)
    files = server.files()
    course = Soak(server, minutes * 60)
    await course.run(connections, seed)
    if (code := server.process.poll()) is not None:
        return [f"the sandbox ended with {code}: {server.tracebacks()}"]
    return list(report(course, files, await settled(server, files)))


def report(course: Soak, files: int, left: int) -> Iterator[str]:
    """Print what was measured. Yields what is wrong."""
    tally, length = course.tally, time.monotonic() - course.started
    busy = course.server.seconds() / length
    print(f"\n{tally.kinds.total():,} visits in {length:.0f} s, server on {busy:.0%} of a core")
    print("  " + ", ".join(f"{name} {count:,}" for name, count in tally.kinds.most_common()))
    print("replies: " + ", ".join(f"{status}: {count:,}" for status, count in sorted(tally.statuses.items())))
    steady = min(STEADY, course.seconds * 2 / 3)
    before, after = course.memory(steady), course.memory(course.seconds)
    print(f"memory: {before:.1f} MB after {steady:.0f} s, {after:.1f} MB at the end, ratio {after / before:.3f}")
    most = max(count for *_, count in course.samples)
    print(f"file descriptors: {files} before, {most} at most, {left} after")
    failed = {name: len(found) for name, found in tally.failures.items()}
    print(f"failures: {failed or 'none'}")
    # One of each kind first, then the second ones.
    for failure in [found for row in zip_longest(*tally.failures.values()) for found in row if found][:SHOWN]:
        print(f"  {failure}")
    if failed:
        yield f"{sum(failed.values())} good requests failed"
    if tracebacks := course.server.tracebacks():
        yield f"the sandbox failed: {len(tracebacks)} lines in its log, such as {tracebacks[:SHOWN]}"
    if left > files:
        yield f"{left - files} file descriptors are lost"
    if after > before * MOST_RATIO:
        yield f"memory grew to {after / before:.0%}"


def main(arguments: list[str] | None = None) -> int:
    """Soak a sandbox. Returns 1 if something is wrong, 2 where it cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long (default: 10)")
    parser.add_argument("--connections", type=int, default=50, help="how many clients at once (default: 50)")
    parser.add_argument("--seed", type=int, help="repeats the requests of an earlier run")
    options = parser.parse_args(arguments)
    if not Path("/proc/self/fd").exists():
        print("this needs Linux: memory and file descriptors are read from /proc", file=sys.stderr)
        return 2
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}, {options.minutes:g} minutes, {options.connections} connections")
    conditions = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{conditions}, load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), "--latency", LATENCY, "--seed", str(seed)) as server,
    ):
        found = asyncio.run(soak(server, options.minutes, options.connections, seed))
    for problem in found:
        print(f"MISSED {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
