"""Dates and times of day in a prompt."""

import re
from contextlib import suppress
from datetime import date

from .expressions import DATE, HALF_DAY, TIME
from .once import once
from .property_names import DATE_WORDS, MONTHS


class Dates:
    """The dates and times of a text. `words` are its words in lower case."""

    def __init__(self, text: str, words: list[str]) -> None:
        self._text = text
        self._words = words

    @once
    def written(self) -> tuple[str, ...]:
        """Dates as written."""
        return tuple(found[0] for found in self._dates)

    @once
    def full(self) -> tuple[str, ...]:
        """Dates with day, month and year, as `2027-03-01`."""
        found = []
        for match in self._dates:
            numeric, long, british = match.group(1, 2, 3), match.group(6, 4, 5), match.group(9, 8, 7)
            for year, month, day in (numeric, long, british):
                if year and month and day:
                    number = int(month) if month.isdigit() else MONTHS.index(month) + 1
                    with suppress(ValueError):  # there is no February 30
                        found.append(date(int(year), number, int(day)).isoformat())
        return tuple(found)

    @once
    def times(self) -> tuple[str, ...]:
        """Times of day as written."""
        return tuple(found[0] for found in self._times)

    @once
    def clock(self) -> tuple[str, ...]:
        """Times of day as `15:00:00`."""
        found = []
        for match in self._times:
            hour, half = int(match[1] or match[4]), (match[3] or match[5] or "").lower()
            if half and hour <= 12:
                hour = hour % 12 + (12 if half == "p" else 0)
            found.append(f"{hour:02}:{match[2] or '00'}:00")
        return tuple(found)

    @property
    def matches(self) -> list[re.Match[str]]:
        """The matches for dates and times."""
        return [*self._dates, *self._times]

    @once
    def _dates(self) -> list[re.Match[str]]:
        # Checked first, because the expression is slow and most prompts have no date.
        possible = "-" in self._text or not DATE_WORDS.isdisjoint(self._words)
        return list(DATE.finditer(self._text)) if possible else []

    @once
    def _times(self) -> list[re.Match[str]]:
        return list(TIME.finditer(self._text)) if ":" in self._text or HALF_DAY.search(self._text) else []
