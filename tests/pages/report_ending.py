"""Runs a program and writes down how it ended: `python report_ending.py PROGRAM REPORT`.

Stands alone: interpreters with other packages run it too.
"""

import json
import runpy
import sys
import traceback
from typing import Any


def ending(problem: BaseException) -> "dict[str, Any]":
    """Return what the end of a traceback says, and what an SDK's exception carries."""
    kind, cause = type(problem), problem.__cause__
    return {
        "exception": kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}",
        "text": str(problem),
        "shown": "".join(traceback.format_exception_only(kind, problem)),
        "status": getattr(problem, "status_code", None),
        "code": getattr(problem, "code", None),
        "cause": type(cause).__name__ if cause else None,
    }


def main(program: str, report: str) -> None:
    """Run a program as `python PROGRAM` does, and write its ending as JSON."""
    sys.argv[:] = [program]
    found: dict[str, Any] = {}
    try:
        runpy.run_path(program, run_name="__main__")
    except BaseException as problem:
        found = ending(problem)
    sys.stdout.flush()
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(found, file, default=repr)


if __name__ == "__main__":
    main(*sys.argv[1:3])
