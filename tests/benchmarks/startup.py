"""How long the sandbox takes to start: `uv run python tests/benchmarks/startup.py`. Medians, in seconds.

- added: what `openai-sandbox run` takes on top of the program itself, against a sandbox that already runs;
- ready: from `with Sandbox()` to a listening socket;
- first answer: the first request of a process, which loads the tokenizer.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

from openai_sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PROGRAM = str(ROOT / "snippets" / "lessons" / "first_call" / "ask.py")
ROUNDS = 7


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def run(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, check=True)


def main() -> None:
    ready, direct, sandboxed = [], [], []
    with Sandbox() as api:
        body = {"model": "gpt-6-luna", "input": "Hi"}
        headers = {"authorization": f"Bearer {api.api_key}"}
        first = seconds(lambda: httpx2.post(f"{api.base_url}/responses", json=body, headers=headers, timeout=60))
        run(PROGRAM)()
        for _ in range(ROUNDS):
            direct.append(seconds(run(PROGRAM)))
            sandboxed.append(seconds(run("-m", "openai_sandbox.cli", "run", PROGRAM)))
    for _ in range(ROUNDS):
        sandbox = Sandbox(set_environment=False)
        ready.append(seconds(sandbox.__enter__))
        sandbox.__exit__(None, None, None)
    added = statistics.median(sandboxed) - statistics.median(direct)
    print(f"program alone {statistics.median(direct):.2f}, openai-sandbox run adds {added:.2f}")
    print(f"ready {statistics.median(ready):.4f}, first answer {first:.2f}")
    print(f"{ROUNDS} rounds, interleaved; {os.cpu_count()} cores, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
