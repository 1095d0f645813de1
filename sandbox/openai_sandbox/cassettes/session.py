"""Turns the options `replay`, `record` and `mode` into a player and a recorder."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

from . import CassetteError
from .mode import Mode
from .player import Player
from .recorder import Recorder
from .scrubbing import Scrubber

SUFFIXES = (".yaml", ".yml")


class Session(NamedTuple):
    """What a server does about cassettes. Without `recorder`, no recording is wanted, or it already exists.

    `upstream` is None if everything is answered from cassettes, because then no upstream is asked.
    """

    player: Player | None
    recorder: Recorder | None
    upstream: str | None

    @property
    def said(self) -> list[str]:
        """What a server tells its user about cassettes, one line each."""
        lines = [f"Replays {self.player.described}." if self.player else ""]
        if self.recorder:
            lines.append(f"Records to {self.recorder.path}, without keys and account ids.")
        return [line for line in lines if line]


def session(options: Mapping[str, Any]) -> Session:
    """Return what a server's options mean for its cassettes.

    Raises:
        ValueError: they contradict each other, or a file is not a cassette. The message says how to fix it.
    """
    upstream, record, replay = options.get("upstream"), options.get("record"), options.get("replay")
    mode = options.get("mode") or "once"
    if mode not in get_args(Mode):
        raise ValueError(f"mode '{mode}' is not understood: use {', '.join(get_args(Mode))}")
    if options.get("webhook") and (replay or record):
        raise ValueError("webhook and cassettes exclude each other: a replay does nothing in the background")
    if options.get("script") and (replay or record):
        raise ValueError("script and cassettes exclude each other: what a script says is not a recording")
    scrubber = Scrubber(texts(options.get("scrub")))
    if record is None:
        if replay is not None and upstream is not None:
            raise ValueError("replay and upstream exclude each other: record=FILE with mode='new' adds what is new")
        return Session(player_of(replay, options.get("scrub")), None, upstream)
    path = Path(record)
    there = path.exists()
    if mode == "none" or (mode == "once" and there):
        if not there and replay is None:
            raise CassetteError(f"{path}: no such file, and mode 'none' records nothing: record it with mode 'once'")
        return Session(_player([path] if there else [], replay, scrubber), None, None)
    _check(path, upstream)
    player = _player([path] if there else [], replay, scrubber) if there or replay is not None else None
    return Session(player, Recorder(path, scrubber), upstream)


def _check(path: Path, upstream: str | None) -> None:
    """Check whether something can be recorded there."""
    if upstream is None:
        raise ValueError(f"recording {path} needs a server that answers: upstream='https://api.openai.com/v1'")
    if path.suffix in SUFFIXES:
        raise ValueError(f"{path}: recordings are written as JSON: name a file that ends in .json")
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if path.is_dir() or not folder.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise ValueError(f"{path}: cannot be written: name a file in a folder that can")


def player_of(replay: Any, scrub: Any = None) -> Player | None:
    """Return a player for one or more cassettes, or None if there are none.

    Raises:
        ValueError: a file is not a cassette, or a pattern is not a regular expression.
    """
    if replay is None or isinstance(replay, Player):
        return replay
    return _player([], replay, Scrubber(texts(scrub)))


def _player(first: list[Path], replay: Any, scrubber: Scrubber) -> Player:
    return Player.of_files([*first, *map(Path, texts(replay))], scrubber)


def texts(given: Any) -> list[str]:
    """Return one or more texts as a list."""
    if given is None:
        return []
    if isinstance(given, str | os.PathLike):
        return [os.fspath(given)]
    found: Iterable[Any] = given
    return [os.fspath(one) for one in found]
