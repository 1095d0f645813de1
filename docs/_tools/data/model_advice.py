"""Which models OpenAI's models page recommends for what, with standard prices and date: model_advice.json.

The page is not in any package. When you read it again, update the file, its date, and the claims from the same page:
tests compare them.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from .as_of import ROOT
from .files import CLOSED, checked, load

FILE = Path(__file__).with_name("model_advice.json")


@dataclass(frozen=True, slots=True, config=CLOSED)
class Named:
    """A model, what the page recommends it for, and prices in dollars per million tokens."""

    id: str
    use: str
    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True, config=CLOSED)
class Advice:
    """What the page said on the day it was read, cheapest model first. `unsure` is its choice for those not sure."""

    read: date
    source: str
    url: str
    unsure: str
    models: tuple[Named, ...]


@cache
def advice() -> Advice:
    """Return the committed file."""
    file = FILE.relative_to(ROOT).as_posix()
    return checked(Advice, load(FILE, file), file)
