"""What is due to be read again, and what is new."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from docs._tools.data import looked_at
from docs._tools.data.as_of import ROOT
from docs._tools.ledger.claims import OPENAI, Claim, LedgerError, due, footnotes, ledger
from docs._tools.ledger.freshness import LIVES, MEANINGS, Kind, overdue_since
from docs._tools.tables import freshness

READ = date(2026, 11, 20)


def claim(kind: Kind, openai: str | None = None) -> Claim:
    return Claim("a", "A fact.", "somewhere", None, READ, kind, openai)


@pytest.mark.parametrize(
    ("kind", "days"), [("price", 14), ("model", 14), ("limit", 60), ("behavior", 60), ("history", 180)]
)
def test_what_was_read_is_due_the_day_after_its_life(kind: Kind, days: int) -> None:
    assert overdue_since(kind, READ, READ + timedelta(days)) is None
    assert overdue_since(kind, READ, READ + timedelta(days + 1)) == f"due since {READ + timedelta(days + 1)}"


def test_each_kind_has_a_life_and_a_meaning() -> None:
    assert LIVES.keys() == MEANINGS.keys()


def test_what_the_sdk_says_is_due_when_its_version_moves_unless_a_test_proves_it() -> None:
    later = READ + timedelta(1_000)
    assert due(claim("sdk", OPENAI), later, proven=False) is None
    assert due(claim("sdk", "1.0.0"), READ, proven=False) == f"not yet read for openai {OPENAI}"
    assert due(claim("sdk", "1.0.0"), READ, proven=True) is None


def test_a_footnote_says_that_its_claim_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"a": claim("price")}
    monkeypatch.setenv("AS_OF", "2026-12-04")
    assert "read again" not in footnotes("It is $1.[^a]", known, [], None)
    monkeypatch.setenv("AS_OF", "2026-12-05")
    assert "It needs to be read again: due since 2026-12-05." in footnotes("It is $1.[^a]", known, [], None)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "source and kind go together"),
        ("  kind: rumor\n", "kind is one of"),
        ("  kind: sdk\n", "names the version of openai"),
        ("  kind: price\n  openai: '3.0.0'\n", "names the version of openai"),
    ],
)
def test_a_source_without_a_kind_or_a_version_is_refused(more: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    entry = f"- id: a\n  statement: A fact.\n  source: somewhere\n  checked: 2026-11-20\n{more}"
    (tmp_path / "docs" / "claims.yml").write_text(entry)
    with pytest.raises(LedgerError, match=said if "rumor" not in more else "kind"):
        ledger(tmp_path)


def test_everything_that_is_overdue_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert freshness.render().count("due since") == 0
    monkeypatch.setenv("AS_OF", "2027-05-01")
    table = freshness.render()
    listed = [known.id for known in ledger(ROOT).values() if known.kind not in (None, "sdk", "history")]
    assert len(listed) > 50
    assert all(f"- `{id}`: due since" in table for id in listed)
    assert "- which models OpenAI advises: due since" in table
    assert table.count("- what models take whose id matches") >= 10


def test_what_is_new_is_listed_by_kind_and_what_is_known_is_not() -> None:
    now = {"model": ["gpt-a", "gpt-b"], "event": ["x"], "price": []}
    assert looked_at.new(now, {"model": ["gpt-a"], "event": ["x"], "exception": ["Gone"]}) == {"model": ["gpt-b"]}
    assert looked_at.new(now, now) == {}


def test_a_new_model_a_moved_price_and_a_new_date_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = looked_at.looked_at()
    for kind, name in (("model", "gpt-6-luna"), ("exception", "RateLimitError"), ("event", "response.completed")):
        assert name in known[kind]
        before = {**known, kind: [other for other in known[kind] if other != name]}
        monkeypatch.setattr(freshness, "looked_at", lambda before=before: before)
        assert any(f"`{name}`" in line for line in freshness.new_lines()), kind
    (price,) = [entry for entry in known["price"] if entry.startswith("gpt-6-luna:")]
    moved = [entry for entry in known["price"] if entry != price] + [f"{price} as it was"]
    monkeypatch.setattr(freshness, "looked_at", lambda: {**known, "price": moved})
    assert f"- price `{price}`" in freshness.new_lines()


def test_accepting_writes_down_what_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(looked_at, "FILE", tmp_path / "looked_at.json")
    looked_at.accept({"model": ["gpt-a"]})
    assert json.loads((tmp_path / "looked_at.json").read_text("utf-8"))["model"] == ["gpt-a"]
    assert looked_at.looked_at() == {"model": ["gpt-a"]}
