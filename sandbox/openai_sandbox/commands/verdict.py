"""`openai-sandbox run --verdict FILE`: reports what the program did wrong, as JSON in a file and as text."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..program import UsageError

if TYPE_CHECKING:
    from ..stages.journal import Journal

FOUND = 3
"""The exit code when something was found and the program itself ended with 0."""

MOST_KEPT = 1_000_000
"""How many bytes of a program's output are kept. All of it is printed."""


def checked(file: str) -> Path:
    """Check the file to write before anything is started, and return its path.

    Raises:
        UsageError: it cannot be written.
    """
    path = Path(file)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(f"--verdict {file}: {'is a folder' if path.is_dir() else 'there is no such folder'}")
    return path


class Printed:
    """Passes on a program's output as it arrives, and keeps it."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._kept: list[bytes] = []
        self._size = 0
        self._threads = [
            threading.Thread(target=self._pass_on, args=(pipe, stream), daemon=True)
            for pipe, stream in ((child.stdout, sys.stdout), (child.stderr, sys.stderr))
            if pipe
        ]
        for thread in self._threads:
            thread.start()

    def _pass_on(self, pipe: BinaryIO, stream: object) -> None:
        read: Callable[[int], bytes] = getattr(pipe, "read1", pipe.read)
        out = getattr(stream, "buffer", None)
        while piece := read(65536):
            if self._size < MOST_KEPT:
                self._size += len(piece)
                self._kept.append(piece)
            if out:
                out.write(piece)
                out.flush()
            else:
                print(piece.decode("utf-8", "replace"), end="", file=stream)  # type: ignore[call-overload]

    def text(self) -> str:
        """Return what was printed, once the program has ended. It does not wait for the program's child processes."""
        for thread in self._threads:
            thread.join(1.0)
        return b"".join(self._kept).decode("utf-8", "replace")


def report(file: Path, program: str, journal: "Journal", code: int, printed: str) -> int:
    """Write and print the verdict on a program that has ended, and return the exit code.

    The exit code is the program's own, or `FOUND` if that is 0 and something was found.
    """
    from ..observation import settled
    from ..verdict import Outcome, judge

    outcome = Outcome(exit_code=code, printed=printed, interrupted=code < 0)
    verdict = judge(settled(journal), outcome)
    own = code if code >= 0 else 128 - code
    found = verdict.as_json() | {"program": {"name": program, "exit_code": own}}
    try:
        file.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    except OSError as problem:
        raise UsageError(f"--verdict {file}: {(problem.strerror or str(problem)).lower()}") from None
    print(f"openai-sandbox: {verdict}", file=sys.stderr)
    return FOUND if verdict and not own else own
