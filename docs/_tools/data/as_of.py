"""The as-of date: the day for which versions, prices, shutdown dates and sources were read."""

import os
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).parents[3]


def as_of() -> date:
    """Return the as-of date: `AS_OF` of the environment if set, to try another day, else pyproject.toml's.

    Raises:
        ValueError: the variable is no date.
    """
    if override := os.environ.get("AS_OF"):
        return date.fromisoformat(override)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return date.fromisoformat(pyproject["tool"]["uv"]["exclude-newer"][:10])


def noon() -> datetime:
    """Return noon of the as-of date, UTC: the moment of the prices and of the pinned sandbox."""
    return datetime(*as_of().timetuple()[:3], 12, tzinfo=UTC)
