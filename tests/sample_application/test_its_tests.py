"""The tests of the sample application can fail, and do not depend on their order."""

import os
import re

from docs._tools.data.as_of import ROOT
from tests import forked_python
from tests.benchmarks.scripted_suite import PLUGIN, SUITE


def run(**environment: str) -> tuple[str, int]:
    """Run the suite. Returns what it prints, and its exit code."""
    options = ["-q", "-n", "0", "--tb=no", "-p", PLUGIN, "-p", "no:cacheprovider"]
    done = forked_python.run("pytest", *options, SUITE, cwd=ROOT, env=os.environ | environment)
    return done.stdout, done.returncode


def test_every_test_fails_without_its_script() -> None:
    said, _ = run(NO_SCRIPTS="1")
    assert re.search(r"^(\d{3}) failed in", said, re.MULTILINE), said[-3000:]
    assert "passed" not in said.splitlines()[-1]


def test_every_test_passes_in_another_order() -> None:
    said, code = run(TEST_ORDER="4")
    assert code == 0, said[-3000:]
    assert int(re.findall(r"(\d+) passed", said)[0]) >= 200
