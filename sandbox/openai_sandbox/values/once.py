"""A property that is computed on first use."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - a decorator
    """A property computed on first use, without the lock that `cached_property` takes in Python 3.11."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find = find

    def __get__(self, owner: Any, _: type | None = None) -> T:
        """Return the value, and store it where Python looks first."""
        found: T = self._find(owner)
        owner.__dict__[self._find.__name__] = found
        return found
