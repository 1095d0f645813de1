"""What endpoints work with: the clock, ids, chance, and what is kept between requests."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from ...model import tokens
from ...model.draws import Draws
from ...model.prompt_cache import Breakpoint, Cached, PromptCache
from ...wire.ids import Ids
from .mcp_servers import McpServers
from .prepared import Recipes
from .store import Store
from .webhook_events import WebhookEvent

MOST_PROMPTS = 10_000
"""For how many prompts the number of requests is remembered."""


class Chance:
    """Gives each request its own random numbers.

    Args:
        seed: the seed of all of them.
    """

    def __init__(self, seed: int) -> None:
        self._seed = b"%d:" % seed
        self._asked: dict[bytes, int] = {}
        self._draws = Draws()

    def draws(self, prompt: str, seed: int | None = None) -> Draws:
        """Return random numbers for one request, valid until the next request asks. No other request draws from them.

        With a `seed` in the request, they are the same every time. Without one, they depend on how often this prompt
        was asked, but not on other prompts: concurrent requests get the same answers in any order.
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
        store: what the API stores.
        prompt_cache: the beginnings of recently read prompts.
        today: the date that decides which models have been shut down.
        mcp: reaches MCP servers, if anything does.
        on_event: called with the events for a webhook, if there is one.
        recipes: prepared answers.
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
        """Tell the webhook, if there is one, that something has ended."""
        if self.on_event:
            event_id, webhook_id = self.ids.hex("evt", 32), self.ids.hex("wh", 32)
            self.on_event(WebhookEvent(event_id, webhook_id, type, int(self.now()), id))

    def cached(self, owner: str, prompt: str, read: int, kept: float) -> Cached:
        """Return how much of a prompt of `read` tokens came from the prompt cache of `owner`, and was written to it.

        The cache keeps it for `kept` seconds.
        """
        return self.prompt_cache.use(owner, tokens.encode(prompt)[:read], self.now(), kept)

    def cached_at(self, owner: str, prompt: str, breakpoints: Sequence[Breakpoint]) -> Cached:
        """Return how much of a prompt came from the prompt cache of `owner`, and was written to it, at breakpoints."""
        return self.prompt_cache.at_breakpoints(owner, prompt, breakpoints, tokens.count, self.now())
