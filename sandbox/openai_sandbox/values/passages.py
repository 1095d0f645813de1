"""Finds passages in a prompt by their form: quotations, addresses, arithmetic, what is to be said or searched for."""

import re

from .expressions import EMAIL, EXPRESSION, QUOTATION_MARKS, QUOTED, SAYING, SOUGHT, THING, URL
from .once import once

# How many characters at the end of a prompt are searched for what is to be said or searched for.
SENTENCE = 500


class Passages:
    """The passages of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @once
    def emails(self) -> tuple[str, ...]:
        """Email addresses."""
        return tuple(EMAIL.findall(self._text)) if "@" in self._text else ()

    @once
    def urls(self) -> tuple[str, ...]:
        """Web addresses."""
        return tuple(URL.findall(self._text)) if "://" in self._text else ()

    @once
    def quoted(self) -> tuple[str, ...]:
        """What is in quotation marks."""
        if QUOTATION_MARKS.isdisjoint(self._text):
            return ()
        return tuple(next(group for group in found.groups() if group) for found in QUOTED.finditer(self._text))

    @once
    def after_colon(self) -> tuple[str, ...]:
        """What follows the first colon, up to the end of its sentence."""
        rest = self._text.partition(": ")[2].partition("\n")[0].rstrip(".!? ")
        return (rest,) if rest else ()

    @once
    def texts(self) -> tuple[str, ...]:
        """What is to be said, written or translated."""
        said = SAYING.search(self._text[-SENTENCE:])
        rest = self._text.partition(": ")[2]
        return self.quoted or ((said[1],) if said else ()) or ((rest,) if rest else ())

    @once
    def queries(self) -> tuple[str, ...]:
        """What is to be searched for: a quotation, what follows `for` or `about`, or else the prompt itself."""
        sought = SOUGHT.search(self._text[-SENTENCE:])
        return self.quoted[:1] or ((sought[1],) if sought else ()) or (self._text[:200],)

    @once
    def things(self) -> tuple[str, ...]:
        """What follows `a` or `an`, except words for messages."""
        return tuple(thing for thing in THING.findall(self._text) if thing not in ("email", "message", "text"))

    @once
    def expressions(self) -> tuple[str, ...]:
        """Arithmetic and equations."""
        found = [match[0].rstrip("= ") for match in EXPRESSION.finditer(self._text)]
        return tuple(text for text in found if re.search(r"\d", text) and re.search(r"[-+*/^=\u00d7\u00f7%]", text[1:]))
