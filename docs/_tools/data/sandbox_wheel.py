"""Builds the sandbox's wheel, which no package index has, so that pages and their zips can offer it."""

import hashlib
import subprocess
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from .as_of import ROOT

MEMBER = ROOT / "sandbox"
STORE = ROOT / ".cache" / "wheels"
NAME = f"openai_sandbox-{version('openai-sandbox')}-py3-none-any.whl"
PLACE = f"assets/downloads/{NAME}"


class WheelError(ValueError):
    """The wheel cannot be built. The message is what the builder said."""


def wheel() -> bytes:
    """Return the wheel. It is built again only when a file of the sandbox has changed."""
    return _built(_digest())


@cache
def _built(digest: str) -> bytes:
    stored = STORE / digest / NAME
    if not stored.is_file():
        stored.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=stored.parent) as folder:  # on the same file system
            command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
            done = subprocess.run(command, cwd=MEMBER, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                raise WheelError(f"sandbox/: no wheel can be built: {done.stderr.strip()}")
            (Path(folder) / NAME).replace(stored)
    return stored.read_bytes()


def _digest() -> str:
    """Return a digest of the sandbox's files, by their names, sizes and times."""
    key = hashlib.sha256()
    for path in sorted(MEMBER.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found = path.stat()
            key.update(f"{path.relative_to(MEMBER)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return key.hexdigest()[:16]
