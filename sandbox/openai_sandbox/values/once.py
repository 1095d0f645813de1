"""A property that is worked out when first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - a decorator
    """A property worked out when first asked for, without the lock that `cached_property` of Python 3.11 takes."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find = find

    def __get__(self, owner: Any, _: type | None = None) -> T:
        """Return the value, and leave it where Python looks first."""
        found: T = self._find(owner)
        owner.__dict__[self._find.__name__] = found
        return found
