"""How long one request keeps others, and the end, waiting: `uv run python -m tests.benchmarks.interruption`.

For each kind of hard request, sandboxes are started with `openai-sandbox serve`, and measured are

- answer: how long the request itself takes;
- others: how long another client waits for `GET /v1/models` meanwhile, the worst of several rounds;
- SIGINT, SIGTERM: how long the process takes to end while it answers the request, the worst of several moments.

The aim is 0.25 s for others and 1 s for the end. Exit code 1 where it takes more than 2 s and 5 s, or where the request
is answered with 500 or not at all.
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from openai_sandbox.http.address import API_KEY

from ..good_requests import BATCHES, EMBEDDINGS, FILES, MODELS, RESPONSES, form
from ..sandbox.refusals.test_work import ANSWERED, OVER, schema_body
from .served import HOST, Served, served

PATIENCE = 60.0
ROUNDS = 3
ENDS = (signal.SIGINT, signal.SIGTERM)
MOMENTS = (0.2, 0.6)
"""When the signal comes, as a part of the time that the request takes."""
MOST_OTHERS, MOST_END = 2.0, 5.0
ONE_LINE = {"model": "gpt-6-luna", "input": "Say hello"}
TOKEN_LIST = [number % 50_000 for number in range(8_000)]


class Asked(NamedTuple):
    """A request: path, body, and type of the body. Without a body it is a GET.

    `{id}` in the path, and in a short body, stands for the id in the reply before.
    """

    path: str
    body: bytes | None = None
    type: str = "application/json"


class Answer(NamedTuple):
    """A status, 0 where there was no reply, the id in the body, and the seconds it took."""

    status: int
    id: str
    seconds: float


@dataclass(slots=True)
class Measured:
    """What was measured of a kind, in seconds: the worst of each."""

    status: int = 0
    answer: float = 0.0
    others: float = 0.0
    ends: dict[signal.Signals, float] = field(default_factory=dict)

    def misses(self) -> bool:
        """Tell whether something is out of bounds."""
        late = self.others > MOST_OTHERS or any(seconds > MOST_END for seconds in self.ends.values())
        return late or self.status not in (200, 400)

    def row(self, name: str) -> str:
        """Return a line of the table."""
        ends = "".join(f"{self.ends[number]:>9.2f}" for number in ENDS)
        return f"{name:<44}{self.status:>7}{self.answer:>9.2f}{self.others:>9.3f}{ends}{self.verdict():>8}"

    def verdict(self) -> str:
        """Return a word on what was measured."""
        if self.misses():
            return "MISSED"
        return "ok" if self.others <= 0.25 and max(self.ends.values()) <= 1 else "slow"


def posted(body: Any, path: str = RESPONSES) -> list[Asked]:
    """Return a request that has a JSON body."""
    return [Asked(path, json.dumps(body).encode())]


def batched(bodies: Iterable[Any]) -> list[Asked]:
    """Return what uploads a batch of bodies, starts it, has it checked, and last has it run."""
    rows = [
        json.dumps({"custom_id": str(number), "method": "POST", "url": RESPONSES, "body": body})
        for number, body in enumerate(bodies)
    ]
    batch = json.dumps({"input_file_id": "{id}", "endpoint": RESPONSES, "completion_window": "24h"}).encode()
    look = Asked(f"{BATCHES}/{{id}}")
    return [uploaded("\n".join(rows).encode()), Asked(BATCHES, batch), look, look]


def uploaded(content: bytes) -> Asked:
    """Return the upload of a batch file."""
    sent = form(content, "batch.jsonl", purpose="batch")
    return Asked(FILES, sent["content"], sent["headers"]["content-type"])


def embedded(given: Any) -> list[Asked]:
    """Return a request for embeddings."""
    return posted({"model": "text-embedding-3-small", "input": given}, EMBEDDINGS)


def kinds() -> dict[str, list[Asked]]:
    """Return the hard requests. What comes before the last one of a kind prepares it."""
    title = ANSWERED["a title and a pattern that backtracks"]
    named = {name: posted(body) for name, body in ANSWERED.items() if "pattern" in name or "enum" in name}
    named |= {name: posted(body) for name, (body, _) in OVER.items()}
    unique = {"type": "array", "uniqueItems": True, "minItems": 1000, "items": {"enum": [*map(str, range(20_000))]}}
    within = {"type": "object", "required": ["x"], "properties": {"x": unique}}
    return named | {
        "unique members of an enum of 20,000": posted(schema_body(within)),
        "a prompt of 9 MB of a": posted(ONE_LINE | {"input": "a" * 9_000_000}),
        "a prompt of 4 MB of words": posted(ONE_LINE | {"input": "word " * 800_000}),
        "embeddings of 35 lists of 8,000 tokens": embedded([TOKEN_LIST] * 35),
        "embeddings of 2,000 texts": embedded([f"{number} " + "text to embed " * 40 for number in range(2_000)]),
        "a batch of 1,000 lines": batched([ONE_LINE] * 1_000),
        "a batch of 1,000 patterns that backtrack": batched([title] * 1_000),
        "a batch of 50,000 lines, checked": batched([ONE_LINE] * 50_000)[:-1],
        "a batch file of 99 MB of newlines, checked": [
            uploaded(b"\n" * 99_000_000),
            *batched([ONE_LINE])[1:-1],
        ],
        "the upload of 99 MB of newlines": [uploaded(b"\n" * 99_000_000)],
    }


def ask(port: int, asked: Asked, id: str = "") -> Answer:
    """Send a request on a connection of its own and return how it was answered."""
    started = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    headers = {"authorization": f"Bearer {API_KEY}"} | ({"content-type": asked.type} if asked.body else {})
    body = asked.body if asked.body is None or len(asked.body) > 1_000 else asked.body.replace(b"{id}", id.encode())
    try:
        connection.request("POST" if body else "GET", asked.path.replace("{id}", id), body, headers)
        reply = connection.getresponse()
        content = reply.read()
    except (OSError, http.client.HTTPException):
        return Answer(0, "", time.monotonic() - started)
    finally:
        connection.close()
    seconds = time.monotonic() - started
    made = json.loads(content)
    return Answer(reply.status, str(made.get("id", "")), seconds)


def prepare(server: Served, asked: list[Asked]) -> str:
    """Send what comes before a hard request, and return the id it needs."""
    id = ask(server.port, posted(ONE_LINE)[0]).id
    for before in asked[:-1]:
        answer = ask(server.port, before, id)
        assert answer.status == 200, before.path
        id = answer.id
    return id


class Hard(threading.Thread):
    """A hard request that is on its way. `answer` is there once it has ended."""

    def __init__(self, port: int, asked: Asked, id: str) -> None:
        super().__init__(daemon=True)
        self.port, self.asked, self.id = port, asked, id
        self.answer: Answer | None = None
        self.start()

    def run(self) -> None:
        """Send it."""
        self.answer = ask(self.port, self.asked, self.id)


def wait_of_others(folder: Path, asked: list[Asked], measured: Measured) -> None:
    """Measure how long a hard request takes, and another client meanwhile."""
    with served(folder) as server:
        for _ in range(ROUNDS):
            hard = Hard(server.port, asked[-1], prepare(server, asked))
            while hard.is_alive() or measured.others == 0:
                other = ask(server.port, Asked(MODELS))
                measured.others = max(measured.others, other.seconds)
                time.sleep(0.002)
            assert hard.answer
            measured.status = hard.answer.status
            measured.answer = max(measured.answer, hard.answer.seconds)


def end(folder: Path, asked: list[Asked], number: signal.Signals, moment: float) -> float:
    """Return the seconds a process takes to end after a signal, `moment` seconds into a hard request."""
    with served(folder) as server:
        Hard(server.port, asked[-1], prepare(server, asked))
        time.sleep(moment)
        started = time.monotonic()
        server.process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.process.wait(PATIENCE)
        return time.monotonic() - started


def measure(folder: Path, asked: list[Asked]) -> Measured:
    """Return what is measured of a kind."""
    measured = Measured()
    wait_of_others(folder, asked, measured)
    for number in ENDS:
        measured.ends[number] = max(end(folder, asked, number, part * measured.answer) for part in MOMENTS)
    return measured


def main(arguments: list[str] | None = None) -> int:
    """Measure and print. Returns 1 if something is out of bounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.interruption", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="only the kinds with this in their name")
    options = parser.parse_args(arguments)
    conditions = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{conditions}, load of the machine before: {os.getloadavg()[0]:.1f}; seconds, the worst of each")
    print(f"{'':<44}{'status':>7}{'answer':>9}{'others':>9}{'SIGINT':>9}{'SIGTERM':>9}")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, asked in kinds().items():
            if options.only in name:
                measured = measure(Path(folder), asked)
                missed += measured.misses()
                print(measured.row(name), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
