"""What pages may not do, each rule on a small tree of its own."""

from pathlib import Path

import pytest

from docs._tools.ledger import pages

GOOD = """# Title

```python title="ask.py"
--8<-- "lessons/first_call/ask.py"
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "lessons").mkdir(parents=True)
    (tmp_path / "snippets" / "lessons" / "first_call").mkdir(parents=True)
    (tmp_path / "docs" / "lessons" / "first-call.md").write_text(GOOD)
    (tmp_path / "snippets" / "lessons" / "first_call" / "ask.py").write_text("")
    (tmp_path / "snippets" / "lessons" / "first_call" / "__init__.py").write_text("")
    return tmp_path


def problems(root: Path, markdown: str = "") -> str:
    page = root / "docs" / "lessons" / "first-call.md"
    page.write_text(page.read_text() + "\n" + markdown)
    return "\n".join(pages.problems(root))


def test_a_page_that_shows_its_files_has_no_problems(root: Path) -> None:
    assert problems(root) == ""


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("```python\nprint(1)\n```", "docs/lessons/first-call.md:7: a hand-written Python block"),
        ("```py\nprint(1)\n```", "'py' blocks escape the checks"),
        ("```pycon\n>>> 1\n```", "'pycon' blocks escape the checks"),
        ("    ```python\n    print(1)\n    ```", "a hand-written Python block"),
        ("``` { .python }\nprint(1)\n```", "a hand-written Python block"),
        ("~~~python\nprint(1)\n~~~", "a ~~~ fence escapes the checks"),
        ('```python title="ask.py"\n--8<-- "lessons/first_call/ask.py"\nprint(1)\n```', "a hand-written"),
        ('```python\n--8<-- "lessons/first_call/ask.py"\n```', 'the block needs title="ask.py"'),
        (
            '```python title="b.py"\n--8<-- "lessons/other/b.py"\n```',
            "shows files of snippets/lessons/first_call/",
        ),
        ('```python title="b.py"\n--8<-- "lessons/first_call/b.py"\n```', "b.py does not exist"),
        ('```python title="ask.py"\n--8<-- "lessons/first_call/ask.py:3:5"\n```', "line numbers go stale"),
        ('```python title="ask.py" hl_lines="2"\n--8<-- "lessons/first_call/ask.py"\n```', "hl_lines"),
        ("> ```python\n> print(1)\n> ```", "docs/lessons/first-call.md:7: a fence in a quotation"),
        ("<pre>print(1)</pre>", "docs/lessons/first-call.md:7: <pre> escapes the checks"),
        ("<table><tr><td>1</td></tr></table>", "<table> escapes the checks"),
        ("a | b\n--- | ---\n1 | 2", "docs/lessons/first-call.md:7: a table typed by hand"),
        ("    ```mermaid\n    flowchart LR\n    ```", "only diagrams that are not indented"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "docs/lessons/first-call.md:7: a table typed by hand"),
        (f"```bash\npwd\necho {'a' * 79}\n```", "line 2 of the block has 84 characters, and 83 fit on the page"),
        (f'```bash title="a.sh"\necho {"a" * 84}\n```', "line 1 of the block has 89 characters, and 88 fit"),
    ],
)
def test_a_broken_rule_is_named(root: Path, markdown: str, problem: str) -> None:
    assert problem in problems(root, markdown)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("asyncio.py", "the name shadows the module 'asyncio'"),
        ("openai.py", "the name shadows the module 'openai'"),
        ("01_ask.py", "use lower-case letters, digits and underscores"),
        ("notes.txt", "no page shows this file"),
    ],
)
def test_a_bad_file_is_named(root: Path, name: str, problem: str) -> None:
    (root / "snippets" / "lessons" / "first_call" / name).write_text("")
    assert f"snippets/lessons/first_call/{name}: {problem}" in problems(root)


def test_a_line_of_code_that_does_not_fit_beside_the_contents_is_named(root: Path) -> None:
    snippet = root / "snippets" / "lessons" / "first_call" / "ask.py"
    fitting = f'print("{"a" * 79}")\n'
    snippet.write_text(f"{fitting}#> {'printed ' * 20}\n")
    assert problems(root) == ""
    snippet.write_text(f"{fitting}\n # {'a' * 86}\n")
    assert problems(root) == (
        "snippets/lessons/first_call/ask.py:3: has 89 characters, and 88 fit on the page: break the line"
    )


@pytest.mark.parametrize("info", ["text", "{ .json title='a.json' }", "yaml"])
def test_what_was_printed_or_recorded_may_wrap(root: Path, info: str) -> None:
    assert problems(root, f"```{info}\n{'a ' * 200}\n```") == ""
