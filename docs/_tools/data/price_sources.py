"""What the price tables need but the installed packages do not say: release dates, limits, shutdowns, cache writes.

uv run python -m docs._tools.data.price_sources

rewrites price_sources.json: from the package index, the days on which the installed genai-prices and the newest litellm
before the as-of date were published, and from litellm's price file, how much each model reads and writes, when it shuts
down, and what writing to the cache for 12 hours costs. It needs uv and the network. Everything else only reads the
file.
"""

import json
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from .as_of import ROOT
from .files import CLOSED, checked, load
from .generated import with_writer
from .models import model_ids

FILE = Path(__file__).with_name("price_sources.json")
COMMAND = "uv run python -m docs._tools.data.price_sources"
THEIRS = Path("litellm", "model_prices_and_context_window_backup.json")
LONG_WRITE = "cache_creation_input_token_cost_above_12hr"
# The name of a model as the API takes it: litellm also has names with a size, a provider or "ft:" before it.
PLAIN = re.compile(r"[a-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Release:
    """A version of a package and the day it was published."""

    version: str
    published: date

    def __str__(self) -> str:
        """As the tables name it: version and date."""
        return f"{self.version}, published <time>{self.published}</time>"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tokens a model reads and writes in one call, according to litellm."""

    reads: int
    writes: int


class RecordedRelease(TypedDict):
    """A release as it is in the file."""

    __pydantic_config__ = CLOSED  # type: ignore[misc]
    version: str
    published: str


# The functional form, for the name of the first member.
Recorded = TypedDict(
    "Recorded",
    {
        "$comment": str,
        "releases": dict[str, RecordedRelease],
        "limits": dict[str, tuple[int, int]],
        "shutdowns": dict[str, str],
        "long_cache_writes": dict[str, str],
    },
)
Recorded.__pydantic_config__ = CLOSED  # type: ignore[attr-defined]


@cache
def recorded() -> Recorded:
    """Return the committed file."""
    file = FILE.relative_to(ROOT).as_posix()
    return checked(Recorded, load(FILE, file), file)


def release(package: str) -> Release:
    """Return the recorded release of `genai-prices` or `litellm`."""
    row = recorded()["releases"][package]
    return Release(row["version"], date.fromisoformat(row["published"]))


def genai_prices() -> str:
    """Name the installed genai-prices, with the date of its publication if it is the recorded version.

    A date that belongs to another version is not printed; the tests then ask you to record again.
    """
    known, installed = release("genai-prices"), version("genai-prices")
    return f"genai-prices {known if known.version == installed else installed}"


def limits() -> dict[str, Limits]:
    """Return the recorded limits of each model that litellm knows."""
    return {id: Limits(*pair) for id, pair in recorded()["limits"].items()}


def shutdowns() -> dict[str, str]:
    """Return the recorded shutdown date of each OpenAI model for which litellm has one."""
    return recorded()["shutdowns"]


def long_cache_writes() -> dict[str, Decimal]:
    """Return litellm's price for writing to the cache for 12 hours, by model, in dollars per million tokens."""
    return {id: Decimal(price) for id, price in recorded()["long_cache_writes"].items()}


def releases(lock: str) -> dict[str, Release]:
    """Return the packages in a `pylock.toml`, each with the day its first file was uploaded to the index.

    Raises:
        ValueError: a file has no upload time.
    """
    found = {}
    for package in tomllib.loads(lock)["packages"]:
        times = [file.get("upload-time") for file in package["wheels"]]
        if not all(isinstance(time, datetime) for time in times):
            raise ValueError(f"the package index does not say when {package['name']} {package['version']} was uploaded")
        found[package["name"]] = Release(package["version"], min(times).date())
    return found


def record(found: Mapping[str, Release], theirs: Mapping[str, Any], models: list[str]) -> str:
    """Return the file: the releases, the limits of the models for which litellm knows them, and all shutdown dates."""
    heads = [
        f'  "{name}": {{"version": "{row.version}", "published": "{row.published}"}}' for name, row in found.items()
    ]
    rows = [
        f'  "{id}": [{theirs[id]["max_input_tokens"]}, {theirs[id]["max_output_tokens"]}]'
        for id in models
        if theirs.get(id, {}).keys() >= {"max_input_tokens", "max_output_tokens"}
    ]
    ends = [
        f'  "{id}": "{model["deprecation_date"]}"'
        for id, model in sorted(theirs.items())
        if model.get("litellm_provider") == "openai" and model.get("deprecation_date") and PLAIN.fullmatch(id)
    ]
    writes = [
        f'  "{id}": "{(Decimal(repr(theirs[id][LONG_WRITE])) * 1_000_000).normalize():f}"'
        for id in models
        if theirs.get(id, {}).get(LONG_WRITE)
    ]
    parts = {"releases": heads, "limits": rows, "shutdowns": ends, "long_cache_writes": writes}
    text = "{\n" + ",\n".join(f' "{name}": {{\n' + ",\n".join(part) + "\n }" for name, part in parts.items()) + "\n}\n"
    return with_writer(text, FILE.suffix, "docs/_tools/data/price_sources.py", COMMAND)


def main() -> None:
    """Ask the package index through uv, read litellm's file, and write price_sources.json."""
    asked = f"genai-prices=={version('genai-prices')}\nlitellm\n"
    compile_ = ["uv", "pip", "compile", "--quiet", "--no-deps", "--format", "pylock.toml", "-"]
    lock = subprocess.run(compile_, input=asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout  # noqa: S603
    found = releases(lock)
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"litellm=={found['litellm'].version}"
        subprocess.run(  # noqa: S603
            ["uv", "pip", "install", "--quiet", "--no-deps", "--target", folder, wanted],  # noqa: S607
            check=True,
            cwd=ROOT,
        )
        theirs = json.loads((Path(folder) / THEIRS).read_text("utf-8"))
    FILE.write_text(record(found, theirs, model_ids()), "utf-8")
    print(f"wrote: {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
