"""Libraries that build on the API, against the sandbox: `uv run python -m tests.interop.run [NAME ...]`.

Each program here makes a plain, a streamed, a tool and a structured call with one library, over both APIs. It runs in
an environment of its own that uv makes, from packages no newer than the as-of date, and sees of this one little more
than the sandbox's address. Needs the package index and, for the Node SDK, Node and `npm install --no-package-lock`.
Exit code 1 if a call failed, or if the sandbox refused a request.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docs._tools.data.as_of import as_of
from openai_sandbox import Sandbox
from openai_sandbox.http.environment import pointed

HERE = Path(__file__).parent
UV = Path(sys.prefix) / "bin" / "uv"

# Program and requirements of each library. The Node SDK's version is the one of package.json.
LIBRARIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "pydantic-ai": ("pydantic_ai_calls.py", ("pydantic-ai-slim[openai]>=2.68,<3",)),
    "langchain": ("langchain_calls.py", ("langchain>=1.4,<2", "langchain-openai>=1.7,<2")),
    "agents-sdk": ("agents_sdk_calls.py", ("openai-agents>=0.24,<0.25",)),
    "node-sdk": ("node_sdk_calls.mjs", ()),
}

# A plain, a streamed, a tool and a structured call over each API. A program may make more.
CALLS = 8
SECONDS = 600

# What is left of the environment: what programs need to start, and uv to reach the package index.
KEPT = {"HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR"}
PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a library did."""

    library: str
    versions: str
    passed: int
    failed: bool


def command(program: Path, requirements: tuple[str, ...]) -> list[str]:
    """Return the command that runs a program in an environment of its own."""
    if program.suffix == ".mjs":
        return ["node", str(program)]
    uv = shutil.which("uv") or str(UV)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    options = ["--quiet", "--isolated", "--no-project", "--python", python, "--exclude-newer", f"{as_of()}T00:00:00Z"]
    for requirement in requirements:
        options += ["--with", requirement]
    return [uv, "run", *options, "python", str(program)]


def scrubbed(before: Mapping[str, str], base_url: str) -> dict[str, str]:
    """Return an environment that points at the sandbox, and in which nothing else of this one shows."""
    names = [name for name in before if name in KEPT or name.upper() in PROXIES or name.startswith(("UV_", "XDG_"))]
    kept = {name: before[name] for name in names}
    return kept | pointed(base_url, kept) | {"OPENAI_AGENTS_DISABLE_TRACING": "1"}


def check(library: str) -> Outcome:
    """Run a library's program against a sandbox of its own, and print what it prints."""
    program, requirements = LIBRARIES[library]
    # In another folder, for the settings of pyproject.toml are this project's.
    with Sandbox(seed=7, set_environment=False) as api, tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command(HERE / program, requirements),
            cwd=folder,
            env=scrubbed(os.environ, api.base_url),
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        refused = [exchange for exchange in api.requests if exchange.status != 200]
    lines = done.stdout.splitlines()
    if not lines:
        lines = ["did not start", f"FAILED {done.stderr[-2000:].strip()}"]
    print("\n".join([library, *(f"  {line}" for line in lines)]), flush=True)
    # Clients send again what failed: once is enough to read.
    for line in dict.fromkeys(f"{one.method} {one.path}, {one.status}: {json.dumps(one.body)}" for one in refused):
        print(f"  refused {line}", flush=True)
    passed = sum(line.startswith("ok ") for line in lines)
    failed = done.returncode != 0 or passed < CALLS or bool(refused) or any(line.startswith("FAILED") for line in lines)
    return Outcome(library, lines[0], passed, failed)


def main(arguments: list[str]) -> int:
    """Check the named libraries, or all, print a table, and return 1 if one failed."""
    if unknown := set(arguments) - LIBRARIES.keys():
        print(f"no program for {', '.join(sorted(unknown))}; there are {', '.join(LIBRARIES)}", file=sys.stderr)
        return 2
    if not (shutil.which("uv") or UV.exists()) or not shutil.which("node"):
        print("this needs uv and Node", file=sys.stderr)
        return 2
    outcomes = [check(library) for library in arguments or LIBRARIES]
    print(f"\n{'':<6} {'library':<12} {'calls passed':<13} versions")
    for outcome in outcomes:
        verdict = "FAILED" if outcome.failed else "ok"
        print(f"{verdict:<6} {outcome.library:<12} {outcome.passed:<13} {outcome.versions}")
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
