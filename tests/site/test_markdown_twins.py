"""Every page of the built site has a twin in Markdown, which can be copied, and two lists name them all."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from docs._tools.data.as_of import as_of, written_out

LESSON = "/lessons/first-call/"


def without_code(twin: Path) -> str:
    return re.sub(r"`{3,}.*?`{3,}|`[^`\n]+`", "", twin.read_text("utf-8"), flags=re.DOTALL)


def test_every_page_names_its_twin_and_the_twin_is_there(site: Path) -> None:
    pages = list(site.rglob("index.html"))
    assert len(pages) > 40
    for page in pages:
        (twin,) = re.findall(r'<link rel="alternate" type="text/markdown" href="([^"]+)">', page.read_text("utf-8"))
        assert (page.parent / twin).resolve().read_text("utf-8").startswith("# "), page


def test_a_twin_has_the_programs_and_outputs_of_its_page_and_no_include_or_markup(site: Path) -> None:
    twins = [*site.rglob("*.md")]
    assert len(twins) > 40
    for twin in twins:
        assert "--8<--" not in twin.read_text("utf-8"), twin
        assert not re.search(r"<p |<figure|\{ ?[#.][a-z]", without_code(twin)), twin
    lesson = (site / "lessons" / "first-call.md").read_text("utf-8")
    assert "client = OpenAI()" in lesson
    assert "#> " in lesson
    assert "```mermaid" in lesson


def test_a_twin_ends_with_the_name_of_the_site_and_its_date(site: Path) -> None:
    for twin in site.rglob("*.md"):
        ending = twin.read_text("utf-8").rpartition("\n---\n\n")[2]
        assert ending == f"OpenAI API by Example, as of {written_out(as_of())}.\n", twin


def test_links_between_twins_hold(site: Path) -> None:
    broken = [
        (twin.relative_to(site).as_posix(), target)
        for twin in site.rglob("*.md")
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)\s#]+\.md)", without_code(twin))
        if not (twin.parent / target).is_file()
    ]
    assert not broken


def test_the_lists_for_machines_name_every_page(site: Path) -> None:
    pages, _, data = (site / "llms.txt").read_text("utf-8").partition("\n## Data\n")
    listed = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", pages, re.MULTILINE)
    assert {path for path in re.findall(r"\]\(([^)]+)\)", data) if (site / path).is_file()} == {
        path.relative_to(site).as_posix() for path in (site / "data").iterdir() if ".schema" not in path.name
    }
    twins = {twin.relative_to(site).as_posix() for twin in site.rglob("*.md")}
    assert set(listed) == twins
    assert len(listed) == len(twins)
    whole = (site / "llms-full.txt").read_text("utf-8")
    assert all(f"<!-- {path} -->" in whole for path in listed)


def test_the_button_copies_the_twin(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(LESSON)
    page.get_by_role("button", name="Copy page").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == (site / "lessons" / "first-call.md").read_text("utf-8")
    context.close()
