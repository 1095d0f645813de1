"""Which members the API's objects have, by model and by the day since which the live API sends them.

They are in `members.json`, in the API's order. Serializers start from it, and the reference pages show it.
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
"""By object, such as `response.reasoning`: its members in order, with default values."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row: a member of an object, since or until a certain day, on some models.

    `models` is a regular expression for the id, or None for all models, and `on` says it in words. `value` is None also
    if the answer provides it. `unless` names the kinds of replies that lack the member; see `lacking`. `source` names
    the first recording that had it, and `inferred` says which models follow others without their own recording.
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
        """Tell whether the live API sent it for a model on a certain day."""
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
    """Return the members of an object that certain replies lack, such as `streamed` ones."""
    return frozenset(row.member for row in rows()[name] if reply in row.unless)


@lru_cache(maxsize=1_000)
def members(model: str, day: date) -> Members:
    """Return the members of the objects in a model's answer on a certain day. Do not change it: all answers share
    it."""
    return {
        name: {row.member: row.value for row in listed if row.is_sent(model, day)} for name, listed in rows().items()
    }
