"""The embedding models, and the vectors that stand in for theirs.

A vector is the sum of a text's features (words, pairs of words and parts of words), each scattered over the dimensions
by its hash, normalized to length 1. So texts that share words are close together, but nothing is understood: synonyms
are unrelated. The same text gives the same vector in every run.
"""

import hashlib
import json
import math
import re
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import add

from ..values.budget import spend

MOST_TOKENS = 8192
MOST_INPUTS = 2048
MOST_TOKENS_TOGETHER = 300_000

# How many dimensions each word, pair or part is scattered over, and how much of a vector is noise from its text: enough
# that no dimension is empty, too little to tell texts apart.
SPREAD = 32
MOST_WORDS = 4_000
NOISE = 0.05

# Words that most texts share say little about them.
COMMON = """
a an and are as at be but by do does for from had has have he her his how i if in is it its me my no not of on or our
she so that the their them they this to was we were what when where which who will with you your
"""
COMMON_WORDS = frozenset(COMMON.split())


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """An embedding model.

    `answers_as` is its name in replies; `shortens` says whether `dimensions` may ask for fewer than the model has.
    """

    id: str
    created: int
    answers_as: str
    dimensions: int
    shortens: bool
    evidence: str
    source: str


@cache
def embedding_models() -> dict[str, EmbeddingModel]:
    """Return the embedding models by id."""
    rows = json.loads(files(__package__).joinpath("embeddings.json").read_text("utf-8"))
    return {row["id"]: EmbeddingModel(**row) for row in rows}


def vector(model: EmbeddingModel, text: str | Sequence[int], dimensions: int | None = None) -> bytes:
    """Return the unit vector of a text, or of a list of tokens, as little-endian 32-bit floats.

    Tokens are not decoded to text, so they get a different vector. Fewer dimensions are the first ones of the whole
    vector, normalized again.
    """
    size = model.dimensions
    whole = [0.0] * size
    for feature, weight in _features(text).items():
        for place in struct.unpack(f"<{SPREAD}I", _hash(model, feature, 4 * SPREAD)):
            whole[(place >> 1) % size] += weight if place & 1 else -weight
    noise = _hash(model, f"noise:{text}", size)
    loudness = NOISE * (math.hypot(*whole) or 1.0) / (74 * math.sqrt(size))  # 74 is the deviation of a random byte
    of_byte = [loudness * (byte - 127.5) for byte in range(256)]
    kept = list(map(add, whole, map(of_byte.__getitem__, noise)))[:dimensions]
    length = math.hypot(*kept)
    return struct.pack(f"<{len(kept)}f", *[value / length for value in kept])


def floats(vector: bytes) -> tuple[float, ...]:
    """Return a vector as numbers."""
    return struct.unpack(f"<{len(vector) // 4}f", vector)


def _features(text: str | Sequence[int]) -> dict[str, float]:
    """Return the features of a text, with weights. Each repetition counts, but less than the one before.

    Only the beginning of a very long text counts.
    """
    if isinstance(text, str):
        words = re.findall(r"\w+", text[: MOST_WORDS * 20].casefold())[:MOST_WORDS]
    else:
        words = [f"#{token}" for token in text[:MOST_WORDS]]
    counts = Counter(words)
    pairs = Counter(f"{left} {right}" for left, right in pairwise(words))
    weights = {word: _damped(count) * (0.2 if word in COMMON_WORDS else 1.0) for word, count in counts.items()}
    weights |= {pair: 0.4 * _damped(count) for pair, count in pairs.items()}
    if isinstance(text, str):
        parts: Counter[str] = Counter()
        for word, count in counts.items():
            if word not in COMMON_WORDS:
                spend(len(word) / 20)
                parts.update(dict.fromkeys((f"<{word}>"[at : at + 3] for at in range(len(word))), count))
        weights |= {f"part {part}": 0.3 * _damped(count) for part, count in parts.items()}
    spend(20 + len(weights) / 3)
    return weights


def _damped(count: int) -> float:
    return 1.0 + math.log(count)


def _hash(model: EmbeddingModel, text: str, length: int) -> bytes:
    return hashlib.shake_128(f"{model.id}:{text}".encode("utf-8", "surrogatepass")).digest(length)
