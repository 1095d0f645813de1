"""`openai-sandbox explain`: says what a traceback or message means, and what to do about it."""

import argparse
import os
import re
import sys
from pathlib import Path

from ..program import UsageError

SITE = "OPENAI_SANDBOX_SITE"
"""The variable with the address of the site whose sections are named. Without it, and without `--site`, none is."""

FOUND, NOT_SURE = 0, 1
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("file", metavar="FILE", nargs="?", help="the text; standard input if left out")
    parser.add_argument("--site", metavar="URL", help=f"name the sections of this site (default: ${SITE})")


def explain(options: argparse.Namespace) -> int:
    """Print what is known about a text. Returns 0 if a match is sure, 1 if none is.

    Raises:
        UsageError: there is no text, or it cannot be read.
    """
    # Loaded here: other commands start without the problems.
    from ..explain import explain as explained
    from ..explain.report import report

    explanation = explained(_text(options.file))
    print(report(explanation, options.site or os.environ.get(SITE)))
    return FOUND if explanation.sure else NOT_SURE


def explain_ending(program: str, printed: str) -> None:
    """Print, to standard error, what is known about what a program printed before it failed."""
    from ..explain import explain as explained
    from ..explain.report import report

    if printed.strip():
        said = report(explained(printed), os.environ.get(SITE))
        print(f"openai-sandbox: about the end of {program}:\n\n{said}", file=sys.stderr)


def _text(file: str | None) -> str:
    if file is None and sys.stdin.isatty():
        print("Paste the traceback or the message, then press Ctrl-D (Ctrl-Z and Enter on Windows).", file=sys.stderr)
    try:
        given = sys.stdin.buffer.read() if file is None else Path(file).read_bytes()
    except OSError as problem:
        raise UsageError(f"{file}: {(problem.strerror or str(problem)).lower()}") from None
    text = given.decode("utf-8", "replace")
    name = file or "standard input"
    if not text.strip():
        raise UsageError(f"{name} is empty: try 'python program.py 2>&1 | openai-sandbox explain'")
    odd = len(CONTROL.findall(text))
    if odd > 20 and odd > len(text) / 20:
        raise UsageError(f"{name} is no text: give it the message or the traceback")
    return text
