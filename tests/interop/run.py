"""Libraries that build on the API, against the sandbox: `uv run python -m tests.interop.run [NAME ...]`.

There are two programs for each library. One makes a plain, a streamed, a tool and a structured call, over both APIs.
The other uses the tools that the API runs itself, and custom tools: plain, streamed, and in a conversation that goes
on. For the `mcp` tool, a real MCP server runs beside the programs, in a process of its own.

A program runs in an environment of its own that uv makes, from packages no newer than the as-of date, and sees of this
one little more than the addresses of the sandbox and of that server. Needs the package index and, for the Node SDK,
Node and `npm install --no-package-lock`. Exit code 1 if a call failed, or if the sandbox refused a request.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docs._tools.data.as_of import as_of
from openai_sandbox import Sandbox
from openai_sandbox.http.environment import pointed

HERE = Path(__file__).parent
UV = Path(sys.prefix) / "bin" / "uv"


@dataclass(frozen=True, slots=True)
class Library:
    """A library: what its programs require, and how many calls have to pass in each of them."""

    requirements: tuple[str, ...]
    programs: Mapping[str, int]


# The Node SDK's version is the one of package.json.
LIBRARIES = {
    "pydantic-ai": Library(
        ("pydantic-ai-slim[openai]>=2.68,<3",), {"pydantic_ai_calls.py": 12, "pydantic_ai_built_in_calls.py": 24}
    ),
    "langchain": Library(
        ("langchain>=1.4,<2", "langchain-openai>=1.7,<2"),
        {"langchain_calls.py": 12, "langchain_built_in_calls.py": 24},
    ),
    "agents-sdk": Library(
        ("openai-agents>=0.24,<0.25",), {"agents_sdk_calls.py": 10, "agents_sdk_built_in_calls.py": 30}
    ),
    "node-sdk": Library((), {"node_sdk_calls.mjs": 10, "node_sdk_built_in_calls.mjs": 35}),
}

SECONDS = 600

# What is left of the environment: what programs need to start, and uv to reach the package index.
KEPT = {"HOME", "LANG", "LC_ALL", "PATH", "PYTHONPYCACHEPREFIX", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR"}
PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the programs of a library did: `calls` says how many there should be."""

    library: str
    versions: str
    passed: int
    calls: int
    failed: bool


def command(program: Path, requirements: tuple[str, ...]) -> list[str]:
    """Return the command that runs a program in an environment of its own."""
    if program.suffix == ".mjs":
        return ["node", str(program)]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    options = ["--quiet", "--isolated", "--no-project", "--python", python, "--exclude-newer", f"{as_of()}T00:00:00Z"]
    for requirement in requirements:
        options += ["--with", requirement]
    return [uv_path(), "run", *options, "python", str(program)]


def uv_path() -> str:
    """Return the uv of the path, or else that of this environment."""
    return shutil.which("uv") or str(UV)


@contextmanager
def mcp_server() -> Iterator[str]:
    """Run an MCP server, and yield its address."""
    with subprocess.Popen([sys.executable, str(HERE / "mcp_server.py")], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError("The MCP server did not start.")
            yield url
        finally:
            process.terminate()


def scrubbed(before: Mapping[str, str], base_url: str) -> dict[str, str]:
    """Return an environment that points at the sandbox, and in which nothing else of this one shows."""
    kept = kept_of(before)
    return kept | pointed(base_url, kept) | {"OPENAI_AGENTS_DISABLE_TRACING": "1"}


def kept_of(before: Mapping[str, str]) -> dict[str, str]:
    """Return what is left of an environment."""
    names = [name for name in before if name in KEPT or name.upper() in PROXIES or name.startswith(("UV_", "XDG_"))]
    return {name: before[name] for name in names}


def check(name: str, mcp_url: str) -> Outcome:
    """Run the programs of a library."""
    library = LIBRARIES[name]
    ran = [run(name, program, library.requirements, calls, mcp_url) for program, calls in library.programs.items()]
    return Outcome(
        name,
        ran[0].versions,
        sum(outcome.passed for outcome in ran),
        sum(outcome.calls for outcome in ran),
        any(outcome.failed for outcome in ran),
    )


def run(library: str, program: str, requirements: tuple[str, ...], calls: int, mcp_url: str) -> Outcome:
    """Run a program against a sandbox of its own, and print what it prints."""
    # In another folder, for the settings of pyproject.toml are this project's.
    with Sandbox(seed=7, set_environment=False) as api, tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command(HERE / program, requirements),
            cwd=folder,
            env=scrubbed(os.environ, api.base_url) | {"INTEROP_MCP_URL": mcp_url},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        refused = [exchange for exchange in api.requests if exchange.status != 200]
    lines = done.stdout.splitlines()
    if not lines:
        lines = ["did not start", f"FAILED {done.stderr[-2000:].strip()}"]
    print("\n".join([f"{library}, {program}", *(f"  {line}" for line in lines)]), flush=True)
    # Clients send again what failed: once is enough to read.
    for line in dict.fromkeys(f"{one.method} {one.path}, {one.status}: {json.dumps(one.body)}" for one in refused):
        print(f"  refused {line}", flush=True)
    passed = sum(line.startswith("ok ") for line in lines)
    failed = done.returncode != 0 or passed < calls or bool(refused) or any(line.startswith("FAILED") for line in lines)
    return Outcome(library, lines[0], passed, calls, failed)


def main(arguments: list[str]) -> int:
    """Check the named libraries, or all, print a table, and return 1 if one failed."""
    if unknown := set(arguments) - LIBRARIES.keys():
        print(f"no program for {', '.join(sorted(unknown))}; there are {', '.join(LIBRARIES)}", file=sys.stderr)
        return 2
    if not (shutil.which("uv") or UV.exists()) or not shutil.which("node"):
        print("this needs uv and Node", file=sys.stderr)
        return 2
    with mcp_server() as mcp_url:
        outcomes = [check(library, mcp_url) for library in arguments or LIBRARIES]
    print(f"\n{'':<6} {'library':<12} {'calls passed':<13} versions")
    for outcome in outcomes:
        verdict = "FAILED" if outcome.failed else "ok"
        passed = f"{outcome.passed} of {outcome.calls}"
        print(f"{verdict:<6} {outcome.library:<12} {passed:<13} {outcome.versions}")
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
