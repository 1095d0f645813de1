"""Rate limits: requests and tokens per minute for each model, refilled evenly.

That they refill evenly is known from the API's messages: "Limit 30000, Used 28039, Requested 3906. Please try again in
3.89s" fits a bucket that holds one minute's tokens and refills at 500 per second.
"""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from ..faults import TIERS
from ..model.embeddings import embedding_models
from ..model.families import text_models
from ..wire.errors import APIError, error
from ..wire.headers import ORGANIZATION
from ..wire.messages import Request
from .body import Body

MINUTE = 60.0
CHARACTERS_PER_TOKEN = 4
ROUNDING = 1e-6

# What counts against the rate limits.
METERED = ("/v1/responses", "/v1/chat/completions", "/v1/embeddings")

Unit = Literal["requests", "tokens"]


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests and tokens per minute a model answers.

    Raises:
        ValueError: one of them is below 1.
    """

    requests: int
    tokens: int

    def __post_init__(self) -> None:
        for unit in ("requests", "tokens"):
            if not (isinstance(value := getattr(self, unit), int) and value >= 1):
                raise ValueError(f"a rate limit of {value!r} {unit}: use a whole number of at least 1")


@cache
def of_tier(tier: int, model: str) -> RateLimit:
    """Return the limits of a model on a usage tier from 1 to 5, from rate_limits.json.

    Raises:
        ValueError: there is no such tier.
    """
    if tier not in TIERS:
        raise ValueError(f"there is no tier {tier}: use 1 to 5")
    rows = json.loads(files(__package__).joinpath("rate_limits.json").read_text("utf-8"))
    row = next(row for row in rows if re.match(row["match"], model))
    return RateLimit(*row["tiers"][tier - 1])


class Quota(NamedTuple):
    """What is left of the rate limits after a request: the headers that say so, and the refusal if it was too much."""

    headers: dict[str, str]
    refusal: APIError | None = None


UNLIMITED = Quota({})


@dataclass(slots=True)
class _Bucket:
    """How much of a limit of `size` per minute is used, at a time in Unix seconds."""

    size: int
    used: float
    at: float

    def drain(self, now: float) -> None:
        self.used = max(0.0, self.used - max(0.0, now - self.at) * self.size / MINUTE)
        self.at = now

    def wait(self, amount: int) -> float:
        """Return the seconds until `amount` fits."""
        over = self.used + amount - self.size
        return over * MINUTE / self.size if over > ROUNDING else 0.0

    def reset(self) -> float:
        """Return the seconds until nothing is used."""
        return self.used * MINUTE / self.size


@dataclass(slots=True)
class Limiter:
    """Counts requests and tokens by model.

    Args:
        limit: the usage tier, from 1 to 5, or the same limit for every model.

    Raises:
        ValueError: there is no such tier.
    """

    limit: int | RateLimit
    _buckets: dict[str, dict[Unit, _Bucket]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.limit, int):
            of_tier(self.limit, "")

    def take(self, model: str, tokens: int, now: float) -> Quota:
        """Count a request and return what is left.

        A refused request counts as a request, but its tokens do not count.
        """
        buckets = self._of(model, now)
        for bucket in buckets.values():
            bucket.drain(now)
        refusal, wait = self._refusal(model, buckets, tokens)
        if refusal is None:
            buckets["tokens"].used += tokens
        buckets["requests"].used = min(buckets["requests"].used + 1, buckets["requests"].size)
        headers = _headers(buckets)
        if wait:
            headers["retry-after"] = str(max(1, math.ceil(wait)))
        return Quota(headers, refusal)

    def _of(self, model: str, now: float) -> dict[Unit, _Bucket]:
        if model not in self._buckets:
            limit = of_tier(self.limit, model) if isinstance(self.limit, int) else self.limit
            self._buckets[model] = {
                "requests": _Bucket(limit.requests, 0.0, now),
                "tokens": _Bucket(limit.tokens, 0.0, now),
            }
        return self._buckets[model]

    def _refusal(self, model: str, buckets: dict[Unit, _Bucket], tokens: int) -> tuple[APIError | None, float]:
        """Return the refusal, if there is one, and the seconds after which the request would be accepted."""
        named = {"model": model, "organization": ORGANIZATION}
        if tokens > buckets["tokens"].size:
            return error("request_too_large.tokens", **named, limit=buckets["tokens"].size, requested=tokens), 0.0
        amounts: dict[Unit, int] = {"requests": 1, "tokens": tokens}
        for unit, amount in amounts.items():
            bucket = buckets[unit]
            if wait := bucket.wait(amount):
                counted = {"limit": bucket.size, "used": math.floor(bucket.used + ROUNDING), "requested": amount}
                return error(f"rate_limit.{unit}", **named, **counted, wait=duration(wait)), wait
        return None, 0.0


def count(limiter: Limiter | None, request: Request, body: Body, clock: Callable[[], float]) -> Quota:
    """Count a request if it counts for a model, and return what is left. `clock` returns Unix seconds."""
    if limiter and request.path in METERED and (model := _metered_model(body.json or {})):
        return limiter.take(model, estimated_tokens(body.json or {}), clock())
    return UNLIMITED


def _metered_model(body: dict[str, Any]) -> str | None:
    """Return the model that a request counts for, or None if it is unknown. A snapshot counts for its alias."""
    named = body.get("model")
    if not isinstance(named, str) or (named not in text_models() and named not in embedding_models()):
        return None
    return re.sub(r"-\d{4}-\d\d-\d\d$", "", named)


def _headers(buckets: dict[Unit, _Bucket]) -> dict[str, str]:
    headers = {}
    for unit, bucket in buckets.items():
        headers[f"x-ratelimit-limit-{unit}"] = str(bucket.size)
        headers[f"x-ratelimit-remaining-{unit}"] = str(max(0, math.floor(bucket.size - bucket.used + ROUNDING)))
        headers[f"x-ratelimit-reset-{unit}"] = duration(bucket.reset())
    return headers


def duration(seconds: float) -> str:
    """Write a duration as the API does: `120ms`, `8.64s`, `6m0s`."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    if seconds < MINUTE:
        return f"{math.ceil(seconds * 1000) / 1000:g}s"
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes}m{rest}s"


def estimated_tokens(body: dict[str, object]) -> int:
    """Return what a request counts toward the token limit: its length divided by four, or its cap if that is higher.

    OpenAI's guide on rate limits gives this rule, the larger of the two; it does not say how characters are counted.
    """
    texts = [body.get(name) for name in ("input", "messages", "instructions")]
    characters = sum(_characters(text) for text in texts)
    caps = [body.get(name) for name in ("max_output_tokens", "max_completion_tokens", "max_tokens")]
    cap = next((cap for cap in caps if isinstance(cap, int) and not isinstance(cap, bool) and cap > 0), 0)
    return max(1, cap, math.ceil(characters / CHARACTERS_PER_TOKEN))


def _characters(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(map(_characters, value))
    if isinstance(value, dict):
        return sum(_characters(inner) for name, inner in value.items() if name not in ("type", "role", "image_url"))
    return 0
