"""The programs of lessons and reference on old and new versions of openai: `uv run python -m tests.versions.run`.

Every program runs with the newest 1.x, the newest 2.x and the version installed here, each in an environment of its own
that uv makes below .cache/, against a sandbox of its own that does what the program's directives say. What it prints is
compared with what its page shows. `--write` writes tests/versions/results.json, from which docs/about/versions.md is
made. Without it, what was found is compared with the file.

Needs uv, the package index, and a system that can fork. Exit code 1 if something differs, or if nothing says what to
write where an old version fails.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from importlib.metadata import packages_distributions, requires, version
from itertools import zip_longest
from pathlib import Path

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.price_sources import releases
from docs._tools.tables import versions
from docs._tools.tables.versions import CURRENT, SAME, SNIPPETS, Release, Results
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from openai_sandbox.http.environment import pointed
from tests.conftest import PINNED
from tests.interop.run import scrubbed
from tests.pages.outputs import same

RUNNER = Path(__file__).with_name("program_runner.py")
ENVIRONMENTS = ROOT / ".cache" / "versions"
NOWHERE = "http://127.0.0.1:9/v1"
USAGE = "usage: uv run python -m tests.versions.run [--write]"

# The newest 1.x, the newest 2.x, and the version installed here.
TRIED = {"1": "openai<2", "2": "openai<3", CURRENT: f"openai=={version('openai')}"}


def uv(*arguments: str, given: str | None = None) -> str:
    """Run uv, away from the settings of this project, and return what it prints.

    Raises:
        subprocess.CalledProcessError: it failed; `stderr` says why.
    """
    options = ["--quiet", "--exclude-newer", f"{as_of()}T00:00:00Z"] if arguments[0] == "pip" else ["--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["uv", *arguments, *options],
            input=given,
            cwd=folder,
            env=scrubbed(os.environ, NOWHERE),
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout


def published(requirement: str) -> tuple[str, str]:
    """Return the version that a requirement of the SDK leads to, and the day of its publication."""
    lock = uv("pip", "compile", "--no-deps", "--format", "pylock.toml", "-", given=requirement)
    found = releases(lock)["openai"]
    return found.version, f"{found.published}"


def requirements(programs: Iterable[str]) -> list[str]:
    """Return what the programs import beside the standard library and the SDK, in the versions installed here.

    What an SDK brings along is left out: on another version it may be missing, as it is for readers.
    """
    brought = {normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in requires("openai") or []}
    providers = packages_distributions()
    names = {name for program in programs for name in imported((SNIPPETS / program).read_text("utf-8"))}
    found = {normal(providers[name][0]) for name in names - sys.stdlib_module_names if name in providers}
    return sorted(f"{name}=={version(name)}" for name in found - brought - {"openai", "httpx"})


def normal(name: str) -> str:
    """Return a distribution's name as the package index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(source: str) -> Iterator[str]:
    """Yield the top-level names that a program imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def prepare(sdk: str, others: list[str]) -> Path:
    """Make an environment with that version of the SDK and the other packages, and return its Python."""
    python = ENVIRONMENTS / f"openai-{sdk}" / "bin" / "python"
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    uv("venv", "--allow-existing", "--python", ours, f"{python.parents[1]}")
    uv("pip", "install", "--exact", "--python", f"{python}", f"openai=={sdk}", *others)
    return python


def run(sdk: str, programs: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Run programs with a version of the SDK. Returns what it says of itself, and the outcome of each program."""
    command = [f"{prepare(sdk, requirements(programs))}", f"{RUNNER}"]
    given = scrubbed(os.environ, NOWHERE) | {"PYTHONUTF8": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=given) as runner:
        assert runner.stdin and runner.stdout
        says: dict[str, str] = json.loads(runner.stdout.readline())
        outcomes = {}
        for program in programs:
            path = SNIPPETS / program
            with Sandbox(plan_of(path), **PINNED, set_environment=False) as api:
                asked = {"path": f"{path}", "environment": pointed(api.base_url, given)}
                print(json.dumps(asked), file=runner.stdin, flush=True)
                outcomes[program] = outcome(path, **json.loads(runner.stdout.readline()))
        runner.stdin.close()
    print(f"openai {sdk}: {sum(map(SAME.__eq__, outcomes.values()))} of {len(programs)} programs as shown", flush=True)
    return says, outcomes


def outcome(path: Path, printed: str, raised: dict[str, str] | None) -> str:
    """Say what a program did: `same`, or what it raised, or what it printed first that its page does not show."""
    if raised:
        first, _, _ = raised["text"].partition("\n")
        return f"raises {raised['type']}: {first}"
    for line, (wanted, got) in enumerate(zip_longest(shown(path).splitlines(), printed.splitlines()), 1):
        if not same(wanted, got):
            return f"ends before line {line}" if got is None else f"prints {got}"
    return SAME


def shown(path: Path) -> str:
    """Return what the page shows that a program prints: its .out file, or its `#> ` comments."""
    output = path.with_suffix(".out")
    if output.exists():
        return output.read_text("utf-8")
    comments = re.findall(r"^ *#>(?: (.*))?$", path.read_text("utf-8"), re.MULTILINE)
    return "".join(f"{comment}\n" for comment in comments)


def find() -> Results:
    """Try everything."""
    programs = versions.programs()
    found: dict[str, Release] = {}
    outcomes: dict[str, dict[str, str]] = {program: {} for program in programs}
    for major, requirement in TRIED.items():
        tried, day = published(requirement)
        _, first = published(f"openai=={major}.0.0")
        sdk, ran = run(tried, programs)
        found[major] = Release(published=day, first=first, **sdk)
        for program, happened in ran.items():
            outcomes[program][major] = happened
    return Results(found, outcomes, {tried: run(tried, some)[1] for tried, some in around_changes().items()})


def around_changes() -> dict[str, list[str]]:
    """Return the versions between which something changed, and the programs to run there."""
    found: dict[str, set[str]] = {}
    for remedy in versions.remedies():
        for tried, programs in remedy.changes().items():
            found.setdefault(tried, set()).update(programs)
    return {tried: sorted(programs) for tried, programs in found.items()}


def differences(recorded: Results, now: Results) -> Iterator[str]:
    """Yield what is not as it was recorded, as lines of a diff."""
    before, after = (versions.written(results).splitlines() for results in (recorded, now))
    yield from unified_diff(before, after, "recorded", "now", lineterm="", n=0)


def main(arguments: list[str]) -> int:
    """Try everything, then write or compare. Returns the exit code."""
    if arguments not in ([], ["--write"]):
        print(USAGE, file=sys.stderr)
        return 2
    if not shutil.which("uv") or not hasattr(os, "fork"):
        print("this needs uv, and a system that can fork: Linux or macOS", file=sys.stderr)
        return 2
    try:
        found = find()
    except subprocess.CalledProcessError as failed:
        print(f"{' '.join(failed.cmd)}\n{failed.stderr}", file=sys.stderr)
        return 2
    wrong = versions.problems(found, versions.remedies())
    if arguments:
        versions.RESULTS.write_text(versions.written(found), "utf-8")
        print(f"wrote: {versions.RESULTS.relative_to(ROOT)}")
    elif changed := list(differences(versions.results(), found)):
        wrong += [*changed, f"Run: {versions.COMMAND}"]
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
