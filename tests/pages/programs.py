"""Running a program as its reader would, and telling how it ended."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from openai import OpenAI

from docs._tools.ledger.programs import needs, needs_own_process, packages, variables
from tests.interop.run import command

from . import report_ending

REPORTER = Path(report_ending.__file__)
SECONDS = 120
HOME = "/home/you/project"

Edit = Callable[[str], str]
"""What a reader does to a program: takes its source and returns another."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a program ended.

    `printed` is its standard output. `exception` is the full name of the class that ended it, None where none did;
    `text` is its message and `shown` what the end of its traceback says.
    """

    printed: str
    exception: str | None = None
    text: str = ""
    shown: str = ""
    status: int | None = None
    code: str | None = None
    cause: str | None = None

    @property
    def seen(self) -> str:
        """What the reader sees: what was printed, then the end of the traceback."""
        return self.printed + self.shown


def run(path: Path) -> Ending:
    """Run a program, in this process unless it needs one of its own."""
    return _run_alone(path) if needs_own_process(path.read_text("utf-8")) else _run_here(path)


def _run_here(path: Path) -> Ending:
    printed = io.StringIO()
    code = compile(path.read_text("utf-8"), str(path), "exec")
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, {"__name__": "__main__", "__file__": str(path)})  # noqa: S102 - a snippet of this project
    except BaseException as problem:
        return Ending(printed.getvalue(), **report_ending.ending(problem))
    return Ending(printed.getvalue())


def run_edited(path: Path, edit: Edit | None = None, name: str = "__main__") -> tuple[str, dict[str, Any]]:
    """Run a program as its reader has edited it, or import it under another name.

    Returns what it printed, and its names.
    """
    source = path.read_text("utf-8")
    edited = edit(source) if edit else source
    assert not edit or edited != source, f"{path.name}: the edit changes nothing"
    return run_source(edited, path, name)


def replacing(old: str, new: str) -> Edit:
    """Return an edit that replaces a text once, and insists that it is there."""

    def edit(source: str) -> str:
        assert old in source
        return source.replace(old, new, 1)

    return edit


def run_source(source: str, path: Path, name: str = "__main__") -> tuple[str, dict[str, Any]]:
    """Run a program with another source in this process. Returns what it printed, and its names.

    Its clients are closed at the end, which a reader's program leaves to Python.
    """
    names: dict[str, Any] = {"__name__": name, "__file__": str(path)}
    with _closed_clients(), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, str(path), "exec"), names)  # noqa: S102 - a snippet of this project, edited
    return printed.getvalue(), names


@contextlib.contextmanager
def _closed_clients() -> Iterator[None]:
    clients: list[OpenAI] = []
    init = OpenAI.__init__

    def noted(self: OpenAI, *given: Any, **named: Any) -> None:
        init(self, *given, **named)
        clients.append(self)

    with patch.object(OpenAI, "__init__", noted):
        try:
            yield
        finally:
            for client in clients:
                client.close()


def _run_alone(path: Path) -> Ending:
    """Run a program in a folder of its own, as its reader has it."""
    source = path.read_text("utf-8")
    wanted = packages(source)
    python = command(REPORTER, wanted) if wanted else [sys.executable, str(REPORTER)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        report = folder / "ending.json"
        shutil.copy(path, folder)
        done = subprocess.run(
            [*python, str(folder / path.name), str(report)],
            cwd=folder,
            env=_environment(source, folder),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
        if not report.exists():
            raise RuntimeError(f"{path.name} did not end as a program does: {done.stderr[-2000:]}")
        ending = json.loads(report.read_text("utf-8"))
        return Ending(_at_home(done.stdout, folder), **ending | {"shown": _at_home(ending.get("shown", ""), folder)})


def _environment(source: str, folder: Path) -> dict[str, str]:
    """Return the environment of a program. What says `.env` finds the key in that file and not in a variable."""
    # TMPDIR: so that no name of a folder differs from run to run.
    found = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder)}
    if ".env" in needs(source):
        (folder / ".env").write_text(f"OPENAI_API_KEY={found.pop('OPENAI_API_KEY')}\n", "utf-8")
    return found | variables(source)


def _at_home(text: str, folder: Path) -> str:
    """Return the text with its reader's folders in the place of the program's, of temporary ones in it, and of uv's."""
    text = re.sub(rf"{re.escape(str(folder))}(/tmp\w+)?", HOME, text)
    return re.sub(r"[^\s'\"(]+/lib/python3\.\d+/site-packages", f"{HOME}/.venv/lib/python3.12/site-packages", text)
