"""The command `browser-pack`."""

import argparse
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from .build import BuildError, build
from .download import DownloadError, locked, runtime, wheels
from .lock import FILE, LockError, disagreements, read, wanted

ROOT = Path(__file__).parents[2]
STORE = ROOT / ".cache" / "browser-pack"
SANDBOX = ROOT / "sandbox" / "openai_sandbox"
FAILED = 2


def main() -> int:
    """Build the pack, or write its lock. Returns 2 and says why on one line if that cannot be done."""
    parser = argparse.ArgumentParser(prog="browser-pack", description="Builds what pages need to run their programs.")
    parser.add_argument("--lock", action="store_true", help="write the lock for the versions installed here")
    options = parser.parse_args()
    STORE.mkdir(parents=True, exist_ok=True)
    try:
        return _lock() if options.lock else _pack()
    except (BuildError, DownloadError, LockError, OSError) as problem:
        print(f"browser-pack: {problem}", file=sys.stderr)
        return FAILED


def _lock() -> int:
    with tempfile.TemporaryDirectory(dir=STORE) as work:
        FILE.write_text(locked(wanted(), Path(work)).written(), "utf-8")
    print(f"written: {FILE.relative_to(ROOT)}")
    return 0


def _pack() -> int:
    lock = read()
    if found := disagreements(lock):
        raise LockError(f"{found[0]}: run `uv run browser-pack --lock`")
    downloads = STORE / "downloads"
    downloads.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORE) as work:
        place = build(runtime(lock, downloads), wheels(lock, downloads), SANDBOX, lock, STORE, Path(work))
    (STORE / "current").write_text(place.name + "\n", "utf-8")
    for other in STORE.iterdir():
        if re.fullmatch(r"[0-9a-f]{12}", other.name) and other != place:
            shutil.rmtree(other)
    size = sum(json.loads((place / "pack.json").read_text("utf-8"))["sizes"].values())
    print(f"{place.relative_to(ROOT)}: {size / 1e6:.1f} MB. `mkdocs build` and `mkdocs serve` now use it.")
    return 0
