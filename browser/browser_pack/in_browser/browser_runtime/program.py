"""Runs one program after the other, each as if in a process of its own."""

import asyncio
import io
import json
import linecache
import os
import re
import shutil
import sys
import tempfile
import traceback
import types
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

HOME = Path("/home/you/project")
"""Where a program is when it runs. The outputs on the pages name this folder, too."""

RUNTIME = ("browser_runtime", "page", "_pyodide", "pyodide", "pyodide_js", "js")
NEEDS = re.compile(r"^# needs: (?P<needs>.+)$", re.MULTILINE)
VARIABLE = re.compile(r"([A-Z_]\w*)=(?!=)(.*)")

SEED = 204
"""With it, and at noon of the as-of date, the outputs on the pages were made."""

MOST_KEPT = 10_000
"""How many writes of a program's output are kept for its checks."""

Write = Callable[[str, str], None]
"""Takes the name of a stream, and what was written to it."""


class _Stream(io.RawIOBase):
    """A stream of the process, of which the page shows each write at once."""

    def __init__(self, name: str, write: Write) -> None:
        self.name, self._write = name, write

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return {"stdout": 1, "stderr": 2}[self.name]

    def isatty(self) -> bool:
        return False

    def write(self, content: Any) -> int:
        raw = bytes(content)
        self._write(self.name, raw.decode("utf-8", "backslashreplace"))
        return len(raw)


class Runner:
    """Runs programs. Making one imports what all of them need.

    Args:
        write: shows what a program writes.
        tokenizer: counts tokens; see `openai_sandbox.model.tokens.Tokenizer`.
    """

    def __init__(self, write: Write, tokenizer: Any) -> None:
        import openai

        import openai_sandbox

        from .network import AUTHORITY
        from .sandbox import Sandbox

        package: Any = openai_sandbox
        package.Sandbox = Sandbox
        sys.modules["openai_sandbox.sandbox"] = sys.modules[Sandbox.__module__]
        AUTHORITY.parent.mkdir(parents=True, exist_ok=True)
        AUTHORITY.write_text("The authority of the sandbox's certificates.\n")
        self._tokenizer = tokenizer
        self._count_tokens()
        self._write = write
        self._modules = dict(sys.modules)
        self._replaced: dict[str, types.ModuleType] = {}
        self._printed: deque[str] = deque(maxlen=MOST_KEPT)
        self._core: Any = None
        self._environment = dict(os.environ)
        self._openai = {name: value for name, value in vars(openai).items() if not name.startswith("__")}

    def run(self, source: str, name: str, beside: str, checks: str = "{}") -> str:
        """Run a program, and return how it ended as JSON: `error`, `line`, `code`, and `checks` with what is true.

        Args:
            source: the program.
            name: its file name.
            beside: the files in the same folder, by name, as a JSON object.
            checks: expressions over what `_true` names, by their ids, as a JSON object.
        """
        folder = self._folder({**json.loads(beside), name: source})
        path = folder / name
        stdout, stderr = self._streams()
        before = (sys.stdout, sys.stderr, sys.argv, sys.path[:], Path.cwd())
        sys.stdout, sys.stderr, sys.argv = stdout, stderr, [str(path)]
        sys.path.insert(0, str(folder))
        os.chdir(folder)
        try:
            ended = self._run(path, source)
            stdout.flush()
            return json.dumps({**ended, "checks": self._true(json.loads(checks), source, ended)})
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            sys.stdout, sys.stderr, sys.argv, sys.path[:], cwd = before
            os.chdir(cwd)
            self._tidy(folder)

    def _true(self, checks: Mapping[str, str], source: str, ended: Mapping[str, Any]) -> dict[str, bool]:
        """Return which checks hold after a run. One that cannot be evaluated does not."""
        seen = {
            "source": source,
            "requests": list(self._core.requests) if self._core else [],
            "printed": "".join(self._printed),
            "error": ended["error"] or ("SystemExit" if ended["code"] else None),
            "json": json,
        }
        found = {}
        for name, check in checks.items():
            try:
                found[name] = bool(eval(check, dict(seen)))  # noqa: S307 - written by the lesson, not by its reader
            except Exception:
                found[name] = False
        return found

    def run_unseen(self, source: str, name: str) -> None:
        """Run a program of which nothing is shown."""
        shown, self._write = self._write, lambda stream, text: None
        try:
            self.run(source, name, "{}")
        finally:
            self._write = shown

    def _run(self, path: Path, source: str) -> dict[str, Any]:
        needs = [need.strip() for line in NEEDS.findall(source) for need in line.split(",")]
        if "process" in needs:
            self._forget_packages()
        from openai_sandbox.core import Core
        from openai_sandbox.faults import DirectiveError, plan_of

        from .network import Network, NoMcpServers

        try:
            code = compile(source, str(path), "exec", dont_inherit=True)
            plan = plan_of(path)
        except DirectiveError as problem:
            print(problem, file=sys.stderr)
            return {"error": "DirectiveError", "ending": str(problem), "code": 2}
        except (SyntaxError, ValueError):
            return _failed(path)
        core = self._core = Core(plan, seed=SEED, now=_noon(), mcp=NoMcpServers())
        self._set_variables(Network.listen(core, plan.tls), path.parent, needs)
        main = types.ModuleType("__main__")
        main.__file__ = str(path)
        sys.modules["__main__"] = main
        outside = asyncio._get_running_loop()
        asyncio._set_running_loop(None)  # the page's own loop, which called this
        try:
            if path.name.startswith("test_"):
                return _tested(path)
            exec(code, vars(main))  # noqa: S102 - running the reader's program is what this is for
        except SystemExit as ended:
            return _exited(ended)
        except BaseException:
            return _failed(path)
        finally:
            asyncio._set_running_loop(outside)
        return {"error": None, "code": 0}

    def _set_variables(self, base_url: str, folder: Path, needs: list[str]) -> None:
        """Give a program the environment that `openai-sandbox run` gives it, and what it says that it needs."""
        from openai_sandbox.http import environment

        from .network import AUTHORITY

        os.environ.clear()
        authority = str(AUTHORITY) if base_url.startswith("https") else None
        named = environment.named_in_files({folder})
        os.environ.update(environment.of_program(base_url, self._environment, authority, named))
        os.environ["TMPDIR"] = str(folder)
        if ".env" in needs:
            (folder / ".env").write_text(f"OPENAI_API_KEY={os.environ.pop('OPENAI_API_KEY')}\n", "utf-8")
        os.environ.update({match[1]: match[2] for need in needs if (match := VARIABLE.fullmatch(need))})
        encoding = os.environ.get("PYTHONIOENCODING")
        if encoding and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding=encoding)

    def _count_tokens(self) -> None:
        from openai_sandbox.model import tokens

        tokens.use(self._tokenizer)

    def _folder(self, files: Mapping[str, str]) -> Path:
        for name, content in files.items():
            (HOME / name).parent.mkdir(parents=True, exist_ok=True)
            (HOME / name).write_text(content, "utf-8")
        return HOME

    def _forget_packages(self) -> None:
        """Let a program import packages anew, because it puts others in their place."""
        self._replaced = dict(sys.modules)
        for name, module in self._replaced.items():
            ours = name.partition(".")[0] in RUNTIME and name != "browser_runtime.network"
            if "/site-packages/" in (getattr(module, "__file__", None) or "") and not ours:
                del sys.modules[name]
        self._count_tokens()

    def _show(self, stream: str, text: str) -> None:
        if stream == "stdout":
            self._printed.append(text)
        self._write(stream, text)

    def _streams(self) -> list[io.TextIOWrapper]:
        self._printed.clear()
        self._core = None
        return [
            io.TextIOWrapper(_Stream(name, self._show), "utf-8", line_buffering=name == "stderr", write_through=True)
            for name in ("stdout", "stderr")
        ]

    def _tidy(self, folder: Path) -> None:
        """Put back what the program may have changed for the next one."""
        import openai

        from .network import Network

        Network.close_all()
        for name in sys.modules.keys() - self._modules.keys():
            if not (getattr(sys.modules[name], "__file__", None) or "/lib/").startswith("/lib/"):
                del sys.modules[name]
        for name in sys.modules.keys() - self._replaced.keys() if self._replaced else ():
            del sys.modules[name]
        sys.modules.update(self._replaced or self._modules)
        self._replaced = {}
        for name, value in self._openai.items():
            if vars(openai).get(name) is not value:
                setattr(openai, name, value)
        tempfile.tempdir = None
        linecache.clearcache()
        shutil.rmtree(folder, ignore_errors=True)


