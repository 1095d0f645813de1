"""The as-of date: the day on which versions, prices, shutdown dates and sources were read."""

import os
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]


def as_of() -> date:
    """Return the as-of date: from the environment variable `AS_OF` if set, to try another day, otherwise from
    pyproject.toml.

    Raises:
        ValueError: the variable is not a date.
    """
    if override := os.environ.get("AS_OF"):
        return date.fromisoformat(override)
    return _pinned()


@cache
def _pinned() -> date:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return date.fromisoformat(pyproject["tool"]["uv"]["exclude-newer"][:10])


def written_out(day: date) -> str:
    """Return a date as sentences have it: November 21, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def noon() -> datetime:
    """Return noon UTC on the as-of date: the moment used for the prices and for the pinned sandbox."""
    return datetime(*as_of().timetuple()[:3], 12, tzinfo=UTC)
