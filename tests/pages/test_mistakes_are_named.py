"""Mistakes, each made alone in a copy of the project: the tests fail and name the place."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from tests import forked_python

COPIED = ("docs", "snippets", "sandbox", "tests", "pyproject.toml", "README.md", "mkdocs.yml")
UNNEEDED = shutil.ignore_patterns("__pycache__", "test_mistakes_are_named.py", "site", "benchmarks", ".*")

PAGES = "tests/pages/test_pages.py::test_pages_and_snippets_belong_together"
NAVIGATION = "tests/pages/test_pages.py::test_pages_and_navigation_belong_together"
FACTS = "tests/pages/test_pages.py::test_pages_state_no_fact_without_a_citation"
LEDGER = "tests/proofs/test_ledger.py::test_the_ledger_the_pages_and_the_proofs_agree"
PRINTS = "tests/pages/test_snippets.py::test_snippet_prints_what_the_page_shows[{}]"

Change = Callable[[Path], object]


def replace(path: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        file = root / path
        text = file.read_text("utf-8")
        assert old in text, f"{path} no longer contains {old!r}"
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change


def append(path: str, text: str) -> Change:
    def change(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


# What is changed, which tests are run, and what they say.
MISTAKES: dict[str, tuple[Change, str, str]] = {
    "a changed printed value": (
        replace("snippets/lessons/first_call/missing_key.py", "#> OpenAIError", "#> APIError"),
        PRINTS.format("lessons/first_call/missing_key.py"),
        "snippets/lessons/first_call/missing_key.py: prints something else",
    ),
    "a wrong line in a snippet": (
        replace("snippets/lessons/first_call/ask.py", "client.responses.create", "client.response.create"),
        PRINTS.format("lessons/first_call/ask.py"),
        "snippets/lessons/first_call/ask.py:9: AttributeError: 'OpenAI' object has no attribute 'response'",
    ),
    "an orphan snippet": (
        append("snippets/lessons/first_call/orphan.py", '"""Nobody shows me."""\n'),
        PAGES,
        "snippets/lessons/first_call/orphan.py: no page shows this file",
    ),
    "a hand-written Python block": (
        append("docs/lessons/first-call.md", '\n```python\nprint("by hand")\n```\n'),
        PAGES,
        ": a hand-written Python block",
    ),
    "a deleted proof": (
        lambda root: (root / "tests/proofs/test_output_text.py").unlink(),
        LEDGER,
        "docs/claims.yml: 'output-text-joins' has neither a proof in tests/proofs/ nor a source",
    ),
    "a fact cited without a ledger entry": (
        append("docs/lessons/first-call.md", "\nThe SDK sings.[^sdk-sings]\n"),
        LEDGER,
        ": cites 'sdk-sings', which docs/claims.yml does not list",
    ),
    "a page that is not in the navigation": (
        append("docs/lessons/forgotten.md", "# Forgotten\n"),
        NAVIGATION,
        "docs/lessons/forgotten.md: is not in `nav` of mkdocs.yml",
    ),
    "an entry of the navigation without a page": (
        replace("mkdocs.yml", "lessons/first-call.md", "lessons/first-cal.md"),
        NAVIGATION,
        "`nav` names lessons/first-cal.md, but there is no docs/lessons/first-cal.md",
    ),
    "an absolute without a citation": (
        append("docs/lessons/first-call.md", "\nThe client always retries. It never fails.\n"),
        FACTS,
        """"always" or "never" without a citation ('The client always retries.')""",
    ),
    "a number without a citation": (
        append("docs/lessons/first-call.md", "\nBatches save 50% of the price.\n"),
        FACTS,
        "a percentage without a citation ('50%')",
    ),
}


@pytest.mark.parametrize(("change", "tests", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_fail_and_are_named(tmp_path: Path, change: Change, tests: str, said: str) -> None:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=UNNEEDED)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    change(tmp_path)
    # What only reads files needs no running sandbox, whose import takes longer than the test.
    fast = ["--noconftest"] if tests in (PAGES, NAVIGATION, FACTS, LEDGER) else []
    done = forked_python.run("pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *fast, tests, cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout
