"""What endpoints work with: the clock, ids, chance, and what is kept between requests."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ...model import tokens
from ...model.prompt_cache import Cached, PromptCache
from ...wire.ids import Ids
from .mcp_servers import McpServers
from .store import Store
from .webhook_events import WebhookEvent

MOST_PROMPTS = 10_000
"""For how many prompts it is remembered how often they were asked."""


class Chance:
    """Gives each request a random generator of its own.

    Args:
        seed: what all generators depend on.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._asked: dict[bytes, int] = {}

    def generator(self, prompt: str, seed: int | None = None) -> random.Random:
        """Return a generator for one request. No other request draws from it, whenever this one does.

        With a `seed` of the request it is the same every time. Without, it depends on how often the prompt was asked,
        but not on what else was: concurrent requests in any order get the same answers.
        """
        if seed is not None:
            return random.Random(f"{seed}:{prompt}")  # noqa: S311 - not for secrets
        digest = hashlib.blake2b(prompt.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        turn = self._asked[digest] = self._asked.pop(digest, 0) + 1
        if len(self._asked) > MOST_PROMPTS:
            del self._asked[next(iter(self._asked))]
        return random.Random(f"{self._seed}:{turn}:{prompt}")  # noqa: S311 - not for secrets


@dataclass(frozen=True, slots=True)
class State:
    """What an endpoint may use and change.

    Args:
        now: the clock: Unix seconds.
        ids: makes ids.
        chance: makes random generators.
        store: what the API keeps.
        prompt_cache: the beginnings of prompts that were read lately.
        today: the day that decides which models have been shut down.
        mcp: reaches MCP servers, if anything does.
        on_event: hears of what a webhook is told, if one is.
    """

    now: Callable[[], float]
    ids: Ids
    chance: Chance
    store: Store
    prompt_cache: PromptCache
    today: date
    mcp: McpServers | None = None
    on_event: Callable[[WebhookEvent], None] | None = None

    def tell(self, type: str, id: str) -> None:
        """Tell the webhook, where there is one, that something has ended."""
        if self.on_event:
            event_id, webhook_id = self.ids.hex("evt", 32), self.ids.hex("wh", 32)
            self.on_event(WebhookEvent(event_id, webhook_id, type, int(self.now()), id))

    def cached(self, owner: str, prompt: str, read: int, kept: float) -> Cached:
        """Return how much of a prompt of `read` tokens came from the prompt cache of `owner`, and was written to it.

        The cache keeps it for so many seconds.
        """
        return self.prompt_cache.use(owner, tokens.encode(prompt)[:read], self.now(), kept)
