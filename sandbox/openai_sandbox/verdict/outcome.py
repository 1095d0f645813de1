"""What a program or function did with its answers, and whether anybody could notice that one was incomplete.

The rules favor the program: anything that can be read as mentioning the problem counts as mentioning it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, Literal

from .unsaid import UNSAID

Reaction = Literal["noticed", "returned", "printed", "unknown"]
"""It noticed; it returned or printed the partial answer as if it were complete; or it cannot be told."""

REMARK = re.compile(
    r"abort|again|broke|cancel|could ?n.t|could not|cut\b|cut[ -]?off|did ?n.t|did not|disconnect|early|error|except|"
    r"exhaust|fail|false|filter|finish_?reason|gave up|giv(?:e|ing) up|half|incomplete|interrupt|invalid|limit|lost|"
    r"missing|no answer|not (?:\w+ )?(?:all|whole|complete|completed|finish|finished)\b|partial|problem|refus|retr[iy]|"
    r"sorry|status|stop|too long|trouble|truncate|truncation|unable|unavailable|unexpected|unfinished|warn|"
    r"\blength\b(?!\W{1,3}\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program or a function ended.

    Attributes:
        returned: what the function returned.
        usual: what the function returns when nothing goes wrong.
        raised: whether it raised.
        exit_code: the exit code of a program that has ended.
        printed: what was printed and logged.
        interrupted: whether the program was ended from outside.
        within: how many seconds it may take.
        late: whether it took longer.
    """

    returned: Any = UNSAID
    usual: Any = UNSAID
    raised: bool = False
    exit_code: int | None = None
    printed: str = ""
    interrupted: bool = False
    within: float | None = None
    late: bool = False

    def reaction(self, text: str, prompt: str = "") -> Reaction:
        """Tell how the program reacted to an answer that broke off after this text."""
        if self.raised or self.exit_code or _remarks(self.printed, text, prompt):
            return "noticed"
        if self.interrupted or self.late:
            return "unknown"
        if self.exit_code == 0:
            return "printed" if self.printed.strip() else "unknown"
        if self.returned is UNSAID:
            return "unknown"
        if self.returned is None:
            if self.usual is None:
                return "printed" if self.printed.strip() else "unknown"
            return "unknown" if self.usual is UNSAID else "noticed"
        if isinstance(self.returned, str):
            if self.returned.strip() == text.strip():
                return "returned"
            return "noticed" if _remarks(self.returned, text, prompt) else "unknown"
        if self.usual is UNSAID:
            return "unknown"
        found: list[str] = []
        return "returned" if _alike(self.returned, self.usual, text.strip(), found) and found else "unknown"


def _remarks(said: str, *known: str) -> bool:
    """Tell whether what was said, apart from some known texts, may be about the problem."""
    for part in (*known, *(line for text in known for line in text.splitlines())):
        said = said.replace(part.strip(), " ") if part.strip() else said
    return bool(REMARK.search(said))


def _alike(value: Any, usual: Any, text: str, found: list[str]) -> bool:
    """Tell whether a value says no more about the problem than a usual one. Adds to `found` where it has the text."""
    value, usual = (asdict(one) if is_dataclass(one) and not isinstance(one, type) else one for one in (value, usual))
    if isinstance(value, str):
        if value.strip() == text and text and isinstance(usual, str):
            found.append(value)
            return True
        return bool(value == usual)
    if type(value) is not type(usual):
        return False
    if isinstance(value, Mapping):
        return value.keys() == usual.keys() and all(_alike(value[key], usual[key], text, found) for key in value)
    if isinstance(value, Sequence):
        return len(value) == len(usual) and all(
            _alike(one, other, text, found) for one, other in zip(value, usual, strict=True)
        )
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value == usual or (value > 1 and usual > 1)  # such as token counts; 0 and 1 may be a flag
    return value is None or (isinstance(value, bool) and value == usual)
