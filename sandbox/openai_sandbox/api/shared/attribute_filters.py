"""Filters on the attributes of files in vector stores: comparisons and combinations of them."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any

from ...values.budget import spend

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}

OPTIONS_A_STEP = 25
"""How many options of `in` are compared per step of the budget."""


def fits(attributes: Mapping[str, Any], filters: Mapping[str, Any] | None) -> bool:
    """Tell whether the attributes of a file match a filter. A missing attribute equals nothing."""
    if filters is None:
        return True
    spend()
    kind = str(filters["type"])
    if kind in ("and", "or"):
        fitting = [fits(attributes, inner) for inner in filters["filters"]]
        return all(fitting) if kind == "and" else any(fitting)
    wanted, had = filters["value"], attributes.get(filters["key"])
    if kind in ("eq", "ne"):
        return _equal(had, wanted) is (kind == "eq")
    if kind in ("in", "nin"):
        options = wanted if isinstance(wanted, list) else [wanted]
        spend(len(options) / OPTIONS_A_STEP)
        return any(_equal(had, option) for option in options) is (kind == "in")
    if not (isinstance(had, str) and isinstance(wanted, str)) and not (_is_number(had) and _is_number(wanted)):
        return False
    return bool(ORDERS[kind](had, wanted))


def _equal(one: Any, other: Any) -> bool:
    """Tell whether two attribute values are the same. True is not equal to 1."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
