"""The retry timeline shows what the client does, in real time as in the data, and to everybody."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from docs._tools.tables.retry_timelines import ANSWERS, DATA, MAX_RETRIES, PAUSES, SILENCES, TIMEOUTS, cases

PAGE = "/guides/recover-from-errors/"
WIDGET = ".retry-timeline"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + PAGE)
        expect(page.locator(f"{WIDGET} li").first).to_be_visible()
        yield page


def choose(page: Page, choices: dict[str, str]) -> None:
    """Choose values by the labels of their lists."""
    for label, value in choices.items():
        page.get_by_label(label, exact=True).select_option(value)


@pytest.mark.parametrize(
    ("choices", "said", "rows", "remark"),
    [
        ({}, "3 requests, then RateLimitError after 1.125 to 1.5 s.", 3, "twice the one before"),
        ({"What comes back": "400"}, "One request, then BadRequestError at once.", 1, "refused again"),
        (
            {"What comes back": "503", "Wait the server asks for": "1 s", "max_retries": "5"},
            "6 requests, then InternalServerError after 5 s.",
            6,
            "replaces the client's own waits",
        ),
        ({"Wait the server asks for": "121 s"}, "One request, then RateLimitError at once.", 1, "not wait that long"),
        (
            {"Wait the server asks for": "30 s", "timeout": "2"},
            "3 requests, then RateLimitError after 60 s.",
            3,
            "longer than the timeout",
        ),
        (
            {"Wait the server asks for": "200 ms", "max_retries": "0"},
            "One request, then RateLimitError at once.",
            1,
            "max_retries=0",
        ),
        (
            {"What comes back": "timeout"},
            "3 requests, then APITimeoutError after 1,801.125 to 1,801.5 s.",
            3,
            "starts over with each attempt",
        ),
        (
            {"What comes back": "connection drop", "max_retries": "1"},
            "2 requests, then APIConnectionError after 0.375 to 0.5 s.",
            2,
            "no header",
        ),
    ],
)
def test_a_choice_is_said_and_drawn(page: Page, choices: dict[str, str], said: str, rows: int, remark: str) -> None:
    choose(page, choices)
    expect(page.locator(f"{WIDGET} [role=status]")).to_have_text(said)
    expect(page.locator(f"{WIDGET} li")).to_have_count(rows)
    expect(page.locator(f"{WIDGET} .remarks").first).to_contain_text(remark)
    last = page.locator(f"{WIDGET} li .try").last.bounding_box()
    track = page.locator(f"{WIDGET} .track").last.bounding_box()
    assert last
    assert track
    if rows > 1:
        assert last["x"] + last["width"] == pytest.approx(track["x"] + track["width"], abs=5), "the last try ends it"


def test_without_an_answer_no_pause_can_be_named(page: Page) -> None:
    pause = page.get_by_label("Wait the server asks for")
    expect(pause).to_be_enabled()
    page.get_by_label("What comes back").select_option("timeout")
    expect(pause).to_be_disabled()
    page.get_by_label("What comes back").select_option("500")
    expect(pause).to_be_enabled()


def test_every_choice_was_measured_and_its_bars_fit(page: Page) -> None:
    drawn = page.evaluate(
        """async ([answers, pauses, timeouts, retries]) => {
            const { find, bars, seconds } = await import("/assets/js/retry-timeline.js");
            const { timelines } = await (await fetch("/assets/data/retry-timelines.json")).json();
            const problems = [];
            let count = 0;
            for (const answer of answers) for (const pause of pauses) for (const timeout of timeouts) {
                for (const tries of retries) {
                    const found = find(timelines, { answer, pause, timeout, retries: tries });
                    const rows = bars(found);
                    const end = rows.at(-1).at(-1).to;
                    count += 1;
                    if (rows.length !== found.requests || Math.abs(end - found.total[1]) > 0.01) problems.push(found);
                }
            }
            return [count, problems];
        }""",
        [[*ANSWERS, *SILENCES], [*PAUSES], [*TIMEOUTS], [*MAX_RETRIES]],
    )
    assert drawn == [6 * 5 * 4 * 6, []]


def test_the_options_are_those_that_were_measured(page: Page) -> None:
    def options(label: str) -> list[str]:
        values: list[str] = (
            page.get_by_label(label, exact=True)
            .locator("option")
            .evaluate_all("options => options.map(option => option.value)")
        )
        return values

    assert sorted(options("What comes back")) == sorted([*ANSWERS, *SILENCES])
    assert sorted(options("Wait the server asks for")) == sorted(PAUSES)
    assert options("max_retries") == [str(number) for number in MAX_RETRIES]
    assert options("timeout") == [str(number) for number in TIMEOUTS]


def test_the_keyboard_is_enough(page: Page) -> None:
    page.get_by_label("What comes back").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("max_retries")).to_have_value("3")
    expect(page.locator(f"{WIDGET} [role=status]")).to_have_text(
        "4 requests, then RateLimitError after 2.625 to 3.5 s."
    )


def test_every_try_is_told_in_words(page: Page) -> None:
    choose(page, {"What comes back": "timeout", "timeout": "10", "max_retries": "1"})
    assert page.locator(f"{WIDGET} li").all_inner_texts() == [
        "Request 1: no answer, timed out after 10 s",
        "Request 2 after a wait of 0.375 to 0.5 s: no answer, timed out after 10 s",
    ]


def test_without_javascript_the_table_has_the_main_cases(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + PAGE)
        expect(page.locator(WIDGET)).to_contain_text("The table above has the main cases.")
        expect(page.get_by_role("cell", name="1,801.1 to 1,801.5 s")).to_be_visible()


def test_data_that_cannot_be_loaded_is_said(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/retry-timelines.json", lambda route: route.abort())
        page.goto(address + PAGE)
        expect(page.locator(WIDGET)).to_contain_text("The timeline could not be loaded")


def test_other_pages_load_none_of_it(site: Path) -> None:
    pages = {path for path in site.rglob("*.html") if "retry-timeline" in path.read_text("utf-8")}
    assert pages == {site / "guides/recover-from-errors/index.html"}
    assert "retry-timeline" not in (site / "assets/css/site.css").read_text("utf-8")


def test_the_published_data_names_the_version_it_was_measured_with(site: Path) -> None:
    published: dict[str, Any] = json.loads((site / "assets/data/retry-timelines.json").read_text("utf-8"))
    assert published == json.loads(DATA.read_text("utf-8"))
    assert len(published["timelines"]) == len(list(cases()))
