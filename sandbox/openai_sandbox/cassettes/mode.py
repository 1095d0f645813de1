"""When something is recorded."""

from typing import Literal

Mode = Literal["once", "new", "none"]
"""`once` records into a file that is not there, and otherwise only replays; `new` replays, and records what is new;
`none` only replays."""
