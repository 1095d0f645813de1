"""When models shut down, from both sources that have dates: the SDK's docstrings and litellm's price file.

genai-prices only flags a model as deprecated, without a day; a test makes sure that each model it flags has a day here.
Where the sources disagree, the earliest day counts, because a program that has moved on by then is safe either way. The
tables name the other days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from . import models, price_sources


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The announced shutdown of a model: the day in each source, by the name of the source."""

    said: Mapping[str, date]

    @property
    def day(self) -> date:
        """The earliest day that a source names."""
        return min(self.said.values())

    @property
    def others(self) -> dict[str, date]:
        """The sources that name a later day, with that day."""
        return {source: day for source, day in self.said.items() if day != self.day}


@cache
def shutdowns() -> dict[str, Shutdown]:
    """Return the announced shutdown of each model that has one in a source."""
    found: dict[str, dict[str, date]] = {}
    for source, days in (("the SDK", models.shutdown_dates()), ("litellm", price_sources.shutdowns())):
        for id, day in days.items():
            found.setdefault(id, {})[source] = date.fromisoformat(day)
    return {id: Shutdown(said) for id, said in found.items()}
