"""Sends a URL a request, signed as the API signs it, when a background response or a batch has ended.

While there is a webhook, both advance on their own, one step every `INTERVAL`, instead of whenever they are retrieved.
If the receiver does not answer 2xx, the event is sent again after longer and longer waits.
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
"""Seconds between two steps of the work that a webhook waits for."""

DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Seconds before each further attempt. The API keeps trying for 72 hours."""

PATIENCE = 10.0
"""Seconds that a receiver has to answer."""

AGE = 600
"""The age of the signature in a `webhook_replayed`, in seconds."""

MOST_EVENTS = 10_000
MOST_DELIVERIES = 1_000
MOST_UNDER_WAY = 1_000
"""How many events are being sent or wait for their next attempt. Beyond that, the newest `MOST_EVENTS` are kept."""

MOST_AT_ONCE = 8
MOST_MOVES = 16
"""How many threads advance background work: one batch may wait for an MCP server while others go on."""

USER_AGENT = "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to send an event.

    Args:
        event: what was sent.
        attempt: the number of the attempt, from 1.
        status: the status that the receiver answered, or 0 if it did not answer.
        fault: what was deliberately wrong with it.
    """

    event: WebhookEvent
    attempt: int
    status: int
    fault: str | None = None


class Webhook:
    """A URL that gets events.

    Args:
        url: where events are sent.
        hosts: names of other machines that the URL may point at.

    Attributes:
        deliveries: the most recent ones, oldest first.

    Raises:
        ValueError: it is not a URL, or it is on another machine that was not named.
    """

    def __init__(self, url: str, hosts: Iterable[str] = ()) -> None:
        try:
            parts = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError):
            parts = httpx2.URL()
        if parts.scheme not in ("http", "https") or not parts.host:
            raise ValueError(f"webhook: '{mask_keys(url)}' is not a URL such as http://127.0.0.1:8000/webhook")
        if not is_loopback_host(parts.host) and parts.host not in {host.lower() for host in hosts}:
            raise ValueError(
                f"webhook: {parts.host} is another machine: to allow it, use --webhook-host {parts.host}, or "
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
        """Take an event to be sent with the next step. May be called in any thread."""
        self._events.append(event)

    async def run(self, core: Core, log: Callable[[Delivery], None] | None = None) -> None:
        """Advance a core's background work and send events when it ends, until canceled. `log` gets the deliveries."""
        self._faults, self._log = core.faults, log
        at_once = asyncio.Semaphore(MOST_AT_ONCE)
        moves: set[asyncio.Task[None]] = set()
        # A proxy from the environment cannot reach this machine's own ports.
        async with (
            httpx2.AsyncClient(trust_env=not self._local, follow_redirects=False, timeout=PATIENCE) as client,
            asyncio.TaskGroup() as tasks,
        ):
            # Cookies from a receiver are not kept, because the API is not a browser.
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
        """Send an event until it is accepted or the attempts are used up."""
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
        """Send an event once. Returns whether it was accepted."""
        try:
            # The client's own limit applies to each piece that arrives.
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
    """Wait for work and log errors, so that other work goes on."""
    try:
        await work
    except Exception:
        logger.error("the sandbox failed to tell a webhook\n%s", mask_keys(traceback.format_exc()))


def signed(event: WebhookEvent, at: int, secret: bytes | None = None) -> dict[str, str]:
    """Return the headers, by Standard Webhooks, of an event sent at that Unix time in seconds."""
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
