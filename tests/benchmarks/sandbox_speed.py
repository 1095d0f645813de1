"""How fast the sandbox is, beside other mocks: `uv run python -m tests.benchmarks.sandbox_speed [--write]`.

Needs Linux, wrk, taskset and npm. Servers run on the first core, the load on the second, over loopback. The servers
take turns, and medians count. Measured are responses a second, the time of one and what it costs the server's
processor: plain and streamed, at 1 and 50 connections, to one prompt and to many, by wrk and by the SDK; 1,000 streams
at once; what many stored responses change; and how long it takes to start.

Absolute numbers vary with what else a shared machine does. So the ratio to aimock in the same run is compared with the
committed one, in sandbox_speed.json: exit code 1 if more than 20% of it is lost, if it is below 1 where wrk asks for
one prompt, or if anything is incomplete or out of bounds. `--write` writes that file instead;
`docs/_tools/tables/speed.py` makes the table of the docs from it.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NamedTuple

from docs._tools.data.as_of import ROOT, as_of
from openai_sandbox.http.address import API_KEY
from tests.mocks.tools import LLMOCK, environment

from . import startup

DATA = Path(__file__).with_suffix(".json")
AIMOCK = "1.43.0"
AIMOCK_FOLDER = ROOT / ".cache" / "benchmarks" / f"aimock-{AIMOCK}"
ANSWER = "Hello! How can I help you today?"
PROMPT = "Say hello"
SERVER_CORE, LOAD_CORE = 0, 1

ROUNDS, SECONDS = 7, 2
PROMPTS = 1_000
"""How many prompts there are where they are different."""

LOSS = 0.2
MORE_TRIES = 2

STREAMS = 1_000
STORED, COMPARED = 200_000, 10_000
MOST_MEGABYTES = 150
MOST_GROWTH = 1.5
"""How much more the last stored responses may cost than the first: the machine itself varies by that much."""


class Case(NamedTuple):
    """What is asked for: by which client, streamed or not, on how many connections, with how many prompts."""

    client: Literal["wrk", "openai"]
    streamed: bool
    connections: int
    prompts: int = 1

    @property
    def counts(self) -> bool:
        """Whether the sandbox has to be ahead: where as little as possible besides the servers is measured."""
        return self.client == "wrk" and self.prompts == 1


CASES = [Case("wrk", streamed, connections) for connections in (1, 50) for streamed in (False, True)]
CASES += [Case("wrk", streamed, 50, PROMPTS) for streamed in (False, True)]
CASES += [Case("openai", False, connections) for connections in (1, 50)]


class Load(NamedTuple):
    """What a client measured of one server, and what the server spent."""

    per_second: float
    p50_ms: float
    cpu_us: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    pid: int

    def cpu(self) -> float:
        """Return the microseconds of processor time it has used."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e3

    def memory(self) -> int:
        """Return the megabytes of memory it has now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024


def request(prompt: str = PROMPT, *, streamed: bool = False) -> bytes:
    """Return the body of a request."""
    return json.dumps({"model": "gpt-6-luna", "input": prompt} | ({"stream": True} if streamed else {})).encode()


def pinned(core: int, *command: str) -> list[str]:
    """Return a command that stays on one core."""
    return ["taskset", "-c", str(core), *command]


@contextlib.contextmanager
def running(name: str, port: int, *command: str) -> Iterator[Server]:
    """Run a server on its core until the block ends."""
    process = subprocess.Popen(
        pinned(SERVER_CORE, *command), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        patience = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None or time.monotonic() > patience:
                raise SystemExit(f"{name} does not listen on port {port}")
            time.sleep(0.05)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextlib.contextmanager
def sandbox(*options: str) -> Iterator[Server]:
    """Run `openai-sandbox serve`, everything on, its log included."""
    port = free_port()
    serve = [sys.executable, "-m", "openai_sandbox.cli", "serve", "--port", str(port)]
    with running("sandbox", port, *serve, *options) as server:
        yield server


@contextlib.contextmanager
def aimock(folder: Path) -> Iterator[Server]:
    """Run aimock with one answer, in pieces as long as tokens, and no log."""
    answer = {"fixtures": [{"match": {"userMessage": PROMPT}, "response": {"content": ANSWER}}]}
    fixture = folder / "answer.json"
    fixture.write_text(json.dumps(answer))
    port = free_port()
    program = str(AIMOCK_FOLDER / "node_modules" / ".bin" / "llmock")
    options = ["-p", str(port), "-f", str(fixture), "--chunk-size", "4", "--log-level", "silent"]
    with running("aimock", port, "node", program, *options) as server:
        yield server


@contextlib.contextmanager
def llmock(folder: Path) -> Iterator[Server]:
    """Run llmock, which answers with the prompt."""
    port = free_port()
    program = str(environment(LLMOCK).with_name("llmock"))
    with running("llmock", port, program, "serve", "--port", str(port)) as server:
        yield server


def milliseconds(text: str) -> float:
    """Read a duration as wrk prints it: `167.00us`, `3.92ms`, `1.02s`."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}[unit]


