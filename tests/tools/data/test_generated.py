"""How a generated file names its writer, and how one function writes several files."""

import json
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.data.generated import COMMAND, Generator, with_writer, without_writer

WRITER = "docs/_tools/tables/colors.py"


def test_markdown_begins_with_a_comment_that_can_be_taken_off_again() -> None:
    text = with_writer("| a |\n", ".md", WRITER)
    assert text == f"<!-- Written by {WRITER}: {COMMAND} -->\n| a |\n"
    assert without_writer(text) == "| a |\n"
    assert without_writer("<!-- Another comment -->\n| a |\n").startswith("<!-- Another")


@pytest.mark.parametrize("text", ['{\n "a": 1\n}\n', '{"a": 1}\n'])
def test_an_object_gets_a_first_member_on_its_first_line(text: str) -> None:
    written = with_writer(text, ".json", WRITER)
    first, rest = written.split("\n", 1)
    assert first == f'{{"$comment": "Written by {WRITER}: {COMMAND}",'
    assert json.loads(written) == {"$comment": f"Written by {WRITER}: {COMMAND}"} | json.loads(text)
    assert next(iter(json.loads(written))) == "$comment"
    assert rest == (text[2:] if text[1] == "\n" else f" {text[1:]}")


def test_a_list_has_no_place_for_its_writer() -> None:
    with pytest.raises(ValueError, match=r"x\.py: say in .* how a comment is written in \.json"):
        with_writer("[1]\n", ".json", "x.py")


def test_a_kind_of_file_without_a_known_comment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"how a comment is written in \.svg"):
        with_writer("<svg/>", ".svg", WRITER)


def write(name: str = "one") -> str:
    return f"{name}\n"


def test_a_function_writes_a_file_for_each_name() -> None:
    several = Generator("docs/colors/{}.md", write, lambda: ["red", "blue"]).files()
    assert [path.relative_to(ROOT) for path in several] == [Path("docs/colors/red.md"), Path("docs/colors/blue.md")]
    assert [without_writer(text().replace(__name__, "x")) for text in several.values()] == ["red\n", "blue\n"]
    (single,) = Generator("docs/colors.md", write, None).files().values()
    assert without_writer(single()) == "one\n"
