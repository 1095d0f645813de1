"""Cursor pagination as the API does it: `limit`, `order` and `after` in the query, a list object as the answer."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...wire.errors import error
from .items import Item

ORDERS = ("asc", "desc")
MOST, DEFAULT = 100, 20


def list_object(items: Sequence[Item], *, has_more: bool = False) -> dict[str, Any]:
    """Return a list object of all the items."""
    return {
        "object": "list",
        "data": list(items),
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": has_more,
    }


def page(
    items: Sequence[Item],
    query: Mapping[str, str],
    *,
    most: int = MOST,
    default: int = DEFAULT,
    missing: str = "item_not_found",
    backward: bool = False,
) -> dict[str, Any]:
    """Return one page of items that are given oldest first. The newest come first unless `order=asc` is requested.

    If a list can also go `backward`, `before` names the item that the page comes before.

    Raises:
        APIError: `limit` is not a number from 1 to `most`, `order` is unknown, or `after` or `before` does not name an
            item (catalog id `missing`).
    """
    limit, order = query.get("limit", str(default)), query.get("order", "desc")
    if not re.fullmatch(r"-?\d{1,9}", limit, re.ASCII):
        raise error("invalid_type", param="limit", expected="an integer", got="a string")
    if int(limit) < 1:
        raise error("integer_below_min", param="limit", minimum=1, value=limit)
    if int(limit) > most:
        raise error("integer_above_max", param="limit", maximum=most, value=limit)
    if order not in ORDERS:
        raise error("invalid_value", param="order", value=order, supported="'asc' and 'desc'")
    rows = list(items) if order == "asc" else list(reversed(items))
    if (after := query.get("after")) is not None:
        rows = rows[_place(rows, after, missing) + 1 :]
    if backward and (before := query.get("before")) is not None:
        rows = rows[: _place(rows, before, missing)]
        if after is None:
            return list_object(rows[-int(limit) :], has_more=len(rows) > int(limit))
    return list_object(rows[: int(limit)], has_more=len(rows) > int(limit))


def _place(rows: Sequence[Item], id: str, missing: str) -> int:
    for index, item in enumerate(rows):
        if item["id"] == id:
            return index
    raise error(missing, id=id)
