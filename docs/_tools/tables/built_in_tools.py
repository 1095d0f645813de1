"""What built-in tools cost and keep: the list in docs/reference/built-in-tools.yml, with prices from genai-prices."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, DataError, checked, load_list
from ..data.generated import generates
from ..ledger import claims
from .model_prices import money, provider

DATA = "docs/reference/built-in-tools.yml"
PRICED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, config=CLOSED)
class BuiltInTool:
    """A row: types of tools, who runs them, what they cost in addition to the model's tokens, and what they keep."""

    tools: Annotated[tuple[str, ...], Field(min_length=1, description="the types of one tool or more")]
    runs: Annotated[str, Field(min_length=1, description="who runs them")]
    costs: Annotated[str, Field(min_length=1, description="what they cost")]
    claims: Annotated[tuple[str, ...], Field(min_length=1, description="at least one id of docs/claims.yml")]
    keeps: Annotated[str | None, Field(min_length=1, description="what they keep")] = None


def built_in_tools() -> list[BuiltInTool]:
    """Read the rows.

    Raises:
        DataError: a row lacks something or names a claim that does not exist.
    """
    ledger = claims.ledger(ROOT)
    found = []
    for number, row in enumerate(load_list(ROOT / DATA, DATA), 1):
        tool = checked(BuiltInTool, row, f"{DATA}: entry {number}")
        for id in tool.claims:
            if id not in ledger:
                raise DataError(f"{DATA}: entry {number}: there is no claim '{id}' in docs/claims.yml: add it there")
        found.append(tool)
    return found


def price(field: str) -> str:
    """Return what a thousand calls cost according to genai-prices, if all models with such a price agree.

    Raises:
        DataError: genai-prices lists no such price, or several.
    """
    found: set[Decimal] = set()
    for model in provider().models:
        prices = model.prices if isinstance(model.prices, list) else [model.prices]
        known = [getattr(getattr(one, "prices", one), field, None) for one in prices]
        found |= {dollars for dollars in known if dollars is not None}
    if len(found) != 1:
        raise DataError(f"{DATA}: genai-prices lists {len(found)} prices '{field}': write what the price page says")
    return money(found.pop())


@generates("docs/includes/generated/built-in-tools.md")
def render() -> str:
    """Return the list."""
    lines = []
    for tool in built_in_tools():
        costs = PRICED.sub(lambda match: price(match[1]), tool.costs)
        names = ", ".join(f"`{name}`" for name in tool.tools)
        kept = f" Kept: {tool.keeps}." if tool.keeps else ""
        lines.append(f"- **{names}**, run by {tool.runs}: {costs}.{kept}[^{'+'.join(tool.claims)}]")
    return "\n".join([*lines, ""])
