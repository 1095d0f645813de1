"""When a request came, on which connection, and what happened to its reply. Times are those of `time.perf_counter`."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal

Delivery = Literal["open", "sent", "broken", "left", "stopped"]
"""What happened to a reply: it is still being sent; it was sent to its end; a fault broke it off; the client left
before its end; the server stopped before its end."""


@dataclass(slots=True, eq=False)
class Link:
    """A client's connection: its number, counted from 1, when it was opened, and when it was closed, if it was.

    A client that has stopped sending counts as having closed it.
    """

    number: int
    opened: float = field(default_factory=perf_counter)
    closed: float | None = None

    def close(self) -> None:
        """Note that it is closed. The first call counts."""
        self.closed = self.closed or perf_counter()


@dataclass(slots=True, eq=False)
class Trace:
    """A request's times and connection. In process there is no connection, and the fate of the reply is not known.

    Attributes:
        link: the connection.
        arrived: when the request had arrived.
        begun: the earliest time at which the client could have the beginning of its reply. None if there was no reply.
        ended: when the end of the reply was sent, or the connection was lost before that.
        delivery: what happened to the reply.
    """

    link: Link | None = None
    arrived: float = field(default_factory=perf_counter)
    begun: float | None = None
    ended: float | None = None
    delivery: Delivery = "open"

    def end(self, delivery: Delivery) -> None:
        """Note what happened to the reply. The first call counts."""
        if self.delivery == "open":
            self.delivery, self.ended = delivery, perf_counter()
