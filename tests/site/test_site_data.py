"""The data of the built site leads to the pages that it is about."""

import json
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any


def published(site: Path, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((site / "data" / f"{name}.json").read_text("utf-8"))
    return document


@cache
def headings(page: Path) -> dict[str, str]:
    """Return the headings of a page as they are read, by their ids."""
    found = re.findall(r'<h[1-6] id="([^"]+)"[^>]*>(.*?)</h[1-6]>', page.read_text("utf-8"), re.DOTALL)
    return {id: plain(re.sub(r'<a class="headerlink".*?</a>', "", text)) for id, text in found}


def plain(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>|[`*\\]|\{[^}]*\}", "", text)).strip()


def test_every_program_is_below_the_heading_that_the_data_names(site: Path) -> None:
    wrong = []
    for snippet in published(site, "snippets")["snippets"]:
        for place in snippet["places"]:
            page, _, anchor = place["url"].partition("#")
            assert page == snippet["page"]
            if headings(site / page / "index.html").get(anchor) != plain(place["heading"]):
                wrong.append(place)
    assert not wrong


def test_every_problem_has_its_section(site: Path) -> None:
    for problem in published(site, "problems")["problems"]:
        page, _, anchor = problem["url"].partition("#")
        assert anchor in headings(site / page / "index.html"), problem["url"]


def test_every_claim_is_cited_where_the_data_says(site: Path) -> None:
    text: dict[str, str] = {}
    for claim in published(site, "claims")["claims"]:
        for page in claim["pages"]:
            text.setdefault(page, (site / page / "index.html").read_text("utf-8"))
            assert re.search(rf'id="fn:[a-z0-9+ -]*\b{re.escape(claim["id"])}\b', text[page]), (claim["id"], page)
