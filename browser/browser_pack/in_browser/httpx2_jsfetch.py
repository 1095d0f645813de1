"""What httpx2 imports as its transports in a browser: requests go to the sandbox, in this process.

httpx2 is half imported when it imports this, so the rest is imported when the first transport is made.
"""

from typing import Any

from httpx2._models import Request, Response
from httpx2._transports.base import AsyncBaseTransport, BaseTransport

__all__ = ["AsyncJavascriptFetchTransport", "JavascriptFetchTransport"]


class JavascriptFetchTransport(BaseTransport):
    """Answers requests to the sandbox's address, and refuses others as a machine without a network does.

    Args:
        options: those of `httpx2.HTTPTransport`. Only `proxy` and `verify` matter here.
    """

    def __init__(self, **options: Any) -> None:
        from browser_runtime.network import Connection

        self._connection = Connection(options.get("verify", True), options.get("proxy"))

    def handle_request(self, request: Request) -> Response:
        """Answer one request."""
        return self._connection.answer(request)


class AsyncJavascriptFetchTransport(AsyncBaseTransport):
    """The same, for asynchronous clients."""

    def __init__(self, **options: Any) -> None:
        from browser_runtime.network import Connection

        self._connection = Connection(options.get("verify", True), options.get("proxy"))

    async def handle_async_request(self, request: Request) -> Response:
        """Answer one request."""
        return await self._connection.answer_async(request)
