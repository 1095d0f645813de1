"""A cassette on disk: read as a whole and appended to under a lock, so that several processes can share it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from . import CassetteError, document, vcr
from .messages import Exchange

logger = logging.getLogger(__name__)


def read(path: Path) -> list[Exchange]:
    """Return the exchanges of a cassette in this format or VCR's. An exchange that was not fully written is left out.

    Raises:
        CassetteError: it cannot be read, or is not a cassette.
    """
    try:
        with path.open("rb") as file, _locked(file):
            text = file.read().decode("utf-8")
    except OSError as problem:
        what = (problem.strerror or str(problem)).lower()
        raise CassetteError(f"{path}: cannot be read: {what}") from None
    except UnicodeDecodeError as problem:
        raise CassetteError(f"{path}: not a cassette: no UTF-8 at byte {problem.start}") from None
    if not document.is_cassette(text):
        return vcr.exchanges(text, str(path))
    found, end = document.read(text, str(path))
    if end is not None:
        logger.warning("%s breaks off after exchange %d: what came after it is lost", path, len(found))
    return found


def append(path: Path, exchange: Exchange) -> None:
    """Add an exchange to a cassette, which is created if it does not exist.

    Raises:
        CassetteError: the file exists and is something else.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    with os.fdopen(handle, "r+b", buffering=0) as file, _locked(file):
        before, at = _beginning(file, path)
        text = f"{before}\n{document.written(exchange)}{document.TAIL}".encode()
        file.seek(at)
        # Usually one call, after which the file is complete again. If it is interrupted, readers leave out the broken
        # part.
        rest = memoryview(text)
        while rest:
            rest = rest[os.write(handle, rest) :]
        file.truncate(at + len(text))


def _beginning(file: IO[bytes], path: Path) -> tuple[str, int]:
    """Return what has to be written before the next exchange, and where."""
    tail = document.TAIL.encode()
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return document.HEAD, 0
    file.seek(max(0, size - len(tail) - 1))
    last = file.read()
    if last.endswith(tail):
        return "" if last[:1] == b"[" else ",", size - len(tail)
    # Written by hand, or cut off.
    file.seek(0)
    text = file.read().decode("utf-8", "replace")
    if not document.is_cassette(text):
        raise CassetteError(f"{path}: not a cassette in this format, so nothing can be added: name another file")
    found, end = document.read(text, str(path))
    if end is None and (ending := document.ENDING.search(text)):
        end = ending.start()
    return "," if found else "", len(text[:end].encode())


@contextmanager
def _locked(file: IO[bytes]) -> Iterator[None]:
    """Lock other processes and threads out of a file. On Windows, locking its first byte does that."""
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]
        try:
            yield
        finally:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        return
    try:
        import fcntl
    except ImportError:  # in a browser, where there is one process and one thread
        pass
    else:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
    yield
