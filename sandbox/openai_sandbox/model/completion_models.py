"""The models for legacy completions, which continue a text and do not support messages."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from .families import Family, Model


@dataclass(frozen=True, slots=True)
class CompletionModel:
    """A model of POST /v1/completions. `created` is in Unix seconds; `most_tokens` is the limit for prompt and answer
    together."""

    id: str
    created: int
    shutdown: date
    most_tokens: int
    evidence: str
    source: str

    def as_model(self) -> Model:
        """Return it in the form that the small model takes: it does not reason."""
        family = Family(self.id, (), None, (), self.evidence, self.source)
        return Model(self.id, self.created, self.shutdown, self.id, family, self.most_tokens)


@cache
def completion_models() -> dict[str, CompletionModel]:
    """Return the models by id, including those that have been shut down."""
    rows = json.loads(files(__package__).joinpath("completion_models.json").read_text("utf-8"))
    return {row["id"]: CompletionModel(**row | {"shutdown": date.fromisoformat(row["shutdown"])}) for row in rows}