def load(server: Server, case: Case, folder: Path) -> Load:
    """Load a server and return what came of it.

    Raises:
        SystemExit: it answered something with an error.
    """
    before = server.cpu()
    if case.client == "openai":
        client = [sys.executable, "-m", "tests.benchmarks.sdk_load", str(server.port), str(case.connections)]
        out = subprocess.run(
            pinned(LOAD_CORE, *client, str(SECONDS)), cwd=ROOT, capture_output=True, text=True, check=True
        )
        found = json.loads(out.stdout)
        spent = server.cpu() - before
        return Load(found["answered"] / found["seconds"], found["p50_ms"], spent / found["answered"])
    url = f"http://127.0.0.1:{server.port}/v1/responses"
    script = str(wrk_script(case, folder))
    wrk = ["wrk", "-t1", f"-c{case.connections}", f"-d{SECONDS}s", "--latency", "-s", script, url]
    told = subprocess.run(pinned(LOAD_CORE, *wrk), capture_output=True, text=True, check=True).stdout
    spent = server.cpu() - before
    if bad := re.search(r"(Non-2xx.*|Socket errors.*)", told):
        raise SystemExit(f"{server.name}: {bad[0]}")
    answered = int(re.findall(r"(\d+) requests in", told)[0])
    per_second = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    return Load(per_second, milliseconds(re.findall(r"^ +50% +(\S+)$", told, re.MULTILINE)[0]), spent / answered)


def wrk_script(case: Case, folder: Path) -> Path:
    """Write the script that tells wrk what to send: the prompts one after the other."""
    script = folder / f"{case.streamed}-{case.prompts}.lua"
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {API_KEY}"}
    lines = ['wrk.method = "POST"', *(f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items())]
    prompts = [PROMPT, *(f"{PROMPT}, number {number}" for number in range(1, case.prompts))]
    bodies = [f"[==[{request(prompt, streamed=case.streamed).decode()}]==]" for prompt in prompts]
    lines.append(f"wrk.body = {bodies[0]}")
    if len(bodies) > 1:
        # Prepared once, so that wrk sends them no slower than one.
        lines += [f"local bodies = {{{','.join(bodies)}}}", "local requests, at = {}, 0", "init = function()"]
        lines += ["for i, body in ipairs(bodies) do requests[i] = wrk.format(nil, nil, nil, body) end", "end"]
        lines.append("request = function() at = at % #requests + 1; return requests[at] end")
    script.write_text("\n".join(lines))
    return script


def medians(loads: list[Load]) -> dict[str, float]:
    """Return the median of each measure."""
    digits = {"per_second": 0, "p50_ms": 3, "cpu_us": 1}
    return {name: round(statistics.median(getattr(one, name) for one in loads), most) for name, most in digits.items()}


