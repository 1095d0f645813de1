"""Advice that names models comes from one dated file, and every claim of the same page says what the file says."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.model_advice import Named, advice
from docs._tools.data.shutdowns import Shutdown, shutdowns
from docs._tools.ledger import claims
from docs._tools.tables import model_advice, model_prices
from docs._tools.tables.corrections import corrections

MODEL = re.compile(r"`(gpt-[\w.-]+|o\d[\w-]*)`")
NAMED = [model.id for model in advice().models]
PRICED = {row.id: row for row in model_prices.rows()}
OLDEST = timedelta(days=180)


def test_claims_of_the_models_page_name_its_models_and_have_its_date() -> None:
    found = [claim for claim in claims.ledger(ROOT).values() if re.search("models page (names|lists)", claim.statement)]
    assert {id for claim in found for id in MODEL.findall(claim.statement)} == set(NAMED)
    assert {(claim.checked, claim.source, claim.url) for claim in found} == {
        (advice().read, advice().source, advice().url)
    }


def test_the_model_for_readers_who_are_not_sure_is_named_on_the_page() -> None:
    assert advice().unsure in NAMED
    claim = claims.ledger(ROOT)["models-page-advice"]
    assert f"names `{advice().unsure}` as the model to use if you are not sure where to start" in claim.statement


def test_corrections_that_quote_the_models_page_name_no_model_that_it_no_longer_names() -> None:
    quoting = [row for row in corrections() if "models page" in row.true]
    assert quoting
    for row in quoting:
        sentence = row.true.partition("models page")[2].partition(".")[0]
        assert set(MODEL.findall(sentence)) <= set(NAMED), row.id


def test_the_advice_is_shown_with_its_date() -> None:
    text = model_advice.render()
    assert re.findall(r"^- `([^`]+)`", text, re.MULTILINE) == NAMED
    assert f"read <time>{advice().read}</time>" in text
    assert f"OpenAI itself suggests `{advice().unsure}` if you are not sure." in text
    assert date.today() + timedelta(days=1) >= advice().read >= as_of() - OLDEST, "read the page again"


def test_no_model_that_is_advised_has_an_announced_end() -> None:
    assert not set(NAMED) & set(shutdowns())


def test_an_announced_end_is_shown_beside_the_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    end = Shutdown({"litellm": date(2027, 4, 1)})
    monkeypatch.setattr(model_advice, "shutdowns", lambda: {NAMED[0]: end})
    assert ", until it shuts down on <time>2027-04-01</time>" in model_advice.render()


def test_the_cheapest_model_comes_first_and_the_lessons_use_it() -> None:
    prices = [model.input + model.output for model in advice().models]
    assert prices == sorted(prices)
    assert f'model="{NAMED[0]}"' in Path(ROOT, "snippets/lessons/first_call/ask.py").read_text("utf-8")


@pytest.mark.parametrize("model", advice().models, ids=lambda model: model.id)
def test_the_prices_of_the_page_are_those_of_the_package_where_it_has_them(model: Named) -> None:
    if model.id in PRICED:
        assert (PRICED[model.id].prices["Input"], PRICED[model.id].prices["Output"]) == (model.input, model.output)
    else:
        (row,) = [line for line in model_prices.render().splitlines() if line.startswith(f"| `{model.id}`")]
        assert f"from OpenAI's models page, read <time>{advice().read}</time>" in row
        amounts = [model_prices.money(price) for price in (model.input, None, None, model.output)]
        assert f" | {' | '.join(amounts)} | " in row
    assert Decimal(0) < model.input < model.output


def test_a_model_of_the_page_has_one_row_once_the_package_has_a_price(monkeypatch: pytest.MonkeyPatch) -> None:
    priced = advice().models[0]
    assert priced.id in PRICED and priced not in model_prices.unpriced()
    rows = [row for row in model_prices.rows() if row.id != priced.id]
    monkeypatch.setattr(model_prices, "rows", lambda: rows)
    assert priced in model_prices.unpriced()
    assert model_prices.render().count(f"\n| `{priced.id}`") == 1


@pytest.mark.parametrize("path", ["snippets/reference/models_and_prices/compare.py", "docs/labs/spend.py"])
def test_what_compares_models_has_every_advised_one_that_has_a_price(path: str) -> None:
    source = (ROOT / path).read_text("utf-8")
    assert [id for id in NAMED if id in PRICED and f'"{id}"' not in source] == []
