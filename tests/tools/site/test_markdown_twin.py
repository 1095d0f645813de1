"""A page as Markdown that stands alone."""

from pathlib import Path

import pytest

from docs._tools.site.markdown_twin import Twin, all_pages, list_of_pages, markdown_twin, section, twin_path


@pytest.fixture
def twin(tmp_path: Path) -> "object":
    (tmp_path / "snippets").mkdir()
    (tmp_path / "includes").mkdir()
    (tmp_path / "snippets" / "ask.py").write_text(
        '"""Ask."""\n# --8<-- [start:call]\nif True:\n    print({"a": 1})\n# --8<-- [end:call]\nprint("end")\n'
    )
    (tmp_path / "includes" / "table.md").write_text("| a |\n|---|\n| b |\n")
    return lambda text: markdown_twin(text, tmp_path / "snippets", tmp_path / "includes")


CASES = {
    "a program": ('```python\n--8<-- "ask.py:call"\n```\n', '```python\nif True:\n    print({"a": 1})\n```\n'),
    "a whole program, without the marks of its sections": (
        '```python\n--8<-- "ask.py"\n```\n',
        '```python\n"""Ask."""\nif True:\n    print({"a": 1})\nprint("end")\n```\n',
    ),
    "a program in a tab": (
        '=== "Tab"\n\n    ```python\n    --8<-- "ask.py:call"\n    ```\n',
        '=== "Tab"\n\n    ```python\n    if True:\n        print({"a": 1})\n    ```\n',
    ),
    "a table": ('--8<-- "table.md"\n', "| a |\n|---|\n| b |\n"),
    "attributes of a heading": ("## 'x' fails { #x-fails }\n", "## 'x' fails\n"),
    "attributes of a block": ("``` { .text .output }\n1\n```\n", "```text\n1\n```\n"),
    "options of a block": ('```json data-sdk-type="x"\n{}\n```\n', "```json\n{}\n```\n"),
    "attributes in code": ("Write `{ .history }` so.\n", "Write `{ .history }` so.\n"),
    "what only styles": ('<p class="card-facts">Tutorial · openai &gt;=3,&lt;4</p>\n', "Tutorial · openai >=3,<4\n"),
    "HTML in code": ("```html\n<p>a</p>\n```\n", "```html\n<p>a</p>\n```\n"),
    "a link to the program of a lab": ("[file](../assets/labs/spend.py)\n", "[file](../assets/labs/spend.py)\n"),
    "a link to a lab": ("[lab](../labs/spend.py#end), [x](a.py)\n", "[lab](../labs/spend.md#end), [x](a.md)\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_twin_has_what_the_page_includes_and_nothing_that_only_styles(name: str, twin: "object") -> None:
    source, expected = CASES[name]
    assert twin(source) == expected  # type: ignore[operator]


def test_a_section_that_has_no_end_goes_to_the_end() -> None:
    assert section("a\n# --8<-- [start:x]\nb\n", "x") == "b\n"


def test_a_twin_lies_where_the_source_of_the_page_lies() -> None:
    assert twin_path("lessons/first-call.md") == "lessons/first-call.md"
    assert twin_path("labs/spend.py") == "labs/spend.md"


def test_the_lists_name_every_page_by_section_in_order_and_the_data() -> None:
    twins = [
        Twin("index.md", "Home", "What it is.", "Start", "# Home\n"),
        Twin("a.md", "A", "About a.", "Learn", "# A\n"),
        Twin("b.md", "B", "", "Learn", "# B\n"),
    ]
    listed = list_of_pages("Site", "All of it.", twins, [("data/prices.json", "What it costs.")])
    assert listed.startswith("# Site\n\n> All of it.\n")
    assert "\n## Learn\n\n- [A](a.md): About a.\n- [B](b.md)\n" in listed
    assert listed.endswith("\n## Data\n\n- [data/prices.json](data/prices.json): What it costs.\n")
    whole = all_pages(twins)
    assert [whole.index(f"<!-- {twin.path} -->") for twin in twins] == sorted(
        whole.index(f"<!-- {twin.path} -->") for twin in twins
    )
    assert whole.count("\n---\n") == 2
