"""Moderation scores that stand in for a model's: from a short list of words, and the same in every run.

A text is flagged for the words in it, whatever they mean there, and one without them never is. Images are not examined.
These scores show the form of a reply, not whether a text is harmful.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ..values.budget import spend

Input = Literal["text", "image"]

WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class ModerationModel:
    """A moderation model. `created` is in Unix seconds."""

    id: str
    created: int
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category that texts are scored for: the words that raise the score, and whether images are scored too."""

    images: bool
    words: Mapping[str, float]


@cache
def _data() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(files(__package__).joinpath("moderation.json").read_text("utf-8"))
    return loaded


@cache
def moderation_models() -> dict[str, ModerationModel]:
    """Return the moderation models by id."""
    return {row["id"]: ModerationModel(**row) for row in _data()["models"]}


@cache
def categories() -> dict[str, Category]:
    """Return the categories by name."""
    return {name: Category(**row) for name, row in _data()["categories"].items()}


def result(text: str | None, *, image: bool = False) -> dict[str, Any]:
    """Return the result for a text, for images or for both together."""
    applied = {name: _applied(category, text is not None, image) for name, category in categories().items()}
    spend(20 + len(text or "") / 20)
    words = set(WORD.findall((text or "").casefold()))
    scores = {
        name: _score(name, category, text or "", words) if applied[name] else 0.0
        for name, category in categories().items()
    }
    flags = {name: score >= _data()["threshold"] for name, score in scores.items()}
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": scores,
        "category_applied_input_types": applied,
    }


def _applied(category: Category, text: bool, image: bool) -> list[Input]:
    applied: list[Input] = ["text"] if text else []
    return [*applied, "image"] if image and category.images else applied


def _score(name: str, category: Category, text: str, words: set[str]) -> float:
    """Return the score of the worst word, or almost zero. A hash makes scores differ."""
    worst = max((score for word, score in category.words.items() if word in words), default=0.0)
    digest = hashlib.blake2b(f"{name}:{text}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    chance = int.from_bytes(digest) / 2**32
    return worst + 0.02 * chance if worst else 1e-6 + 1e-4 * chance
