"""Creates the webhook, if there is one. The module that sends its requests is only loaded then."""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ..faults import Plan

if TYPE_CHECKING:
    from .webhooks import Webhook


def webhook_of(url: str | None, hosts: Iterable[str], faults: Plan, upstream: str | None = None) -> "Webhook | None":
    """Return the webhook of that URL, if there is one.

    Raises:
        ValueError: it is not a URL on this machine or the named hosts, nothing could be sent to it, or it is missing.
    """
    if url is None:
        if faults.deliveries:
            name = faults.deliveries[0].kind.name
            raise ValueError(f"{name} needs a webhook: --webhook URL, or webhook='URL'")
        return None
    if upstream:
        raise ValueError("webhook and upstream exclude each other: the sandbox cannot tell what ends there")
    if not find_spec("httpx2"):
        raise ValueError("webhook needs a package that sends requests: pip install httpx2")
    from .webhooks import Webhook

    return Webhook(url, hosts)
