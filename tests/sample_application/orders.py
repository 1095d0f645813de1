"""A plugin for pytest: runs tests in another order, or with a small model that hears of no script.

`TEST_ORDER=SEED` shuffles, `NO_SCRIPTS=1` takes the scripts away.
"""

import os
import random

import pytest

from openai_sandbox.scripts import Script


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle, the same in every worker."""
    if seed := os.environ.get("TEST_ORDER"):
        random.Random(int(seed)).shuffle(items)


def pytest_configure() -> None:
    """Make every script say nothing."""
    if os.environ.get("NO_SCRIPTS"):
        Script.decide = lambda *_: None  # type: ignore[method-assign]
