"""Which models exist, when they are shut down, and what their families accept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ..wire.errors import error
from ..wire.validation import listing


@dataclass(frozen=True, slots=True)
class Family:
    """What the models whose id matches `match` accept. No `efforts` means: not a reasoning model.

    `rejects` are parameters refused whatever their value, `limits` the most a number may be, `refuses` the catalog ids
    of combinations that are refused. `cache_writes` tells whether writing to the prompt cache is counted. `evidence`
    and `source` say how the row is known.
    """

    match: str
    efforts: tuple[str, ...]
    default_effort: str | None
    rejects: tuple[str, ...]
    evidence: str
    source: str
    limits: Mapping[str, int] = field(default_factory=dict)
    refuses: tuple[str, ...] = ()
    cache_writes: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """One model id. `created` is in Unix seconds; `snapshot` is the dated id that answers for an alias."""

    id: str
    created: int
    shutdown: date | None
    snapshot: str
    family: Family


def _load(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text("utf-8"))


@cache
def as_of() -> date:
    """Return the date the list of models was generated for."""
    return date.fromisoformat(_load("models.json")["as_of"])


@cache
def families() -> tuple[Family, ...]:
    """Return the model families, the most specific first."""
    return tuple(
        Family(
            **row
            | {"efforts": tuple(row["efforts"]), "rejects": tuple(row["rejects"])}
            | {"refuses": tuple(row.get("refuses", ()))}
        )
        for row in _load("families.json")
    )


@cache
def models() -> dict[str, Model]:
    """Return every model id the SDK names, shut-down ones included."""
    rows = _load("models.json")["models"]
    ids = [row["id"] for row in rows]
    return {row["id"]: _model(row, ids) for row in rows}


def _model(row: dict[str, Any], ids: list[str]) -> Model:
    dated = sorted(id for id in ids if re.fullmatch(re.escape(row["id"]) + r"-\d{4}-\d\d-\d\d", id))
    family = next(family for family in families() if re.match(family.match, row["id"]))
    # The SDK gives no creation dates: a snapshot's own date where its name has one, else the start of 2026.
    day = re.search(r"(\d{4}-\d\d-\d\d)$", dated[-1] if dated else row["id"])
    created = (date.fromisoformat(day[1]) if day else date(2026, 1, 1)) - date(1970, 1, 1)
    return Model(
        id=row["id"],
        created=created.days * 86400,
        shutdown=date.fromisoformat(row["shutdown"]) if row["shutdown"] else None,
        snapshot=dated[-1] if dated else row["id"],
        family=family,
    )


def available(today: date) -> list[Model]:
    """Return the models that answer on that day."""
    return [model for model in models().values() if model.shutdown is None or model.shutdown > today]


def find(id: str, today: date) -> Model | None:
    """Return the model of that id if it answers on that day."""
    model = models().get(id)
    return model if model and (model.shutdown is None or model.shutdown > today) else None


def effort(model: Model, requested: str | None, param: str, unsupported: str) -> str | None:
    """Return the reasoning effort in force, None on models that do not reason.

    Raises:
        APIError: the model does not reason (catalog id `unsupported`), or does not know that effort.
    """
    if requested is None:
        return model.family.default_effort
    if not model.family.efforts:
        raise error(unsupported, param=param)
    if requested not in model.family.efforts:
        raise error(
            "value_unsupported",
            param=param,
            value=requested,
            model=model.id,
            supported=listing(model.family.efforts),
        )
    return requested
