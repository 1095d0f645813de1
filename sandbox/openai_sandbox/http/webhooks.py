"""Tells a URL that a background response or a batch has ended, by a request that is signed as the API signs it.

While a webhook is told, both go on by themselves, a step each `INTERVAL`, instead of with each look. What does not
answer 2xx is told again, later and later.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
import time
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy

import httpx2

from ..api.shared.webhook_events import WebhookEvent
from ..core import Core
from ..faults import Plan
from ..wire.masking import mask_keys
from .address import WEBHOOK_SECRET, is_loopback_host
from .threads import in_thread

INTERVAL = 0.2
"""Seconds from one step to the next of what a webhook waits for."""

DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Seconds before each further attempt. The API goes on for 72 hours."""

PATIENCE = 10.0
"""Seconds that a receiver has to answer."""

AGE = 600
"""How old, in seconds, the signature of a `webhook_replayed` is."""

MOST_EVENTS = 10_000
MOST_DELIVERIES = 1_000
MOST_UNDER_WAY = 1_000
"""How many events are sent or wait for their next attempt. Of further ones, the newest `MOST_EVENTS` are kept."""

MOST_AT_ONCE = 8
MOST_MOVES = 16
"""How many threads move on what is in the background: a batch may wait for an MCP server, and others do not."""

USER_AGENT = "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that was sent once.

    Args:
        event: what was told.
        attempt: the how manieth time, from 1.
        status: what the receiver answered, 0 if it did not.
        fault: what was wrong with it on purpose.
    """

    event: WebhookEvent
    attempt: int
    status: int
    fault: str | None = None


class Webhook:
    """A URL that is told.

    Args:
        url: where it is told.
        hosts: names of other machines that the URL may name.

    Attributes:
        deliveries: the last ones, oldest first.

    Raises:
        ValueError: it is no URL, or one of another machine that was not named.
    """

    def __init__(self, url: str, hosts: Iterable[str] = ()) -> None:
        try:
            parts = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError):
            parts = httpx2.URL()
        if parts.scheme not in ("http", "https") or not parts.host:
            raise ValueError(f"webhook: '{mask_keys(url)}' is no URL, such as http://127.0.0.1:8000/webhook")
        if not is_loopback_host(parts.host) and parts.host not in {host.lower() for host in hosts}:
            raise ValueError(
                f"webhook: {parts.host} is another machine: to let it be told, use --webhook-host {parts.host}, or "
                f"webhook_hosts=['{parts.host}']"
            )
        self.url = url
        self.deliveries: deque[Delivery] = deque(maxlen=MOST_DELIVERIES)
        self._local = is_loopback_host(parts.host)
        self._events: deque[WebhookEvent] = deque(maxlen=MOST_EVENTS)
        self._faults = Plan()
        self._log: Callable[[Delivery], None] | None = None
        self._under_way = 0

    def tell(self, event: WebhookEvent) -> None:
        """Take an event, to be sent with the next step. May be called in any thread."""
        self._events.append(event)

    async def run(self, core: Core, log: Callable[[Delivery], None] | None = None) -> None:
        """Move on what a core has in the background, and send what ends, until canceled. `log` hears of deliveries."""
        self._faults, self._log = core.faults, log
        at_once = asyncio.Semaphore(MOST_AT_ONCE)
        moves: set[asyncio.Task[None]] = set()
        # A proxy that the environment names cannot reach this machine's own ports.
        async with (
            httpx2.AsyncClient(trust_env=not self._local, follow_redirects=False, timeout=PATIENCE) as client,
            asyncio.TaskGroup() as tasks,
        ):
            # A receiver is no browser: what it wants remembered is not.
            client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
            while True:
                if len(moves) < MOST_MOVES:
                    move = tasks.create_task(_unfailing(in_thread(core.advance)))
                    moves.add(move)
                    move.add_done_callback(moves.discard)
                    await asyncio.wait([move], timeout=INTERVAL)
                while self._events and self._under_way < MOST_UNDER_WAY:
                    self._under_way += 1
                    sent = tasks.create_task(_unfailing(self._send(client, at_once, self._events.popleft())))
                    sent.add_done_callback(self._ended)
                await asyncio.sleep(INTERVAL)

    def _ended(self, _: object) -> None:
        self._under_way -= 1

    async def _send(self, client: httpx2.AsyncClient, at_once: asyncio.Semaphore, event: WebhookEvent) -> None:
        """Send an event until it is taken, or often enough."""
        fault = self._faults.next_delivery()
        name = fault.kind.name if fault else None
        now = int(time.time())
        async with at_once:
            if name == "webhook_forged":
                await self._attempt(client, event, 1, signed(event, now, secret=b"not the secret"), name)
            elif name == "webhook_replayed":
                await self._attempt(client, event, 1, signed(event, now - AGE), name)
        for attempt, delay in enumerate((*DELAYS, None), 1):
            async with at_once:
                taken = await self._attempt(client, event, attempt, signed(event, int(time.time())))
                if taken and name == "webhook_duplicate":
                    await self._attempt(client, event, attempt, signed(event, int(time.time())), name)
            if taken and not (name == "webhook_retry" and attempt == 1):
                return
            if delay is not None:
                await asyncio.sleep(delay)

    async def _attempt(
        self,
        client: httpx2.AsyncClient,
        event: WebhookEvent,
        attempt: int,
        headers: dict[str, str],
        fault: str | None = None,
    ) -> bool:
        """Send an event once. Returns whether it was taken."""
        try:
            # The client's own limit is one for each piece that comes.
            async with (
                asyncio.timeout(PATIENCE),
                client.stream("POST", self.url, content=event.body(), headers=headers) as response,
            ):
                status = response.status_code
        except Exception as problem:
            status = 0
            logger.info("the webhook did not answer: %s", mask_keys(str(problem)))
        delivery = Delivery(event, attempt, status, fault)
        self.deliveries.append(delivery)
        if self._log:
            self._log(delivery)
        return 200 <= status < 300


async def _unfailing(work: Awaitable[None]) -> None:
    """Wait for work, and log what goes wrong: what else there is to do goes on."""
    try:
        await work
    except Exception:
        logger.error("the sandbox failed to tell a webhook\n%s", mask_keys(traceback.format_exc()))


def signed(event: WebhookEvent, at: int, secret: bytes | None = None) -> dict[str, str]:
    """Return the headers of an event that is sent at that Unix second, by Standard Webhooks."""
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_")) if secret is None else secret
    told = b"%s.%d.%s" % (event.webhook_id.encode(), at, event.body())
    signature = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "webhook-id": event.webhook_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
        "x-sandbox": "1",
    }
