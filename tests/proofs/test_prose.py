"""What is written here reads as English: constructions of another language's word order are found."""

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.prose import constructions, files, problems


def found(text: str, name: str = "page.md") -> list[str]:
    return [problem.partition(": ")[2].partition(": ")[0] for problem in problems(name, text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The key is no text.", "'is no'"),
        ("Two tries later it works.", "'Two tries'"),
        ("An error that speaks of\nauthentication.", "'speaks of'"),
        ("It is written whoever listens.", "'whoever listens'"),
    ],
)
def test_a_construction_is_named_with_what_to_write_instead(text: str, said: str) -> None:
    assert found(text) == [said]


@pytest.mark.parametrize("text", ["It is no longer there.", "There is no key.", "`speaks of`", "```\nspeaks of\n```"])
def test_plain_english_and_code_are_let_alone(text: str) -> None:
    assert found(text) == []


def test_comments_and_docstrings_of_programs_are_read_and_nothing_else() -> None:
    program = '"""It speaks of\nkeys."""\n\n# Two comments that\n# mend it.\nprint("mends")\n'
    assert [problem.split(":")[1] for problem in problems("a.py", program)] == ["5", "1"]


def test_every_entry_says_what_to_write() -> None:
    assert all(instead for _, instead in constructions())
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    assert {"README.md", "docs/claims.yml", "docs/index.md", "sandbox/openai_sandbox/core.py"} <= names
    assert not any("/generated/" in name for name in names)
