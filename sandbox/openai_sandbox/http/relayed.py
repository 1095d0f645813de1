"""The client of a request that another server answers."""

import asyncio
from collections.abc import Iterable

from .writer import Writer


class Relayed:
    """The client of a request that another server answers: the answer is passed on as it arrives.

    Args:
        transport: where the answer goes.
        writer: how the answer is written.
        room: set while the client takes more.
    """

    def __init__(self, transport: asyncio.Transport, writer: Writer, room: asyncio.Event) -> None:
        self._transport = transport
        self._writer = writer
        self._room = room

    def start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Send status line and headers."""
        listed = list(headers)
        sized = any(name == "content-length" for name, _ in listed)
        self._transport.write(self._writer.head(status, listed, sized=sized))

    async def send(self, piece: bytes) -> None:
        """Send a piece of the body once the client has taken enough of the earlier ones."""
        await self._room.wait()
        self._transport.write(self._writer.frame(piece))

    def finish(self) -> None:
        """End the body."""
        self._transport.write(self._writer.end())

    def close(self) -> None:
        """End the connection after what was sent."""
        self._transport.close()