def _noon() -> float:
    from openai_sandbox.model.families import as_of

    return datetime.combine(as_of(), clock(12), UTC).timestamp()


def _tested(path: Path) -> dict[str, Any]:
    """Run a file of tests with pytest, as `pytest FILE` does."""
    import pytest

    os.environ["COLUMNS"] = "60"
    plugins = ["-p", "openai_sandbox.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    plugins += ["-p", "no:unraisableexception", "-p", "no:threadexception"]  # those of the programs before
    # What looptime adds to pytest needs pytest-asyncio, which is not here.
    plugins += [f"-pno:looptime_{part}" for part in ("plugin", "timeproxies", "chronometers")]
    told = ["-q", "--capture=sys", "--color=no", "-W", "ignore:Module already imported"]
    code = pytest.main([*told, *plugins, path.name])
    return {"error": None, "code": int(code)}


def _exited(ended: SystemExit) -> dict[str, Any]:
    if ended.code is None or isinstance(ended.code, int):
        return {"error": None, "code": ended.code or 0}
    print(ended.code, file=sys.stderr)
    return {"error": None, "code": 1}


def _failed(path: Path) -> dict[str, Any]:
    """Print the exception that is being handled as Python does, without the frames of this module."""
    kind, problem, trace = sys.exc_info()
    if kind is None:
        raise RuntimeError("no exception is being handled")
    while trace and trace.tb_frame.f_code.co_filename != str(path):
        trace = trace.tb_next
    text = "".join(traceback.format_exception(kind, problem, trace))
    print(text, end="", file=sys.stderr)
    ending = "".join(traceback.format_exception_only(problem))
    lines = [frame.lineno for frame in traceback.extract_tb(trace) if frame.filename == str(path)]
    line = problem.lineno if isinstance(problem, SyntaxError) else lines[-1] if lines else None
    return {"error": kind.__qualname__, "line": line, "ending": ending, "code": 1}
