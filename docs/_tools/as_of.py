"""The as-of date: the day for which versions, prices, shutdown dates and sources were read."""

import os
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]


def as_of() -> date:
    """Return the as-of date: `AS_OF` of the environment if set, to try another day, else pyproject.toml's.

    Raises:
        ValueError: the variable is no date.
    """
    if override := os.environ.get("AS_OF"):
        return date.fromisoformat(override)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return date.fromisoformat(pyproject["tool"]["uv"]["exclude-newer"][:10])
