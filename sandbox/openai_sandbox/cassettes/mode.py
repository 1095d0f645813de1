"""The modes of recording."""

from typing import Literal

Mode = Literal["once", "new", "none"]
"""`once` records if the file does not exist and otherwise only replays; `new` replays and records what is new; `none`
only replays."""
