"""How long a client may keep its connection waiting, in seconds, by what the connection is waiting for.

There is no limit here on what the client itself waits for, such as a delayed reply: that ends when the client leaves.
"""

from typing import Literal

Waiting = Literal["idle", "head", "body", "room"]
"""What a connection waits for: a request, the rest of its head, the rest of its body, or the client to take what was
sent."""

LIMITS: dict[Waiting, float] = {"idle": 75.0, "head": 30.0, "body": 300.0, "room": 300.0}

LINGERING = 5.0
"""How long a finished connection is still read from, so that the last reply is not lost because of unread data."""

INTERVAL = 5.0
"""How often connections are checked."""
