"""How long a client may keep its connection waiting, in seconds, by what it is waited for.

What the client itself waits for, a reply that is delayed, say, has no limit here: it ends when the client goes away.
"""

from typing import Literal

Waiting = Literal["idle", "head", "body", "room"]
"""What is waited for: a request, the rest of its head, the rest of its body, or that the client takes what was sent."""

LIMITS: dict[Waiting, float] = {"idle": 75.0, "head": 30.0, "body": 300.0, "room": 300.0}

LINGERING = 5.0
"""How long a connection that is over is read from, so that what was sent last is not lost with what nobody reads."""

INTERVAL = 5.0
"""How often connections are looked at."""
