"""How long the suite of the sample application takes: `uv run python -m tests.benchmarks.scripted_suite [RUNS]`.

Runs it on two workers, in another random order each time, and prints the seconds. Exit code 1 if a test failed or the
median is more than `MOST_SECONDS`.
"""

import os
import statistics
import subprocess
import sys
import time

from docs._tools.data.as_of import ROOT

MOST_SECONDS = 6.0
SUITE = "tests/sample_application/test_support.py"
PLUGIN = "tests.sample_application.orders"


def run(**environment: str) -> tuple[float, str, int]:
    """Run the suite. Returns its seconds, what it prints, and its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider", SUITE]
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    return time.perf_counter() - begun, done.stdout, done.returncode


def main(arguments: list[str]) -> int:
    """Run the suite some times and print how long it took."""
    seconds = []
    for seed in range(int(arguments[0]) if arguments else 5):
        took, said, code = run(TEST_ORDER=str(seed))
        print(f"order {seed}: {took:.2f} s, {said.splitlines()[-1]}")
        if code:
            return 1
        seconds.append(took)
    median = statistics.median(seconds)
    print(f"median {median:.2f} s, at most {MOST_SECONDS} wanted")
    return int(median > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
