"""What the home page says about the site."""

import re

from docs._tools.data.as_of import ROOT
from docs._tools.tables import home
from docs._tools.tables.error_pages import problems

MINUTES = re.compile(r"^minutes: \d+$", re.MULTILINE)


def test_each_door_leads_to_a_section_and_says_how_much_is_behind_it() -> None:
    doors = home.doors()
    assert re.findall(r"\]\((.+?)/index\.md\)", doors) == ["lessons", "reference", "errors", "guides"]
    assert f"**{len(problems())} problems, " in doors
    lessons = [page for page in (ROOT / "docs" / "lessons").glob("*.md") if page.name != "index.md"]
    minutes = sum(int(line.split()[1]) for page in lessons for line in MINUTES.findall(page.read_text("utf-8")))
    assert f"**{len(lessons)} lessons, {minutes} minutes**" in doors


def test_the_line_about_proofs_counts_every_claim_once() -> None:
    claims, proven, sourced = map(int, re.findall(r"(\d+) (?:claims|are proven|have a source)", home.proof()))
    assert claims == proven + sourced
    assert proven > 100
