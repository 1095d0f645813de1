"""The tables and charts of the price page carry the data's numbers, its dates and its gaps."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import get_args

import pytest
from genai_prices import Usage, calc_price
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    StartDateConstraint,
    TimeOfDateConstraint,
)
from openai.types.responses.service_tier import ServiceTier

from docs._tools.data import models, price_sources, shutdowns
from docs._tools.data.as_of import ROOT, as_of, noon
from docs._tools.data.models import shutdown_dates
from docs._tools.ledger import claims
from docs._tools.tables import model_limits, model_prices, price_history, service_prices
from docs._tools.tables.model_prices import FIELDS, Row
from openai_sandbox.model import families

ROWS = {row.id: row for row in model_prices.rows()}
CURRENT = {id: row for id, row in ROWS.items() if not row.past}


def table(text: str) -> list[list[str]]:
    """Return the rows of the first Markdown table, the head left out, without markup."""
    rows = re.findall(r"^ *\| (`.*) \|$", text, re.MULTILINE)
    return [[re.sub(r"<small>.*?</small>|<[^>]+>|`", "", cell).strip() for cell in row.split(" | ")] for row in rows]


def number(cell: str) -> Decimal | None:
    return None if cell == "—" else Decimal(cell.replace(",", ""))


def dollars(cell: str) -> Decimal | None:
    assert re.fullmatch(r"—|\$[\d,]+(\.\d\d+)?", cell), f"{cell} has a dollar sign, and no cents or two digits of them"
    return number(cell.removeprefix("$"))


def risen(cell: str) -> tuple[Decimal | None, Decimal | None]:
    base, _, long = cell.partition(" → ")
    return dollars(base), dollars(long) if long else None


def test_the_table_has_the_prices_and_limits_of_every_model_that_can_be_called() -> None:
    advised = {model.id for model in model_prices.unpriced()}  # the other source of prices
    rows = [cells for cells in table(model_prices.render()) if cells[0] not in advised]
    assert [cells[0] for cells in rows] == list(CURRENT)
    for id, *cells in rows:
        row = CURRENT[id]
        assert [dollars(cell) for cell in cells[:4]] == [row.prices[name] for name in FIELDS]
        assert number(cells[4]) == row.context
        assert number(cells[5]) == (row.limits.writes if row.limits else None)
        assert cells[6] == (str(row.shutdown) if row.shutdown else "—")


def test_a_model_that_any_source_ends_has_its_day_in_the_table() -> None:
    rows = {cells[0]: cells for cells in table(model_prices.render() + model_prices.render_past())}
    assert rows["o1-pro"][1] == "2026-10-23", "the SDK's list of models of Responses has it, and litellm"
    assert {rows[id][7] for id in ("o3-pro", "gpt-5-pro")} == {"2026-12-11"}
    for days in (shutdown_dates(), price_sources.shutdowns()):
        named = [id for id in rows if id in days]
        assert len(named) >= 15
        for id in named:
            assert ROWS[id].shutdown
            assert str(ROWS[id].shutdown) <= days[id]


def test_the_earliest_day_wins_and_the_others_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = as_of() + timedelta(days=5), as_of() + timedelta(days=9)
    monkeypatch.setattr(models, "shutdown_dates", lambda: {"gpt-9": str(last)})
    monkeypatch.setattr(price_sources, "shutdowns", lambda: {"gpt-9": str(first), "gpt-8": str(last)})
    found = shutdowns.shutdowns.__wrapped__()
    assert {id: end.day for id, end in found.items()} == {"gpt-9": first, "gpt-8": last}
    row = model_prices._row(model(ConditionalPrice(prices=cost(2))), found["gpt-9"])
    assert not row.past
    assert model_prices.ends(row) == f"<time>{first}</time><br><small>the SDK: <time>{last}</time></small>"
    monkeypatch.setenv("AS_OF", str(first))
    assert row.past, "one source is enough"


def test_every_model_that_genai_prices_calls_deprecated_has_a_day() -> None:
    flagged = {found.id for found in model_prices.provider().models if found.deprecated}
    assert not flagged & set(ROWS) - set(shutdowns.shutdowns())


def test_models_that_the_sandbox_adds_end_when_litellm_says() -> None:
    further = json.loads((ROOT / "sandbox/openai_sandbox/model/further_models.json").read_text("utf-8"))
    further = [row for row in further if row["id"] not in models.model_ids()]
    assert any(row.get("shutdown") for row in further)
    for row in further:
        assert row.get("shutdown") == price_sources.shutdowns().get(row["id"]), row["id"]


def test_the_sandbox_lists_no_model_that_a_source_has_shut_down() -> None:
    listed = {model.id for model in families.available(as_of())}
    assert "gpt-6-luna" in listed
    assert not [id for id, end in shutdowns.shutdowns().items() if id in listed and end.day <= as_of()]


def test_models_that_are_compared_have_no_announced_end() -> None:
    for path in ("snippets/reference/models_and_prices/compare.py", "docs/labs/spend.py"):
        named = set(re.findall(r'"(gpt-[\w.-]+|o\d[\w-]*)"', (ROOT / path).read_text("utf-8")))
        assert len(named) >= 4
        assert not {id: str(end.day) for id, end in shutdowns.shutdowns().items() if id in named}, path


def test_the_table_of_each_way_to_be_served_has_what_the_data_states() -> None:
    tabs = re.split(r"^=== ", service_prices.render(), flags=re.MULTILINE)[1:]
    assert [tab.partition("\n")[0].strip('"') for tab in tabs] == list(model_prices.WAYS)
    for way, tab in zip(model_prices.WAYS, tabs, strict=True):
        offered = {id: row.ways[way] for id, row in CURRENT.items() if way in row.ways}
        rows = table(tab)
        assert [cells[0] for cells in rows] == list(offered)
        assert len(rows) >= 5, way
        for id, *cells in rows:
            stated = offered[id]
            assert [risen(cell) for cell in cells] == [(stated.base[name], stated.long[name]) for name in FIELDS]


def test_the_table_of_long_prompts_has_both_prices() -> None:
    rows = table(model_prices.render_long())
    assert [cells[0] for cells in rows] == [id for id, row in CURRENT.items() if row.long_from]
    for id, *cells in rows:
        assert [risen(cell) for cell in cells] == [(ROWS[id].prices[name], ROWS[id].long[name]) for name in FIELDS]


def test_the_table_of_the_past_has_the_past_models_only() -> None:
    rows = table(model_prices.render_past())
    assert [cells[0] for cells in rows] == [id for id in ROWS if id not in CURRENT]
    for id, shutdown, *cells in rows:
        assert date.fromisoformat(shutdown) <= as_of()
        assert [dollars(cell) for cell in cells] == [ROWS[id].prices["Input"], ROWS[id].prices["Output"]]


def test_fast_and_priority_cost_the_same() -> None:
    for model in model_prices.provider().models:
        if model.id in ROWS:
            fast, priority = (
                model_prices._stated(model, {"service_tier": tier}, noon()) for tier in ("fast", "priority")
            )
            assert fast == priority, model.id


def test_tiers_without_a_price_are_named() -> None:
    text = service_prices.render()
    said = re.search(r"`service_tier` also takes (.*)\. genai-prices lists no prices for these", text)
    assert said
    named = set(re.findall(r"`(\w+)`", said[1]))
    assert "ultrafast" in named
    assert named | {"auto", "default", "flex", "priority", "fast"} == set(get_args(get_args(ServiceTier)[0]))


def test_the_days_on_which_prices_were_read_are_those_of_the_comments() -> None:
    comments = {model.id: model.price_comments or "" for model in model_prices.provider().models}
    for way in model_prices.WAYS:
        days = service_prices.verified(way, set(CURRENT))
        assert days, way
        for day in days:
            assert any(f"verified on {day}" in comments[id] for id in CURRENT)
            assert f"<time>{day}</time>" in service_prices.render()


@pytest.mark.parametrize("row", price_history.changed(), ids=lambda row: row.id)
def test_a_step_is_what_the_library_computed_before_and_after(row: Row) -> None:
    def computed(day: date) -> tuple[Decimal, Decimal]:
        moment = datetime.combine(day, time(12), UTC)
        prices = [
            calc_price(used, row.id, provider_id="openai", genai_request_timestamp=moment).total_price * 1000
            for used in (Usage(input_tokens=1000), Usage(output_tokens=1000))
        ]
        return prices[0], prices[1]

    assert len(row.begun) >= 2
    for before, after in zip(row.steps, row.steps[1:], strict=False):
        assert after.since
        for step, day in ((before, after.since - timedelta(days=1)), (after, after.since)):
            assert computed(day) == (step.rates.base["Input"], step.rates.base["Output"])


def test_every_model_whose_price_changed_has_a_chart_and_rows_in_the_table() -> None:
    text = price_history.render()
    charts = [re.sub(r"<[^>]+>", "", caption) for caption in re.findall(r"<figcaption>(.*?)</figcaption>", text)]
    assert charts == [row.id for row in CURRENT.values() if row.since]
    assert "gpt-5.6-luna" in charts
    steps = [(row.id, step) for row in price_history.changed() for step in row.begun]
    assert [(cells[0], cells[1]) for cells in table(text)] == [(id, str(step.since or "earlier")) for id, step in steps]
    for (_, _, *cells), (id, step) in zip(table(text), steps, strict=True):
        told = {name: step.rates.base[name] for name in FIELDS}
        told |= {name: None for model, since, name in price_history.DOUBTED if (model, since) == (id, step.since)}
        assert [dollars(cell) for cell in cells] == list(told.values())


def test_a_price_that_is_doubted_is_still_one_of_the_data() -> None:
    steps = {(row.id, step.since): step.rates.base for row in price_history.changed() for step in row.begun}
    assert all(steps[model, since][name] is not None for model, since, name in price_history.DOUBTED)


def drawings() -> Iterator[tuple[Row, ET.Element]]:
    found = re.findall(r"<svg.*?</svg>", price_history.render())
    for row, drawing in zip(price_history.changed(), found, strict=True):
        yield row, ET.fromstring(drawing)  # noqa: S314 the drawing is our own


def test_a_chart_tells_its_prices_and_days_in_words() -> None:
    for row, drawing in drawings():
        assert drawing.get("role") == "img"
        told = drawing.get("aria-label") or ""
        assert told.startswith(f"Step chart of {row.id}, dollars for a million tokens: input $")
        for step in row.begun:
            assert model_prices.money(step.rates.base["Input"]) in told
            assert model_prices.money(step.rates.base["Output"]) in told
            assert str(step.since or "") in told


def test_a_chart_is_drawn_to_scale() -> None:
    for row, drawing in drawings():
        highest = max(step.rates.base["Output"] or Decimal(0) for step in row.begun)
        for name in ("Input", "Output"):
            kind = name.lower()
            lines = [path.get("d") or "" for path in drawing.iter("path") if kind in (path.get("class") or "").split()]
            heights = [int(y) for line in lines for y in re.findall(r"(?:M\d+ |V)(\d+)", line)]
            prices = [step.rates.base[name] or Decimal(0) for step in row.begun]
            for height, price in zip(heights, [prices[0], *prices], strict=True):
                share = (price_history.BOTTOM - height) / (price_history.BOTTOM - price_history.TOP)
                assert share == pytest.approx(float(price / highest), abs=0.005)


def model(*prices: ConditionalPrice) -> ModelInfo:
    return ModelInfo("gpt-9", ClauseEquals("gpt-9"), prices=list(prices))


def cost(dollars: int) -> ModelPrice:
    return ModelPrice(input_mtok=Decimal(dollars), output_mtok=Decimal(5 * dollars))


def test_a_later_price_is_named_and_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = date(2026, 9, 1), as_of() + timedelta(days=10)
    changing = model(
        ConditionalPrice(prices=cost(9)),
        ConditionalPrice(StartDateConstraint(first), prices=cost(7)),
        ConditionalPrice(StartDateConstraint(first + timedelta(days=9)), prices=cost(7)),
        ConditionalPrice(StartDateConstraint(last), prices=cost(8)),
    )
    row = model_prices._row(changing, None)
    assert row.prices["Input"] == Decimal(7)
    assert row.since == first
    assert [step.since for step in row.steps] == [None, first, last], "a step without a change is none"
    monkeypatch.setattr(price_history, "rows", lambda: [row])
    text = price_history.render()
    assert f"The data already has a later price of `gpt-9`: from <time>{last}</time> $8 in and $40 out." in text
    assert text.count("$8") == 1
    assert len(table(text)) == 2


def test_prices_that_depend_on_the_hour_are_refused() -> None:
    night = ConditionalPrice(TimeOfDateConstraint(time(0), time(6)), prices=cost(1))
    with pytest.raises(ValueError, match="the price of gpt-9 depends on TimeOfDateConstraint"):
        model_prices.steps(model(ConditionalPrice(prices=cost(2)), night))


def test_a_promotional_price_is_flagged_as_the_ledger_says() -> None:
    statement = claims.ledger(ROOT)["sol-promotion"].statement
    (id,) = model_prices.PROMOTIONS
    promotion = model_prices.PROMOTIONS[id]
    assert f"{promotion.through:%B} {promotion.through.day}, {promotion.through.year}" in statement
    assert id.removeprefix("gpt-").replace("-", " ") in statement.lower()
    flagged = f"promotional at least through <time>{promotion.through}</time>" in model_prices.render()
    assert flagged == (ROWS[id].since == promotion.since), "until the data has a newer price"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-11-01", "at least through <time>2026-11-21</time>. Before, it was $9 in and $45 out. "),
        ("2026-11-21", "at least through <time>2026-11-21</time>. Before"),
        ("2026-11-22", "at least through <time>2026-11-21</time>. Before"),
        ("2026-11-26", "at least through <time>2026-11-21</time>. Before"),
        ("2026-08-20", None),
        ("2026-12-02", None),
    ],
)
def test_the_flag_of_a_promotional_price_knows_the_day_and_ends_with_a_newer_price(
    monkeypatch: pytest.MonkeyPatch, today: str, said: str | None
) -> None:
    monkeypatch.setenv("AS_OF", today)
    steps = [
        ConditionalPrice(prices=cost(9)),
        ConditionalPrice(StartDateConstraint(date(2026, 8, 21)), prices=cost(7)),
        ConditionalPrice(StartDateConstraint(date(2026, 12, 2)), prices=cost(8)),
    ]
    promotion = model_prices.Promotion(date(2026, 8, 21), date(2026, 11, 21))
    monkeypatch.setattr(model_prices, "PROMOTIONS", {"gpt-9": promotion})
    for known, later in ((steps, "has a later price."), (steps[:2], "has no later price.")):
        row = model_prices._row(model(*known), None)
        monkeypatch.setattr(model_prices, "rows", lambda row=row: [row])
        text = model_prices.render()
        if said:
            assert said in text
            assert later in text
        elif len(known) == 3 or today < "2026-09":
            assert "promotional" not in text


def test_limits_agree_with_the_claim() -> None:
    statement = claims.ledger(ROOT)["gpt-4o-output"].statement
    wanted = [int(found.replace(",", "")) for found in re.findall(r"\d+,\d+", statement)]
    row = ROWS["gpt-4o"]
    assert row.limits
    assert wanted == [row.limits.writes, row.context]
    assert row.disputed is None


def test_a_context_window_on_which_the_sources_disagree_is_flagged() -> None:
    tables = (model_prices.render(), model_limits.render())
    disputed = []
    for row in CURRENT.values():
        reads, writes = (row.limits.reads, row.limits.writes) if row.limits else (None, 0)
        if row.limits and row.context not in (reads, row.limits.reads + writes):
            disputed.append(row.id)
            for text in tables:
                assert f"{row.context:,}<br><small>or {reads:,}</small>" in text
    said = f"On the context window of {model_prices.code(disputed)} the sources disagree"
    assert (said in tables[1]) == bool(disputed)
    assert tables[0].count("<br><small>or ") == len(disputed), "and no other is"


def test_the_table_of_limits_has_every_model_once() -> None:
    found = re.findall(r"^\| (`.*?) \| (.*?) \| (.*?) \| (.*?) \|$", model_limits.render(), re.MULTILINE)
    named = [name for names, *_ in found for name in re.findall(r"`([^`]+)`", names)]
    assert sorted(named) == sorted(CURRENT)
    for names, context, reads, writes in found:
        for name in re.findall(r"`([^`]+)`", names):
            row = CURRENT[name]
            assert row.limits
            assert context == model_prices.window(row)
            assert number(writes) == row.limits.writes
            assert row.limits.reads == (row.disputed or row.context if reads == "the window" else number(reads))


def test_the_recorded_publication_is_that_of_the_installed_package() -> None:
    known = price_sources.release("genai-prices")
    assert known.version == version("genai-prices"), "uv run python -m docs._tools.data.price_sources"
    assert as_of() - timedelta(days=90) < known.published <= as_of()
    assert f"genai-prices {known.version}, published <time>{known.published}</time>" in model_prices.render()
    assert price_sources.release("litellm").published <= as_of()


def test_the_date_of_another_version_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"releases": {"genai-prices": {"version": "0.0.1", "published": "2020-01-01"}}}
    monkeypatch.setattr(price_sources, "recorded", lambda: other)
    assert price_sources.genai_prices() == f"genai-prices {version('genai-prices')}"


LOCK = """
lock-version = "1.0"

[[packages]]
name = "litellm"
version = "1.2.3"
wheels = [
    { url = "https://files.example/litellm-1.2.3-a.whl", upload-time = 2026-11-12T02:00:05Z },
    { url = "https://files.example/litellm-1.2.3-b.whl", upload-time = 2026-11-11T23:59:59Z },
]
"""


def test_a_release_is_published_with_its_first_file() -> None:
    assert price_sources.releases(LOCK) == {"litellm": price_sources.Release("1.2.3", date(2026, 11, 11))}


def test_a_release_without_an_upload_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"does not say when litellm 1\.2\.3 was uploaded"):
        price_sources.releases(LOCK.replace(", upload-time = 2026-11-11T23:59:59Z", ""))


def test_what_is_recorded_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = {"litellm_provider": "openai", "deprecation_date": "2026-12-11"}
    theirs = {
        "a": {"max_input_tokens": 2, "max_output_tokens": 1} | ends,
        "b": {"max_input_tokens": 2},
        "c": {},
        "ft:a": ends,
        "low/a": ends,
        "theirs": ends | {"litellm_provider": "azure"},
    }
    written = price_sources.record(price_sources.releases(LOCK), theirs, ["a", "b", "d"])
    monkeypatch.setattr(price_sources, "recorded", lambda: json.loads(written))
    assert price_sources.limits() == {"a": price_sources.Limits(2, 1)}
    assert price_sources.shutdowns() == {"a": "2026-12-11"}
    assert price_sources.release("litellm") == price_sources.Release("1.2.3", date(2026, 11, 11))
