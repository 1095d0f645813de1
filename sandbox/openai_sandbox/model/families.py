"""Which models exist, when they are shut down, and what their families accept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Family:
    """What models accept if their id matches `match`. No `efforts` means that it is not a reasoning model.

    `rejects` lists parameters of Chat Completions that are refused whatever their value, `foreign` those that it does
    not know at all, `limits` has maximum values, and `refuses` names what else is refused, by catalog id;
    `tools_with_default_effort` means that function tools are also refused where a request names no effort.
    `cache_writes` tells whether writing to the prompt cache is counted. `unknown` lists parameters that were not seen
    on these models, and `default_effort` if the given one is a guess: the sandbox accepts them, and the tables say so.
    `evidence` and `source` say how the row is known, and `checked` is the day somebody last read the source.
    """

    match: str
    efforts: tuple[str, ...]
    default_effort: str | None
    rejects: tuple[str, ...]
    evidence: str
    source: str
    checked: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)
    refuses: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    cache_writes: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """One model id.

    `created` is in Unix seconds. `snapshot` is the id that answers for it: the recorded one, or else the newest dated
    one. `most_input` is how many tokens a request may send, or None if that is not known.
    """

    id: str
    created: int
    shutdown: date | None
    snapshot: str
    family: Family
    most_input: int | None = None


LISTS = ("efforts", "rejects", "refuses", "foreign", "unknown")


_DATED = re.compile(r"(.+)-\d{4}-\d\d-\d\d")


def _load(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text("utf-8"))


@cache
def as_of() -> date:
    """Return the date the list of models was generated for."""
    return date.fromisoformat(_load("models.json")["as_of"])


@cache
def families() -> tuple[Family, ...]:
    """Return the model families, most specific first."""
    return tuple(Family(**row | {name: tuple(row.get(name, ())) for name in LISTS}) for row in _load("families.json"))


@cache
def text_models() -> dict[str, Model]:
    """Return every model id that the SDK names, including shut-down models, and others that were seen elsewhere."""
    rows = _load("models.json")["models"]
    ids = {row["id"] for row in rows}
    newest: dict[str, str] = {}
    for id in sorted(ids):
        if dated := _DATED.fullmatch(id):
            newest[dated[1]] = id
    further = {row["id"]: row for row in _load("further_models.json")}
    rows += [{"shutdown": None} | row for id, row in further.items() if id not in ids]
    return {id: _model(row, newest.get(id), further.get(id, {}).get("snapshot")) for row in rows for id in (row["id"],)}


def _model(row: dict[str, Any], dated: str | None, snapshot: str | None) -> Model:
    family = next(family for family in families() if re.match(family.match, row["id"]))
    # The SDK gives no creation dates, so this is the date in a snapshot's name, if it has one, or the start of 2026.
    day = re.search(r"(\d{4}-\d\d-\d\d)$", dated or row["id"])
    created = (date.fromisoformat(day[1]) if day else date(2026, 1, 1)) - date(1970, 1, 1)
    return Model(
        id=row["id"],
        created=created.days * 86400,
        shutdown=date.fromisoformat(row["shutdown"]) if row["shutdown"] else None,
        snapshot=snapshot or dated or row["id"],
        family=family,
        most_input=row.get("most_input"),
    )


def available(today: date) -> list[Model]:
    """Return the models that answer on that day."""
    return [model for model in text_models().values() if model.shutdown is None or model.shutdown > today]


def find(id: str, today: date) -> Model | None:
    """Return the model with that id, if it answers on that day."""
    model = text_models().get(id)
    return model if model and (model.shutdown is None or model.shutdown > today) else None


def effort(model: Model, requested: str | None) -> str | None:
    """Return the reasoning effort in force, or None for models that do not reason."""
    return model.family.default_effort if requested is None else requested
