"""Write or check all committed files that are generated from data.

uv run python -m docs._tools.generate --write    write what is stale
uv run python -m docs._tools.generate --check    name what is stale, exit 1
uv run python -m docs._tools.generate --list     name every file and its writer

The exit code is 2 if a data file cannot be used.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path

from . import tables
from .data.as_of import ROOT
from .data.files import DataError
from .data.generated import COMMAND, GENERATORS, Generator
from .site import site_data


def generators() -> list[Generator]:
    """Import every module of `tables` and of `site.site_data`, and return what they have registered."""
    for package in (tables, site_data):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return list(GENERATORS.values())


def targets() -> dict[Path, Callable[[], str]]:
    """Return every generated file and the function that makes its text."""
    return {path: text for generator in generators() for path, text in generator.files().items()}


def stale(files: dict[Path, Callable[[], str]] | None = None) -> dict[Path, str]:
    """Return the files that are out of date, each with the text that would be generated now.

    Raises:
        DataError: a data file cannot be used.
    """
    fresh = {path: render() for path, render in (targets() if files is None else files).items()}
    return {path: text for path, text in fresh.items() if not path.exists() or path.read_text("utf-8") != text}


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns 1 if `--check` found something stale, 2 if a data file cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m docs._tools.generate", description=__doc__)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true", help="write what is stale")
    mode.add_argument("--check", action="store_true", help="name what is stale and exit 1")
    mode.add_argument("--list", action="store_true", help="name every file and its writer")
    options = parser.parse_args(arguments)
    try:
        if options.list:
            rows = [(path, generator.writer) for generator in generators() for path in generator.files()]
            print("\n".join(f"{path.relative_to(ROOT).as_posix()}: {writer}" for path, writer in sorted(rows)))
            return 0
        found = stale()
    except DataError as problem:
        print(problem, file=sys.stderr)
        return 2
    for path, text in found.items():
        if options.write:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        print(f"{'wrote' if options.write else 'stale'}: {path.relative_to(ROOT)}")
    if found and options.check:
        print(f"Run: {COMMAND}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
