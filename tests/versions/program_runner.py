"""Runs programs one after the other, each in a process of its own, forked where the SDK is already imported.

A line of JSON comes in for each program: its path and the variables it gets. A line goes out: what the program printed,
and what it raised. The first line that goes out says which SDK this is. Runs in environments that hold an SDK and what
the programs import, so it needs nothing but the standard library.
"""

import json
import os
import re
import runpy
import signal
import sys
from importlib.metadata import metadata, requires
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import openai

SECONDS = 60


def sdk() -> dict[str, str]:
    """Return the version of the SDK, the Python versions it takes, and the library that sends its requests."""
    needed = [requirement for requirement in requires("openai") or [] if "extra" not in requirement]
    names = {re.split(r"[^\w-]", requirement)[0] for requirement in needed}
    (http,) = names & {"httpx", "httpx2"}
    return {"openai": openai.__version__, "python": str(metadata("openai")["Requires-Python"]), "http": http}


def run(path: str, environment: dict[str, str]) -> dict[str, Any]:
    """Return what a program printed, and what it raised: the name of the exception and its text."""
    with TemporaryDirectory() as folder, TemporaryFile("w+") as raised, TemporaryFile("w+") as printed:
        child = os.fork()
        if not child:
            try:
                os.chdir(folder)
                os.environ |= environment
                become(path, raised, printed)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        for file in (raised, printed):
            file.seek(0)
        ended: dict[str, str] | None = json.loads(raised.read() or "null")
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            ended = {"type": name, "text": f"still running after {SECONDS} s" if name == "SIGALRM" else "killed"}
        return {"printed": printed.read(), "raised": ended}


def become(path: str, raised: IO[str], printed: IO[str]) -> None:
    """Run a program as `python path` would. What it prints and raises goes into the files."""
    with Path(os.devnull).open("r+") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(printed.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 the one before may hold lines that are not for this program
    sys.argv = [path]
    sys.path[0] = str(Path(path).parent)
    signal.alarm(SECONDS)
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as ending:
        if ending.code:
            json.dump({"type": "SystemExit", "text": str(ending.code)}, raised)
    except BaseException as error:
        json.dump({"type": f"{module_of(error)}{type(error).__name__}", "text": str(error)}, raised)
    sys.stdout.flush()
    raised.flush()


def module_of(error: BaseException) -> str:
    """Return the package of an exception as a prefix, `httpx.` for example. Those of Python itself have none."""
    package = type(error).__module__.partition(".")[0]
    return "" if package in {"builtins", "__main__"} or package in sys.stdlib_module_names else f"{package}."


def main() -> None:
    """Say which SDK this is, then answer line by line until there are no more."""
    print(json.dumps(sdk()), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(run(asked["path"], asked["environment"])), flush=True)


if __name__ == "__main__":
    main()
