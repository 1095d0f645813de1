"""Proofs that can fail: `uv run python -m tests.mutations.run [CLAIM ...] [--write]`.

tests/mutations/mutations.yml lists changes of the installed SDK, each of which makes a claim of docs/claims.yml false.
This makes one at a time in a copy of the package and runs the proofs of that claim there: one of them has to fail. Two
run at once. `--write` writes tests/mutations/result.json, from which the summary in docs/about/proofs.md is made; with
claims, it keeps what is recorded of the others.

A mutation is caught, or has survived; or it is broken, where the changed SDK cannot be imported, and stale, where the
text to change is not in this version of the SDK. Exit code 1 if one was not caught, or if a claim has less than two, 2
if the proofs fail without any.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib.metadata import distribution, version
from pathlib import Path
from queue import SimpleQueue

from docs._tools.data.as_of import ROOT
from docs._tools.data.generated import with_writer
from docs._tools.data.json_form import in_form
from docs._tools.ledger.claims import proofs
from docs._tools.tables.mutations import (
    CAUGHT,
    COMMAND,
    RESULT,
    SURVIVED,
    Mutation,
    Outcome,
    Result,
    mutations,
    result,
    too_few,
)

BROKEN, STALE = "broken", "stale"
METADATA = "METADATA"
MODULES = {"openai-agents": "agents"}
"""The modules of packages that have another name."""
AT_ONCE = 2
SECONDS = 120  # the slowest proof takes 15 seconds where the machine is busy; a mutation may make one wait forever


class ProofsError(Exception):
    """Proofs that say nothing about mutations."""


class SDK:
    """A copy of an installed package in a folder of its own, which goes first in the path of what runs with it."""

    def __init__(self, folder: Path, package: str = "openai") -> None:
        installed = distribution(package)
        names = sorted({Path(f"{file}").parts[0] for file in installed.files or ()} - {"..", "bin"})
        for name in names:
            shutil.copytree(Path(f"{installed.locate_file(name)}"), folder / name)
        self.folder = folder
        self.package = folder / MODULES.get(package, package)
        self.metadata = next(folder.glob("*.dist-info")) / METADATA

    @contextmanager
    def changed(self, mutation: Mutation) -> Iterator[bool]:
        """Change the files while the block runs. Yields whether the text was found."""
        paths = [self.metadata if name == METADATA else self.package / name for name in (mutation.file, *mutation.also)]
        originals = {path: (path.read_bytes(), path.stat()) for path in paths if path.exists()}
        found = sum(content.decode("utf-8").count(mutation.find) for content, _ in originals.values())
        if found != mutation.count:
            yield False
            return
        try:
            for path, (content, _) in originals.items():
                path.write_text(content.decode("utf-8").replace(mutation.find, mutation.replace), "utf-8")
            yield True
        finally:
            for path, (content, stat) in originals.items():
                path.write_bytes(content)
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # what is compiled is of this version

    def runs(self, *arguments: str, seconds: float = SECONDS) -> int | None:
        """Run Python with the copy. Returns its exit code, None after a timeout."""
        given = os.environ | {"PYTHONPATH": f"{self.folder}", "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=given,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None

    def tests(self, nodes: Iterable[str], seconds: float = SECONDS) -> int | None:
        """Run tests with the copy until one fails. Returns pytest's exit code, None after a timeout."""
        return self.runs("-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *nodes, seconds=seconds)


def outcome(sdk: SDK, mutation: Mutation, nodes: Iterable[str]) -> str:
    """Make a mutation, run the tests, and return what came of it."""
    with sdk.changed(mutation) as found:
        if not found:
            return STALE
        code = sdk.tests(nodes)
        if code == 0:
            return SURVIVED
        if mutation.file == METADATA or sdk.runs("-c", f"import {_module(mutation)}") == 0:
            return CAUGHT  # also where pytest cannot collect: the proofs get their data from the SDK
        return BROKEN


def _module(mutation: Mutation) -> str:
    package = MODULES.get(mutation.package, mutation.package)
    return ".".join((package, *Path(mutation.file).with_suffix("").parts)).removesuffix(".__init__")


def nodes_of(claims: Iterable[str]) -> dict[str, list[str]]:
    """Return the tests that prove each claim, as pytest names them."""
    proven = proofs(ROOT)
    return {claim: [f"{proof.path}::{proof.test}" for proof in proven if claim in proof.claims] for claim in claims}


def run(chosen: list[Mutation], nodes: dict[str, list[str]]) -> Iterator[Outcome]:
    """Try mutations, two at once, and yield what came of each, in their order.

    Raises:
        ProofsError: the proofs fail without any mutation, or a claim has none.
    """
    if unproven := [claim for claim, tests in nodes.items() if not tests]:
        raise ProofsError(f"nothing proves {', '.join(unproven)}")
    with tempfile.TemporaryDirectory() as folder:
        copies: dict[str, SimpleQueue[SDK]] = {mutation.package: SimpleQueue() for mutation in chosen}
        for package, queue in copies.items():
            for number in range(AT_ONCE):
                queue.put(SDK(Path(folder) / package / f"{number}", package))

        def attempt(mutation: Mutation) -> Outcome:
            sdk = copies[mutation.package].get()
            try:
                return Outcome(mutation.claim, mutation.why, outcome(sdk, mutation, nodes[mutation.claim]))
            finally:
                copies[mutation.package].put(sdk)

        queue = next(iter(copies.values()))
        sdk = queue.get()
        every = sorted({test for tests in nodes.values() for test in tests})
        if sdk.tests(every, len(every) * SECONDS) != 0:
            raise ProofsError(f"they fail without any mutation: pytest -n 0 {' '.join(every)}")
        queue.put(sdk)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(attempt, chosen)


def merged(found: list[Outcome], recorded: Result | None) -> list[Outcome]:
    """Return what was found and, of the same version of the SDK, what was recorded of other mutations, as listed."""
    now = {(row.claim, row.why): row for row in found}
    if recorded and recorded.openai == version("openai"):
        now = {(row.claim, row.why): row for row in recorded.mutations} | now
    listed = ((mutation.claim, mutation.why) for mutation in mutations())
    return [now[name] for name in listed if name in now]


def written(found: list[Outcome]) -> str:
    """Return results as a file."""
    rows = [{"claim": row.claim, "outcome": row.outcome, "why": row.why} for row in found]
    data = {"date": f"{date.today()}", "openai": version("openai"), "mutations": rows}
    return with_writer(in_form(data) + "\n", ".json", "tests/mutations/run.py", COMMAND)


def main(arguments: list[str]) -> int:
    """Try the mutations of some claims, or all. Returns the exit code."""
    wanted = [argument for argument in arguments if argument != "--write"]
    listed = mutations()
    if unknown := set(wanted) - {mutation.claim for mutation in listed}:
        print(f"no mutation of {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    chosen = [mutation for mutation in listed if not wanted or mutation.claim in wanted]
    found = []
    try:
        for row in run(chosen, nodes_of({mutation.claim for mutation in chosen})):
            print(f"{row.outcome:9} {row.claim:30} {row.why}", flush=True)
            found.append(row)
    except ProofsError as problem:
        print(problem, file=sys.stderr)
        return 2
    counts = {name: sum(row.outcome == name for row in found) for name in (CAUGHT, SURVIVED, BROKEN, STALE)}
    print(", ".join(f"{number} {name}" for name, number in counts.items()))
    missing = [] if wanted else too_few()
    if missing:
        print(f"add mutations, or a reason to out_of_scope.yml, for: {', '.join(missing)}")
    if "--write" in arguments:
        RESULT.write_text(written(merged(found, result() if wanted and RESULT.exists() else None)), "utf-8")
        print(f"wrote: {RESULT.relative_to(ROOT)}")
    return int(bool(missing) or counts[CAUGHT] < len(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
