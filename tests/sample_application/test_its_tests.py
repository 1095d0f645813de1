"""The tests of the sample application can fail, and do not depend on their order."""

import re

from tests.benchmarks.scripted_suite import run


def test_every_test_fails_without_its_script() -> None:
    _, said, _ = run(NO_SCRIPTS="1", PYTEST_ADDOPTS="--tb=no")
    assert re.search(r"^(\d{3}) failed in", said, re.MULTILINE), said[-3000:]
    assert "passed" not in said.splitlines()[-1]


def test_every_test_passes_in_another_order() -> None:
    _, said, code = run(TEST_ORDER="4", PYTEST_ADDOPTS="--tb=no")
    assert code == 0, said[-3000:]
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 200
