"""How long it takes to start: `uv run python -m tests.benchmarks.startup`. Medians, in seconds.

- import: `from openai_sandbox import Sandbox` in a fresh process, what Python itself loads before not counted;
- ready: from `with Sandbox()` to a listening socket;
- first answer: the first request of a process, which loads what answers it;
- run adds: what `openai-sandbox run` takes on top of the program itself, against a sandbox that already runs.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox

PROGRAM = str(ROOT / "snippets" / "lessons" / "first_call" / "ask.py")
ROUNDS = 9

FIRST = """
import json, time, urllib.request
begun = time.perf_counter()
from openai_sandbox import Sandbox
imported = time.perf_counter()
with Sandbox(set_environment=False) as api:
    ready = time.perf_counter()
    headers = {"authorization": f"Bearer {api.api_key}", "content-type": "application/json"}
    body = json.dumps({"model": "gpt-6-luna", "input": "Say hello"}).encode()
    asked = time.perf_counter()
    urllib.request.urlopen(urllib.request.Request(f"{api.base_url}/responses", body, headers)).read()
    answered = time.perf_counter()
print(json.dumps([imported - begun, ready - imported, answered - asked]))
"""


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def run(*command: str) -> Callable[[], "subprocess.CompletedProcess[str]"]:
    """Return what runs Python."""
    return lambda: subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=True)


def measure() -> dict[str, Any]:
    """Return the medians, and how many rounds there were."""
    first = run("-c", FIRST)
    first()
    parts = zip(*(json.loads(first().stdout) for _ in range(ROUNDS)), strict=True)
    imported, ready, answered = map(statistics.median, parts)
    direct, sandboxed = [], []
    with Sandbox():
        run(PROGRAM)()
        for _ in range(ROUNDS):
            direct.append(seconds(run(PROGRAM)))
            sandboxed.append(seconds(run("-m", "openai_sandbox.cli", "run", PROGRAM)))
    added = statistics.median(sandboxed) - statistics.median(direct)
    found = {"import": imported, "ready": ready, "first_answer": answered, "run_adds": added}
    return {name: round(value, 4) for name, value in found.items()} | {"rounds": ROUNDS}


def described(measured: dict[str, Any]) -> str:
    """Return what was measured as a line."""
    parts = [f"{name.replace('_', ' ')} {value:.4f} s" for name, value in measured.items() if name != "rounds"]
    return f"{', '.join(parts)}; {measured['rounds']} rounds"


if __name__ == "__main__":
    print(f"{described(measure())}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
