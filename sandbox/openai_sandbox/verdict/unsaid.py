"""A marker for something that the verdict was not told."""

from typing import Any

UNSAID: Any = object()
