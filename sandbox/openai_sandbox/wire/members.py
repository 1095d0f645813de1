"""Which members the API's objects have: by model, and by the day from which the live API sends them.

`members.json` says so, in the API's own order. Serializers begin with what stands here; the reference pages show it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

Members = Mapping[str, Mapping[str, Any]]
"""By object, such as `response.reasoning`: its members in order, and their values where nothing else is known."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row: a member of an object, from a day on or until one, on some models.

    `models` is a regular expression on the id, None for all of them, and `on` says it in words. `value` is None where
    the answer gives it, too. `unless` names the kinds of replies that lack it, see `lacking`. `source` names the
    recording that had it first, `inferred` which models follow others without a recording of their own.
    """

    member: str
    value: Any = None
    since: date | None = None
    until: date | None = None
    models: str | None = None
    unless: Sequence[str] = ()
    on: str = ""
    source: str = ""
    inferred: str = ""

    def is_sent(self, model: str, day: date) -> bool:
        """Tell whether the live API sent it for a model on a day."""
        known = (self.since is None or self.since <= day) and (self.until is None or day < self.until)
        return known and (self.models is None or re.match(self.models, model) is not None)


@cache
def rows() -> Mapping[str, Sequence[Member]]:
    """Return all rows by object, in the file's order."""
    loaded = json.loads(files(__package__).joinpath("members.json").read_text("utf-8"))
    return {
        name: [
            Member(**row | {name: date.fromisoformat(row[name]) for name in ("since", "until") if name in row})
            for row in listed
        ]
        for name, listed in loaded.items()
        if not name.startswith("$")
    }


@cache
def lacking(name: str, reply: str) -> frozenset[str]:
    """Return the members of an object that replies of a kind lack, such as `streamed` ones."""
    return frozenset(row.member for row in rows()[name] if reply in row.unless)


@lru_cache(maxsize=1_000)
def members(model: str, day: date) -> Members:
    """Return what the objects of an answer of that model have on that day. Only to be read: all answers share it."""
    return {
        name: {row.member: row.value for row in listed if row.is_sent(model, day)} for name, listed in rows().items()
    }
