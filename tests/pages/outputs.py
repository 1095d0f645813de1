"""Comparing what a program printed with its .out file."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT

# `0.4...`: any number from 0.4 to three times as much. `0.42{0.4...}` the same, but the page shows 0.42.
VARIES = re.compile(r"(?:\d+\.?\d*\{)?(\d+\.?\d*?)\.\.\.\}?")


def place(path: Path, line: int | None = None) -> str:
    return path.relative_to(ROOT).as_posix() + (f":{line}" if line else "")


def same(shown: str | None, printed: str | None) -> bool:
    """Compare two lines. A number shown as `0.4...` varies: it stands for any from 0.4 to three times as much."""
    if shown is None or printed is None or "..." not in shown:
        return shown == printed
    least = [float(number) for number in VARIES.findall(shown)]
    fixed = VARIES.split(shown)[::2]
    match = re.fullmatch(r"(\d+\.?\d*)".join(re.escape(part) for part in fixed), printed)
    return match is not None and all(
        low <= float(number) <= 3 * low for low, number in zip(least, match.groups(), strict=True)
    )


def compare(output: Path, printed: str) -> None:
    pairs = enumerate(zip_longest(output.read_text("utf-8").splitlines(), printed.splitlines()), 1)
    for line, (shown, now) in pairs:
        if not same(shown, now):
            pytest.fail(
                f"{place(output, line)}: the snippet prints something else\n"
                f"  shown:  {shown}\n"
                f"  prints: {now}\n"
                "If the new output is right: uv run pytest tests/pages --update-examples",
                pytrace=False,
            )


def keeping_shapes(old: str, new: str) -> str:
    """Return the new output with the old lines where these only say that a number varies."""
    pairs = zip_longest(old.splitlines(), new.splitlines())
    lines = [shown if shown is not None and same(shown, now) else now for shown, now in pairs]
    return "".join(f"{line}\n" for line in lines if line is not None)