def compare_servers(case: Case, servers: Sequence[Server], folder: Path) -> dict[str, Any]:
    """Load the servers in turns. The ratio, of the first to the second, is the median of what each round gave."""
    loads: dict[str, list[Load]] = {server.name: [] for server in servers}
    for server in servers:
        load(server, case, folder)
    for _ in range(ROUNDS):
        for server in servers:
            loads[server.name].append(load(server, case, folder))
    ours, theirs = (loads[server.name] for server in servers[:2])
    ratios = [a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True)]
    measured = case._asdict() | {"ratio": round(statistics.median(ratios), 2)}
    return measured | {name: medians(found) for name, found in loads.items()}


def case_of(measured: dict[str, Any]) -> Case:
    """Return the case that was measured."""
    return Case(**{name: measured[name] for name in Case._fields})


def described(measured: dict[str, Any]) -> str:
    """Return what was measured of a case as a line."""
    case = case_of(measured)
    kind = "streamed" if case.streamed else "plain"
    prompts = f", {case.prompts} prompts" if case.prompts > 1 else ""
    parts = [
        f"{name} {found['per_second']:,.0f}/s p50 {found['p50_ms']} ms cpu {found['cpu_us']} us"
        for name, found in measured.items()
        if isinstance(found, dict)
    ]
    return (
        f"{kind}, {case.connections} connections{prompts}, {case.client}: {', '.join(parts)}, ratio {measured['ratio']}"
    )


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, body: bytes) -> bytes:
    """Send a request over an open connection and return the body of the reply.

    Raises:
        ValueError: the status is not 200.
    """
    head = f"POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer {API_KEY}\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    headers = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not headers.startswith(b"http/1.1 200 "):
        raise ValueError(headers.decode())
    if length := re.search(rb"content-length: (\d+)", headers):
        return await reader.readexactly(int(length[1]))
    pieces = []
    while size := int(await reader.readline(), 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(pieces)


def complete(stream: bytes) -> bool:
    """Tell whether a stream has every event, in order, from the first to the last."""
    events = [json.loads(line[6:]) for line in stream.decode().splitlines() if line.startswith("data: ")]
    if not events or [event["sequence_number"] for event in events] != list(range(len(events))):
        return False
    if events[0]["type"] != "response.created" or events[-1]["type"] != "response.completed":
        return False
    said = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
    (message,) = [item for item in events[-1]["response"]["output"] if item["type"] == "message"]
    text: str = message["content"][0]["text"]
    return said == text


async def many_streams(server: Server) -> dict[str, Any]:
    """Open all streams at once, each event after a simulated wait, and look at every event."""
    open_now = most = 0

    async def stream(number: int) -> bool:
        nonlocal open_now, most
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        open_now += 1
        most = max(most, open_now)
        body = await exchange(reader, writer, server.port, request(f"Stream {number}", streamed=True))
        open_now -= 1
        writer.close()
        return complete(body)

    started = time.monotonic()
    done = await asyncio.gather(*map(stream, range(STREAMS)))
    return {"streams": STREAMS, "complete": sum(done), "at_once": most, "seconds": round(time.monotonic() - started, 1)}


async def many_responses(server: Server) -> dict[str, Any]:
    """Store responses to prompts that are all different, and return what the first and the last ones cost."""
    costs: list[float] = []

    async def client(numbers: Iterator[int]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in numbers:
            await exchange(reader, writer, server.port, request(f"{PROMPT}, number {number}"))
        writer.close()

    await client(iter(range(-COMPARED // 10, 0)))
    for start in range(0, STORED, COMPARED):
        numbers = iter(range(start, start + COMPARED))
        before = server.cpu()
        await asyncio.gather(*(client(numbers) for _ in range(8)))
        costs.append((server.cpu() - before) / COMPARED)
    first, last = round(costs[0], 1), round(costs[-1], 1)
    return {"responses": STORED, "first_us": first, "last_us": last, "megabytes": server.memory()}


def measure() -> dict[str, Any]:
    """Return everything that is measured, printing it as it comes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with sandbox() as ours, aimock(folder) as theirs, llmock(folder) as others:
            cases = []
            for case in CASES:
                cases.append(compare_servers(case, (ours, theirs, others), folder))
                print(described(cases[-1]), flush=True)
    with sandbox("--latency", "realistic") as server:
        streams = asyncio.run(many_streams(server))
    print("{streams:,} streams: {complete:,} complete, {at_once:,} at once, {seconds} s".format(**streams), flush=True)
    with sandbox() as server:
        stored = asyncio.run(many_responses(server))
    print("{responses:,} stored: first {first_us} us, last {last_us} us, {megabytes} MB".format(**stored), flush=True)
    started = startup.measure()
    print(startup.described(started), flush=True)
    measured = {"cases": cases, "streams": streams, "stored": stored, "startup": started}
    return {"as_of": as_of().isoformat(), "conditions": conditions()} | measured


def conditions() -> dict[str, Any]:
    """Return what the numbers depend on."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    wrk = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False).stdout.split()[1]
    model = re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "processor": model[0].strip() if model else platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "httptools": version("httptools"),
        "pydantic_core": version("pydantic-core"),
        "node": node.removeprefix("v"),
        "aimock": AIMOCK,
        "llmock": LLMOCK.partition("==")[2],
        "openai": version("openai"),
        "wrk": wrk,
        "rounds": ROUNDS,
        "seconds": SECONDS,
    }


def losses(committed: dict[str, Any], measured: dict[str, Any]) -> list[str]:
    """Return the cases whose ratio to aimock is more than 20% below the committed one."""
    before = {case_of(case): case["ratio"] for case in committed["cases"]}
    return [
        f"{described(case)}, was {before[key]}"
        for case in measured["cases"]
        if (key := case_of(case)) in before and case["ratio"] < before[key] * (1 - LOSS)
    ]


def violations(measured: dict[str, Any]) -> list[str]:
    """Return what is incomplete or out of bounds, whatever the machine."""
    streams, stored = measured["streams"], measured["stored"]
    cases = [case for case in measured["cases"] if case_of(case).counts]
    found = [f"behind aimock: {described(case)}" for case in cases if case["ratio"] < 1]
    if streams["complete"] < streams["streams"]:
        found.append(f"only {streams['complete']} of {streams['streams']} streams were complete and in order")
    if stored["megabytes"] > MOST_MEGABYTES:
        found.append(f"{stored['megabytes']} MB after {stored['responses']} stored responses")
    if stored["last_us"] > stored["first_us"] * MOST_GROWTH:
        found.append(f"a stored response costs {stored['last_us']} us at the end, {stored['first_us']} us at the start")
    return found


def missing() -> str | None:
    """Return what this machine lacks, after installing aimock where only that is missing."""
    for program, remedy in (("wrk", "apt-get install wrk"), ("taskset", "apt-get install util-linux"), ("npm", "Node")):
        if not shutil.which(program):
            return f"{program} is not installed: {remedy}"
    if (os.cpu_count() or 1) < 2 or not Path("/proc/self/schedstat").exists():
        return "this needs Linux and two cores"
    if not (AIMOCK_FOLDER / "node_modules").exists():
        AIMOCK_FOLDER.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(AIMOCK_FOLDER), "--no-audit", "--no-fund", "--loglevel", "error"]
        done = subprocess.run([*install, f"@copilotkit/aimock@{AIMOCK}"], check=False)
        if done.returncode:
            return f"npm could not install aimock {AIMOCK}"
    return None


def main(arguments: list[str] | None = None) -> int:
    """Measure, then write or compare. Returns 1 for a loss, 2 where it cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sandbox_speed", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write what was measured instead of comparing")
    options = parser.parse_args(arguments)
    if problem := missing():
        print(problem, file=sys.stderr)
        return 2
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    os.sched_setaffinity(0, {LOAD_CORE})
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    measured = measure()
    found = violations(measured)
    if options.write:
        DATA.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
        print(f"wrote {DATA.relative_to(ROOT)}: uv run python -m docs._tools.generate --write")
    else:
        committed = json.loads(DATA.read_text("utf-8"))
        for _ in range(MORE_TRIES):
            if not losses(committed, measured):
                break
            print("slower than committed: once more, since a shared machine can only slow things down")
            measured = measure()
        found += losses(committed, measured)
    for problem in found:
        print(f"MISSED {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
