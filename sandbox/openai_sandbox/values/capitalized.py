"""Finds people and places in a prompt: capitalized words, distinguished by the preposition before them."""

from typing import NamedTuple

from .expressions import AFTER_NAME, JOINED, LOWER_PLACE, NAMES, last_word
from .once import once
from .property_names import CALENDAR, LANGUAGES, OPENERS, STOP, TOWARD, WITHIN


class _Run(NamedTuple):
    """Capitalized names in a row, the word before them, and whether only commas separate them."""

    before: str
    names: tuple[str, ...]
    commas: bool


class Capitalized:
    """The capitalized names of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def after(self, *words: str) -> tuple[str, ...]:
        """Return the names that follow one of these words. `Paris, France` is one name."""
        return tuple(
            place
            for run in self._runs
            if run.before in words
            for place in ((", ".join(run.names),) if run.commas else run.names)
            if place not in LANGUAGES
        )

    @once
    def names(self) -> tuple[str, ...]:
        """All names: people, places and others."""
        return tuple(name for run in self._runs for name in run.names)

    @once
    def places(self) -> tuple[str, ...]:
        """Places: names after `in` or `at`, or else after `to` or `for`, or else any name. `Paris, France` is one
        place."""
        found = self.after(*WITHIN) or self._lower_places or self.after(*TOWARD)
        found = found or tuple(name for run in self._runs for name in run.names if name not in LANGUAGES)
        # A code such as SKU-99 is not a place.
        return tuple(name for name in found if not any(map(str.isdigit, name)))

    @once
    def people(self) -> tuple[str, ...]:
        """Names that do not follow `in` or `at`, nor `from` or `to` if there are others."""
        runs = [run for run in self._runs if run.before not in WITHIN]
        runs = [run for run in runs if run.before not in ("from", "to")] or runs
        names = [name for run in runs for name in run.names]
        return tuple(name for name in names if name not in LANGUAGES and not (name.isupper() and len(name) > 1))

    @once
    def _lower_places(self) -> tuple[str, ...]:
        words = [word for found in LOWER_PLACE.finditer(self._text) for word in found.groups() if word]
        return tuple(word.capitalize() for word in words if word not in STOP and word not in OPENERS)

    @once
    def _runs(self) -> list[_Run]:
        runs: list[_Run] = []
        last = None
        for found in NAMES.finditer(self._text):
            words = found[0].replace("'s", "").split()
            before = self._text[max(0, found.start() - 40) : found.start()].rstrip(" ")
            begins = not before or before[-1] in '.!?:\n"'
            shortened = False
            while words and (words[0].lower() in STOP or words[0].lower() in OPENERS) and (begins or words[0] == "I"):
                words.pop(0)
                shortened = True
            while words and words[0] in CALENDAR:
                words.pop(0)
            if not words or (
                begins and not shortened and len(words) == 1 and not AFTER_NAME.match(self._text, found.end())
            ):
                continue
            name = " ".join(words).strip("'-")
            gap = self._text[last : found.start()] if last is not None else ""
            last = found.end()
            if not shortened and JOINED.fullmatch(gap):
                run = runs.pop()
                runs.append(_Run(run.before, (*run.names, name), run.commas and gap == ", "))
            else:
                runs.append(_Run("" if shortened else last_word(before), (name,), commas=True))
        return runs
