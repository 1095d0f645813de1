"""Where the time of a request goes: `uv run --with py-spy python -m tests.benchmarks.flame_graph [--streamed]`.

Needs Linux and wrk. Runs `openai-sandbox serve` under load, looks 1,000 times a second where it is, and writes a flame
graph, an SVG to open in a browser. It also prints the functions that take the most time, their own and with what they
call.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from docs._tools.data.as_of import ROOT

from . import sandbox_speed
from .sandbox_speed import Case, pinned, wrk_script

GRAPH = ROOT / ".cache" / "benchmarks" / "flame.svg"
RATE, SHOWN = 1_000, 25


def record(case: Case, seconds: int, folder: Path) -> None:
    """Write the graph, and the samples as `samples.txt` into a folder."""
    script = str(wrk_script(case, folder))
    with sandbox_speed.sandbox() as server:
        url = f"http://127.0.0.1:{server.port}/v1/responses"
        load = ["wrk", "-t1", f"-c{case.connections}", f"-d{2 * seconds + 4}s", "-s", script, url]
        with subprocess.Popen(pinned(sandbox_speed.LOAD_CORE, *load), stdout=subprocess.DEVNULL) as wrk:
            for form, out in (("flamegraph", GRAPH), ("raw", folder / "samples.txt")):
                options = ["-p", str(server.pid), "-d", str(seconds), "-r", str(RATE), "-f", form, "-o", str(out)]
                subprocess.run(["py-spy", "record", *options], check=True, capture_output=True)
            wrk.terminate()


def shares(samples: str) -> tuple[Counter[str], Counter[str]]:
    """Return how many samples each function has of its own, and with what it calls."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        names = [re.sub(r":\d+\)$", ")", frame) for frame in stack.split(";")]
        own[names[-1]] += int(count)
        whole.update(dict.fromkeys(names, int(count)))
    return own, whole


def main(arguments: list[str] | None = None) -> int:
    """Record and print. Returns 2 where it cannot."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.flame_graph", description=__doc__)
    parser.add_argument("--streamed", action="store_true", help="ask for streams")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args(arguments)
    for program, remedy in (("wrk", "apt-get install wrk"), ("py-spy", "uv run --with py-spy ...")):
        if not shutil.which(program):
            print(f"{program} is not installed: {remedy}", file=sys.stderr)
            return 2
    GRAPH.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        record(Case("wrk", options.streamed, options.connections), options.seconds, Path(name))
        own, whole = shares((Path(name) / "samples.txt").read_text("utf-8"))
    total = sum(own.values())
    for title, counts in (("its own", own), ("with what it calls", whole)):
        print(f"\n% of the time, {title}")
        for function, count in counts.most_common(SHOWN):
            print(f"{count / total:6.1%} {function}")
    print(f"\nwrote {GRAPH.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
