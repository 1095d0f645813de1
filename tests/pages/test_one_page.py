"""With --page, what one page shows is checked, and the rules for all pages are."""

import subprocess

import pytest

from docs._tools.data.as_of import ROOT
from tests import forked_python


def collected(page: str) -> subprocess.CompletedProcess[str]:
    return forked_python.run("pytest", "tests/pages", "--page", page, "--collect-only", "-q", cwd=ROOT)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("docs/guides/test-your-app.md", ("[guides/test_your_app/", "[docs/guides/test-your-app.md:")),
        ("docs/errors/money.md", ("[errors/money/", "[docs/errors/money.md:", "test_error_pairs.py")),
    ],
)
def test_only_what_the_page_shows_is_run(page: str, shown: tuple[str, ...]) -> None:
    done = collected(page)
    assert done.returncode == 0, done.stdout + done.stderr
    tests = [line for line in done.stdout.splitlines() if "::" in line]
    rules = [test for test in tests if test.startswith("tests/pages/test_pages.py::")]
    assert len(rules) >= 4
    for part in shown:
        assert any(part in test for test in tests), part
    assert not [test for test in tests if test not in rules and not any(part in test for part in shown)]


def test_a_page_that_does_not_exist_is_refused() -> None:
    done = collected("docs/guides/nothing-like-it.md")
    assert done.returncode == 4
    assert "--page: docs/guides/nothing-like-it.md is no page" in done.stderr
