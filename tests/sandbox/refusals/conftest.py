"""The sandbox that the tests of a module share."""

import pytest

from .asker import Asker


@pytest.fixture(scope="module")
def asker() -> Asker:
    """A sandbox in process. What it refuses changes nothing, so that a module's tests may share it."""
    return Asker()
