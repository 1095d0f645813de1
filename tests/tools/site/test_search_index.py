"""The index of the search has the sections of each page, what readers call them, and no entry that leads nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.data.files import DataError
from docs._tools.site.search_index import (
    SearchedPage,
    Vocabulary,
    search_index,
    sections,
    vocabulary,
    with_button,
)
from docs._tools.site.site_data.problems import Problem

HTML = """<p>Before.</p>
<h1 id="keep">Keep <code>answers</code><a class="headerlink" href="#keep">&para;</a></h1>
<p class="card-facts">Guide</p><p>Save &amp; reuse<sup><a class="footnote-ref" href="#fn:a">1</a></sup> them.</p>
<h2 id="how">How</h2><p>Call <code>load_dotenv</code>.<br>Then wait.</p>
<div class="highlight"><span class="filename">a.py</span><pre><code>import os
client.responses.create(max_output_tokens=16)</code></pre></div>
<table><tr><td>one</td><td>two</td></tr></table>
<p data-search-exclude>not this<img src="a.svg"> nor this</p><p>but this</p>
<div class="footnote"><ol><li>Source</li></ol></div>"""
PROBLEM = Problem(
    id="how",
    url="guides/keep/#how",
    title="How",
    symptom="",
    cause="",
    fix="",
    exception="openai.RateLimitError",
    status=429,
    code=None,
    raised_from=None,
    messages=["Slow down, please"],
    evidence="executed",
    fails="",
    fixed="",
)

MODELS = ["gpt-1", "gpt-2", "gpt-3"]


def page(html: str = HTML) -> SearchedPage:
    found = sections(html)
    return SearchedPage("guides/keep.md", "guides/keep/", found[0].title, "About keeping", found)


def words(**given: Any) -> Vocabulary:
    nothing: dict[str, Any] = {
        "stop_words": "a the",
        "synonyms": [],
        "narrower": {},
        "recaps": [],
        "remedies": [],
        "models": [],
        "asked": {},
        "absent": [],
    }
    return Vocabulary(**nothing | given)


def made(vocabulary: Vocabulary, *pages: SearchedPage, longest: int = 400) -> dict[str, Any]:
    script, warnings = search_index(pages or [page()], vocabulary, [PROBLEM], MODELS, longest)
    assert warnings == []
    data: dict[str, Any] = json.loads(script.removeprefix("globalThis.searchIndex = ").removesuffix(";\n"))
    return data


def test_a_page_is_split_at_its_headings() -> None:
    top, how = sections(HTML)
    assert (top.anchor, top.title, top.prose) == ("keep", "Keep answers", "Before. Save & reuse them.")
    assert (how.anchor, how.title) == ("how", "How")
    assert how.prose == "Call load_dotenv . Then wait. one two but this".replace(" .", ".")


def test_programs_are_kept_apart_from_prose() -> None:
    _, how = sections(HTML)
    assert "max_output_tokens" in how.code
    assert "a.py" not in how.code + how.prose


def test_the_lines_that_all_problems_share_are_left_out() -> None:
    html = (
        '<h1 id="a">A</h1><p>Fix it.</p><p><strong>Proof.</strong> '
        "<code>tests/pages/test_error_pairs.py</code> runs both: so.</p><p>Threads. x</p>"
    )
    assert sections(html)[0].prose == "Fix it."


def test_of_code_the_names_are_kept_that_the_prose_does_not_have() -> None:
    _, how = made(words())["sections"]
    assert how[6].split() == ["client.responses.create", "max_output_tokens"]


def test_prose_is_cut_at_a_word_and_the_rest_can_still_be_found() -> None:
    html = '<h1 id="a">A</h1><p>one twenty thirty forty thirty</p>'
    (row,) = made(words(), page(html), longest=12)["sections"]
    assert row[3] == "one twenty …"
    assert row[6].split() == ["forty", "thirty"]


def test_a_section_is_found_by_the_messages_and_signs_of_its_problem() -> None:
    _, how = made(words())["sections"]
    assert how[5].split() == ["openai.RateLimitError", "429", "Slow", "down", "please"]


def test_a_section_is_found_by_what_readers_call_it() -> None:
    asked = {"guides/keep.md": ["save money"], "guides/keep.md#how": ["recipe", "steps"]}
    top, how = made(words(asked=asked))["sections"]
    assert (top[4], how[4]) == ("save money", "recipe; steps")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"asked": {"guides/gone.md": ["x"]}}, "docs/search.yml: asked: no page or section is guides/gone.md"),
        ({"asked": {"guides/keep.md#gone": ["x"]}}, "no page or section is guides/keep.md#gone"),
        ({"models": ["guides/gone.md"]}, "docs/search.yml: models: guides/gone.md is no section that names models"),
        (
            {"absent": [{"asked": ["x"], "name": "X", "nearest": "guides/gone.md", "why": "is near"}]},
            "docs/search.yml: absent: no page or section is guides/gone.md",
        ),
        (
            {"absent": [{"asked": ["x"], "name": "X", "nearest": "guides/keep.md#gone", "why": "is near"}]},
            "no page or section is guides/keep.md#gone",
        ),
    ],
)
def test_an_entry_that_leads_nowhere_is_a_warning(given: dict[str, Any], said: str) -> None:
    script, (warning,) = search_index([page()], words(**given), [PROBLEM], MODELS)
    assert said in warning
    assert "gone" not in script


def test_what_is_absent_leads_to_the_address_of_the_nearest_page() -> None:
    absent = [{"asked": ["x"], "name": "X", "nearest": "guides/keep.md#how", "why": "is near"}]
    assert made(words(absent=absent))["absent"] == [[["x"], "X", "guides/keep/#how", "Keep answers", "is near"]]


def test_a_model_belongs_to_the_first_section_that_lists_it() -> None:
    html = (
        '<h1 id="a">A</h1><p>gpt-3</p><h2 id="past">Past</h2><p>gpt-1 gpt-2</p><h2 id="now">Now</h2><p>gpt-2 gpt-9</p>'
    )
    found = made(words(models=["guides/keep.md#now", "guides/keep.md#past"]), page(html))
    assert found["models"] == {"gpt-1": 1, "gpt-2": 2}


def test_a_model_that_is_named_everywhere_is_kept_where_it_is_listed() -> None:
    listing = '<h2 id="now">Now</h2><p>First words. <code>gpt-1</code></p>'
    other = "".join(f'<h2 id="s{number}">S</h2><pre>ask(model_name="gpt-1")</pre>' for number in range(9))
    found = made(words(models=["guides/keep.md#now"]), page(f'<h1 id="a">A</h1>{listing}{other}'), longest=8)
    assert [row[1] for row in found["sections"] if "gpt-1" in " ".join(row[6:]).split()] == ["now"]


def test_the_kind_of_a_page_is_its_folder() -> None:
    home = SearchedPage("index.md", "", "Home", "", sections('<h1 id="a">Home</h1>'))
    assert [row[2] for row in made(words(), page(), home)["pages"]] == ["Guides", "Start"]


def test_the_committed_vocabulary_is_valid_and_says_nothing_twice() -> None:
    found = vocabulary(ROOT)
    phrases = [phrase.lower() for group in found.synonyms for phrase in group]
    assert len(phrases) == len(set(phrases)), {phrase for phrase in phrases if phrases.count(phrase) > 1}
    assert all(len(group) > 1 for group in found.synonyms)
    assert all(entry.asked and entry.why for entry in found.absent)


def test_an_unknown_key_in_the_vocabulary_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "search.yml").write_text("stop_words: a\nsynonyms: []\nwords: []\n")
    with pytest.raises(DataError, match=r"docs/search\.yml.*words"):
        vocabulary(tmp_path)


def test_the_button_is_last_in_the_header() -> None:
    header = '<header><nav class="md-header__inner md-grid"><a>Logo</a></nav></header><nav class="md-tabs"></nav>'
    page = with_button(header)
    assert page.index("Logo") < page.index("site-search__open") < page.index("</nav></header>")
    assert page.count("site-search__open") == 1


def test_a_theme_with_another_header_is_an_error() -> None:
    with pytest.raises(ValueError, match="header"):
        with_button("<header></header>")
