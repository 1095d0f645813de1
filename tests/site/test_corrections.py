"""Every correction says what is false, what is true and how it was shown, and leads to where it is said right."""

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from docs._tools.tables.corrections import VERDICTS, corrections

from .test_links import read

CORRECTIONS = corrections()


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    """The page as readers get it."""
    return unescape((site / "about" / "corrections" / "index.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def shown(page: str) -> dict[str, str]:
    """What the page says of each correction, by its anchor."""
    return dict(re.findall(r'<dt>\s*<em id="([\w-]+)">.*?</dt>\s*<dd>(.*?)</dd>', page, re.DOTALL))


def test_the_page_shows_all_of_them_and_how_many(page: str, shown: dict[str, str]) -> None:
    assert list(shown) == [correction.id for correction in CORRECTIONS]
    said = Counter(re.findall(r"<dd>\s*<strong>(\w+)\.</strong>", page))
    assert said == Counter(correction.verdict.capitalize() for correction in CORRECTIONS)
    assert ", ".join(f"{said[verdict.capitalize()]} {verdict}" for verdict in VERDICTS) in page


def test_each_ends_in_its_proof_or_its_source(page: str, shown: dict[str, str]) -> None:
    notes = dict(re.findall(r'<li id="(fn:[^"]+)">(.*?)</li>', page, re.DOTALL))
    ground = re.compile(r"Proven by <code>tests/proofs/test_\w+\.py::test_\w+|Source: .*?, read \w+ \d+, \d{4}")
    for correction in CORRECTIONS:
        (note,) = re.findall(r'href="#(fn:[^"]+)"', shown[correction.id])
        assert len(ground.findall(notes[note])) >= len(correction.claims), correction.id


def test_each_leads_to_where_it_is_said_right(site: Path, shown: dict[str, str]) -> None:
    anchors: dict[str, set[str]] = {}
    for correction in CORRECTIONS:
        path, _, anchor = correction.see.partition("#")
        target = Path(path).with_suffix("").as_posix()
        (link,) = re.findall(r'<small>[^<]*<a href="([^"]+)">', shown[correction.id])
        assert link == f"../../{target}/" + (f"#{anchor}" if anchor else "")
        if target not in anchors:
            anchors[target] = read(site / target / "index.html").anchors
        assert anchor in anchors[target], correction.see
