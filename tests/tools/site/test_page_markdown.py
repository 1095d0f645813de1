"""All that a page has beyond its source is in its plain Markdown, before a site generator sees it."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from docs._tools.data.as_of import ROOT
from docs._tools.data.files import DataError
from docs._tools.ledger.claims import CITATION, Claim, LedgerError, Proof
from docs._tools.ledger.pages import markdown_pages
from docs._tools.site import diagrams
from docs._tools.site.notes import Note
from docs._tools.site.page_markdown import PlainPage, Sources, page_markdown, sources

PAGES = [page for page in markdown_pages(ROOT / "docs") if page.suffix == ".md"]
SHEETS = {
    "wide": diagrams.Sheet(600, 200, {"light": "<svg>wide, light</svg>", "dark": "<svg>wide, dark</svg>"}),
    "narrow": diagrams.Sheet(300, 500, {"light": "<svg>narrow, light</svg>", "dark": "<svg>narrow, dark</svg>"}),
}
DRAWING = diagrams.Drawing("a-call-1234", 'A "call"', SHEETS)
MERMAID = "```mermaid\nflowchart LR\n```\n"


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sources:
    """A project with one claim, one proof, one note, one generated table and two snippets."""
    generated = tmp_path / "docs" / "includes" / "generated"
    generated.mkdir(parents=True)
    (generated / "colors.md").write_text("<!-- Written by colors.py: a command -->\n| Color |\n|---|\n| teal |\n")
    snippets = tmp_path / "snippets" / "lessons" / "sky"
    snippets.mkdir(parents=True)
    (snippets / "ask.py").write_text("# sandbox: rate_limit\nprint(0.5)\n")
    (snippets / "ask.out").write_text("waited 0.5... s\n\nand 0.42{0.4...} s\n")
    (snippets / "plain.out").write_text("waited\n")
    monkeypatch.setattr(diagrams, "draw", lambda source: DRAWING)
    return Sources(
        {"blue": Claim("blue", "The sky is blue.")},
        [Proof("tests/proofs/test_sky.py", 3, "test_sky", ("blue",))],
        [Note("lessons/sky.md", date(2026, 11, 20), "3.52.0", "Here it was gray all day.")],
        None,
        tmp_path / "docs",
        tmp_path / "snippets",
    )


def plain(source: str, given: Sources, path: str = "lessons/sky.md", **meta: object) -> PlainPage:
    return page_markdown(source, path, meta, given)


def test_a_generated_table_is_put_in_without_its_first_line(given: Sources) -> None:
    text = plain('# Sky\n\n--8<-- "generated/colors.md"\n\nAfter.\n', given).markdown
    assert text == "# Sky\n\n| Color |\n|---|\n| teal |\n\nAfter."


def test_a_table_that_is_missing_is_left_to_be_named_by_the_build(given: Sources) -> None:
    assert '--8<-- "generated/none.md"' in plain('--8<-- "generated/none.md"\n', given).markdown


def test_a_diagram_becomes_a_figure_and_a_file_for_each_kind_of_screen_and_scheme(given: Sources) -> None:
    page = plain(MERMAID, given)
    assert page.files == {
        f"assets/diagrams/a-call-1234-{layout}-{scheme}.svg": f"<svg>{layout}, {scheme}</svg>"
        for layout in ("wide", "narrow")
        for scheme in ("light", "dark")
    }
    dark = (
        '<source media="(max-width: 44.984375em)" srcset="../../assets/diagrams/a-call-1234-narrow-dark.svg" '
        'width="300" height="500"><img class="only-dark" src="../../assets/diagrams/a-call-1234-wide-dark.svg" '
        'alt="A &quot;call&quot;" width="600" height="200" loading="lazy">'
    )
    assert f"<picture>{dark}</picture>" in page.markdown


@pytest.mark.parametrize(
    ("path", "steps"), [("index.md", ""), ("a.md", "../"), ("a/index.md", "../"), ("a/b.md", "../../")]
)
def test_a_figure_is_found_from_the_folder_of_its_page(given: Sources, path: str, steps: str) -> None:
    assert f'src="{steps}assets/diagrams/' in plain(MERMAID, given, path).markdown


@pytest.mark.parametrize("indent", ["", "    "])
def test_numbers_of_an_output_lose_what_tests_read(given: Sources, indent: str) -> None:
    block = ["``` { .text .output }", '--8<-- "lessons/sky/ask.out"', "```"]
    text = plain("\n".join(f"{indent}{line}" for line in block), given).markdown
    shown = ["``` { .text .output }", "waited 0.5 s", "", "and 0.42 s", "```"]
    assert text.splitlines() == [f"{indent}{line}" if line else "" for line in shown]


@pytest.mark.parametrize(
    "block",
    [
        '``` { .text .output }\n--8<-- "lessons/sky/plain.out"\n```',
        '``` { .text }\n--8<-- "lessons/sky/ask.out"\n```',
        '``` { .text .output }\n--8<-- "lessons/sky/none.out"\n```',
    ],
)
def test_other_blocks_stay_includes(given: Sources, block: str) -> None:
    assert plain(block, given).markdown == block


def test_a_program_that_is_made_to_fail_has_a_caption(given: Sources) -> None:
    text = plain('```python title="ask.py"\n--8<-- "lessons/sky/ask.py"\n```\n', given).markdown
    assert text.splitlines()[3:6] == [
        "",
        "Here the simulated API fails on purpose: <code>rate_limit</code>.",
        "{: .sandbox-caption }",
    ]


def test_notes_footnotes_and_card_are_in_it(given: Sources) -> None:
    text = plain("# Sky\n\nIt is blue.[^blue]\n\n## Community notes\n", given, kind="Lesson", minutes=5).markdown
    assert '# Sky\n\n<p class="card-facts">Lesson · 5 minutes</p>\n' in text
    assert "- Here it was gray all day." in text
    assert "[^blue]: The sky is blue. *Proven by `tests/proofs/test_sky.py::test_sky`, openai " in text


def test_the_minutes_of_a_section_are_below_its_heading(given: Sources) -> None:
    text = plain("# Sky\n\n## Blue\n\nSo.\n\n## Red\n", given, minutes=3, times={"Blue": 1, "Red": 2}).markdown
    assert '## Blue\n\n<p class="section-time">1 minute</p>\n\nSo.' in text
    assert '## Red\n\n<p class="section-time">2 minutes</p>' in text


@pytest.mark.parametrize(
    ("times", "problem"),
    [({"Blue": 2}, "add up to 2, but minutes is 3"), ({"Green": 3}, "'Green', which is there 0 times")],
)
def test_times_that_do_not_fit_the_page_are_refused(given: Sources, times: dict[str, int], problem: str) -> None:
    with pytest.raises(DataError, match=problem):
        plain("# Sky\n\n## Blue\n", given, minutes=3, times=times)


def test_a_citation_of_nothing_is_refused(given: Sources) -> None:
    with pytest.raises(LedgerError, match="cites 'green'"):
        plain("It is green.[^green]\n", given)


@pytest.fixture(scope="module")
def real() -> Sources:
    return sources(ROOT, None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_leaves_anything_for_hooks_to_do(page: Path, real: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams, "draw", lambda source: DRAWING)
    source = page.read_text("utf-8")
    front = re.match(r"---\n(.*?)^---\n", source, re.DOTALL | re.MULTILINE)
    meta = yaml.safe_load(front[1]) if front else {}
    source = source[front.end() :] if front else source
    text = page_markdown(source, page.relative_to(ROOT / "docs").as_posix(), meta, real).markdown
    assert not re.search(r'^--8<-- "generated/|^```mermaid|Written by docs/_tools', text, re.MULTILINE)
    defined = set(re.findall(r"^\[\^([^\]]+)\]:", text, re.MULTILINE))
    assert {match["ids"] for match in CITATION.finditer(source)} <= defined
