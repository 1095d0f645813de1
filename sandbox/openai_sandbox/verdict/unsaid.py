"""What stands for something that nobody has told the verdict."""

from typing import Any

UNSAID: Any = object()
