"""What endpoints work with: the clock, ids, chance, and what is kept between requests."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from ...model import tokens
from ...model.draws import Draws
from ...model.prompt_cache import Cached, PromptCache
from ...wire.ids import Ids
from .mcp_servers import McpServers
from .prepared import Recipes
from .store import Store
from .webhook_events import WebhookEvent

MOST_PROMPTS = 10_000
"""For how many prompts it is remembered how often they were asked."""


class Chance:
    """Gives each request random numbers of its own.

    Args:
        seed: what all of them depend on.
    """

    def __init__(self, seed: int) -> None:
        self._seed = b"%d:" % seed
        self._asked: dict[bytes, int] = {}
        self._draws = Draws()

    def draws(self, prompt: str, seed: int | None = None) -> Draws:
        """Return random numbers for one request, until the next one asks. No other request draws from them.

        With a `seed` of the request they are the same every time. Without, they depend on how often the prompt was
        asked, but not on what else was: concurrent requests in any order get the same answers.
        """
        asked = prompt.encode("utf-8", "surrogatepass")
        if seed is not None:
            self._draws.restart(b"%d:%b" % (seed, asked))
            return self._draws
        digest = hashlib.blake2b(asked, digest_size=8).digest()
        turn = self._asked[digest] = self._asked.pop(digest, 0) + 1
        if len(self._asked) > MOST_PROMPTS:
            del self._asked[next(iter(self._asked))]
        self._draws.restart(b"%b%d:%b" % (self._seed, turn, digest))
        return self._draws


@dataclass(frozen=True, slots=True)
class State:
    """What an endpoint may use and change.

    Args:
        now: the clock: Unix seconds.
        ids: makes ids.
        chance: makes random numbers.
        store: what the API keeps.
        prompt_cache: the beginnings of prompts that were read lately.
        today: the day that decides which models have been shut down.
        mcp: reaches MCP servers, if anything does.
        on_event: hears of what a webhook is told, if one is.
        recipes: answers that are prepared.
    """

    now: Callable[[], float]
    ids: Ids
    chance: Chance
    store: Store
    prompt_cache: PromptCache
    today: date
    mcp: McpServers | None = None
    on_event: Callable[[WebhookEvent], None] | None = None
    recipes: Recipes = field(default_factory=Recipes)

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
