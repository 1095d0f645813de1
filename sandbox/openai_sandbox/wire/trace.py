"""When a request came, by which connection, and what became of its reply. Seconds are those of `time.perf_counter`."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

Delivery = Literal["open", "sent", "broken", "left", "stopped"]
"""What became of a reply: it is still under way; it was sent to its end; a fault broke it off; the client left before
its end; the server stopped before."""


@dataclass(slots=True, eq=False)
class Link:
    """A client's connection: its number, counted from 1, when it was opened and, once it is, when it was closed.

    A client that sends no more has closed it.
    """

    number: int
    opened: float = field(default_factory=perf_counter)
    closed: float | None = None

    def close(self) -> None:
        """Say that it is closed. What was said first counts."""
        self.closed = self.closed or perf_counter()


@dataclass(slots=True, eq=False)
class Trace:
    """A request's times and connection. In process there is no connection, and nobody tells what became of the reply.

    Attributes:
        link: the connection.
        arrived: when the request had arrived.
        begun: when the client could have the beginning of its reply at the earliest. None if there was no reply.
        ended: when the last of the reply was sent, or the connection was lost before.
        delivery: what became of the reply.
    """

    link: Link | None = None
    arrived: float = field(default_factory=perf_counter)
    begun: float | None = None
    ended: float | None = None
    delivery: Delivery = "open"

    def end(self, delivery: Delivery) -> None:
        """Say what became of the reply. What was said first counts."""
        if self.delivery == "open":
            self.delivery, self.ended = delivery, perf_counter()
