"""The published files fit their schemas, the schemas are strict, and each says what the pages say."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.shutdowns import shutdowns
from docs._tools.ledger import pages
from docs._tools.ledger.claims import OPENAI
from docs._tools.site.page_markdown import sources
from docs._tools.site.site_data import files
from docs._tools.site.site_data.problems import Problems
from docs._tools.tables import error_pages, model_prices

GIVEN = sources(ROOT, None)
FILES = {path: json.loads(text) for path, text in files.files(GIVEN).items()}
NAMES = ("snippets", "problems", "claims", "models", "prices")
FEWEST = {"snippets": 250, "problems": 50, "claims": 200, "models": 80, "prices": 15}


def published(name: str) -> dict[str, Any]:
    document: dict[str, Any] = FILES[f"data/{name}.json"]
    return document


def entries(name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = published(name)["models" if name == "prices" else name]
    return listed


def entry(name: str, key: str, value: str) -> dict[str, Any]:
    (found,) = (row for row in entries(name) if row[key] == value)
    return found


def check(name: str, document: object) -> None:
    schema = FILES[f"data/{name}.schema.json"]
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)


def objects(schema: object) -> list[dict[str, Any]]:
    """Return the schemas of objects with fixed members, inside a schema."""
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    inside = [found for part in parts for found in objects(part)]
    return [schema, *inside] if isinstance(schema, dict) and isinstance(schema.get("properties"), dict) else inside


@pytest.mark.parametrize("name", NAMES)
def test_a_file_fits_its_schema_and_says_what_it_was_made_with(name: str) -> None:
    document = published(name)
    check(name, document)
    assert len(entries(name)) >= FEWEST[name]
    assert document["$schema"] == f"{name}.schema.json"
    assert (document["version"], document["as_of"], document["openai"]) == (1, str(as_of()), OPENAI)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_describes_every_member_requires_all_and_allows_no_other(name: str) -> None:
    schema = FILES[f"data/{name}.schema.json"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    found = objects(schema)
    assert found
    for described in found:
        assert described["additionalProperties"] is False
        assert described["description"]
        assert set(described["required"]) == set(described["properties"])
        for member, of in described["properties"].items():
            assert member == "$schema" or of["description"].endswith("."), member


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_does_not_fit(name: str) -> None:
    listed = "models" if name == "prices" else name
    breaks: list[Callable[[dict[str, Any]], object]] = [
        lambda document: document.pop("version"),
        lambda document: document.update(version=2),
        lambda document: document.update(as_of="yesterday"),
        lambda document: document.update(extra=1),
        lambda document: document[listed][0].update(extra=1),
        lambda document: document[listed][-1].popitem(),
        lambda document: document[listed].append(None),
    ]
    for spoil in breaks:
        document = deepcopy(published(name))
        spoil(document)
        with pytest.raises(ValidationError):
            check(name, document)


def test_every_file_below_snippets_is_published_once_or_is_the_output_of_one_that_is() -> None:
    listed = [snippet["path"] for snippet in entries("snippets")]
    assert len(listed) == len(set(listed))
    files = pages.snippet_files(ROOT / "snippets")
    assert set(listed) == {path for path in files if not path.endswith(".out")}
    printed = {str(Path(path).with_suffix(".out")) for path in listed}
    assert {path for path in files if path.endswith(".out")} <= printed


def test_a_snippet_has_its_place_output_and_needs() -> None:
    ask = entry("snippets", "path", "lessons/first_call/ask.py")
    assert (ask["page"], ask["kind"], ask["language"]) == ("lessons/first-call/", "script", "python")
    assert "--8<--" not in "".join(snippet["code"] for snippet in entries("snippets"))
    assert ask["output"]
    assert "openai" in ask["imports"]
    paced = next(snippet for snippet in entries("snippets") if snippet["needs"] == ["aiolimiter"])
    assert "aiolimiter" in paced["imports"]
    errors = entry("snippets", "path", "lessons/first_call/errors.py")
    assert "connection_drop x2" in errors["sandbox"]
    assert not any("..." in (s["output"] or "") and "0.4..." in s["output"] for s in entries("snippets"))


def test_the_kind_of_a_snippet_tells_what_it_is_for() -> None:
    kinds = {snippet["path"]: snippet["kind"] for snippet in entries("snippets")}
    assert all(kinds[problem["fails"]] == "counterexample" for problem in entries("problems"))
    assert all(kinds[problem["fixed"]] in ("script", "recipe") for problem in entries("problems"))
    assert set(kinds.values()) == {"script", "recipe", "test", "fixtures", "counterexample", "other"}
    assert all(kind == "test" for path, kind in kinds.items() if re.search(r"/test_\w+\.py$", path))


def test_no_snippet_imports_a_neighbor_or_the_standard_library_as_if_from_an_index() -> None:
    imported = {name for snippet in entries("snippets") for name in snippet["imports"]}
    assert {"openai", "dotenv", "pydantic", "fastapi", "pytest", "openai_sandbox"} <= imported
    assert not {"os", "asyncio", "snippets", "support", "__future__"} & imported


def test_claims_have_their_ground_and_the_pages_that_cite_them() -> None:
    assert [claim["id"] for claim in entries("claims")] == list(GIVEN.ledger)
    for claim in entries("claims"):
        grounds = [word for word, there in (("proven", claim["proofs"]), ("sourced", claim["source"])) if there]
        assert claim["evidence"] == " and ".join(grounds)
        assert claim["pages"]
        assert claim["library"] == GIVEN.ledger[claim["id"]].library
    assert entry("claims", "id", "dotenv-utf16")["library"] == "python-dotenv"
    stateless = entry("claims", "id", "requests-stateless")
    assert stateless["source"]["url"].startswith("https://developers.openai.com/")
    assert "lessons/first-call/" in entry("claims", "id", "request-shape")["pages"]
    assert entry("claims", "id", "request-shape")["proofs"][0].startswith("tests/proofs/test_requests.py::test_")


def test_models_have_their_snapshots_and_the_shutdown_dates_of_every_source() -> None:
    assert entry("models", "id", "gpt-4o")["snapshots"] == [
        "gpt-4o-2024-05-13",
        "gpt-4o-2024-08-06",
        "gpt-4o-2024-11-20",
    ]
    for model in entries("models"):
        end = shutdowns().get(model["id"])
        assert bool(model["shutdown"]) == bool(end)
        if end:
            assert model["shutdown"]["day"] == str(end.day) == min(model["shutdown"]["sources"].values())
    assert set(shutdowns()["gpt-4o-mini"].said) == set(entry("models", "id", "gpt-4o-mini")["shutdown"]["sources"])


def test_families_accept_what_the_table_says() -> None:
    (luna,) = (family for family in published("models")["families"] if "gpt-6-luna" in family["models"])
    assert luna["default_effort"] == "medium"
    accepted = {(found["api"], found["parameter"]): found for found in luna["parameters"]}
    assert accepted["responses", "temperature"]["accepted"] is True
    assert accepted["responses", "temperature"]["efforts"] == ["none"]
    assert accepted["chat.completions", "stop"]["accepted"] is None
    assert accepted["chat.completions", "max_tokens"]["accepted"] is False


def test_prices_and_limits_are_those_of_the_tables() -> None:
    rows = {row.id: row for row in model_prices.rows() if not row.past}
    assert [price["id"] for price in entries("prices")] == list(rows)
    for price in entries("prices"):
        row = rows[price["id"]]
        for name, title in (("input", "Input"), ("cached", "Cached input"), ("cache_write", "Cache write")):
            expected = row.prices[title]
            assert price["standard"][name] == (None if expected is None else float(expected))
        assert bool(price["standard"]["long"]) == bool(row.long_from)
        for way in model_prices.WAYS:
            assert (price[way.lower()] is None) == (way not in row.ways)
        if price["batch"]:
            assert price["batch"]["input"] == float(row.ways["Batch"].base["Input"] or 0)
            assert bool(price["batch"]["long"]) == any(row.ways["Batch"].long.values())
        assert row.limits
        assert (price["reads"], price["writes"]) == (row.limits.reads, row.limits.writes)
        assert price["window"] == min(row.context or 0, row.disputed or row.context or 0)
        assert price["promised"] == (str(row.promised) if row.promised else None)
        assert price["shutdown"] == (str(row.shutdown) if row.shutdown else None)
        assert price["since"] == (str(row.since) if row.since else None)


def test_a_problem_has_its_messages_and_plain_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    programs = tmp_path / "snippets" / "errors" / "some_page"
    programs.mkdir(parents=True)
    (programs / "some_problem_fails.out").write_text("openai.BadRequestError: this is wrong\n")
    problem = {
        "id": "some-problem",
        "title": "Some problem",
        "symptom": "It fails.[^a-claim]",
        "cause": "See [this](x.md).",
        "fix": "Do it right.",
        "messages": ["another wording"],
        "raises": {"type": "openai.BadRequestError", "status": 400, "message": "wrong"},
        "evidence": "replayed",
        "read": "2026-11-20",
    }
    (tmp_path / "some-page.yml").write_text(json.dumps([problem]))
    monkeypatch.setattr(error_pages, "ERRORS", tmp_path)
    monkeypatch.setattr(error_pages, "SNIPPETS", tmp_path / "snippets")
    (found,) = Problems.read().problems
    assert found.messages == ["openai.BadRequestError: this is wrong", "another wording"]
    assert (found.symptom, found.cause) == ("It fails.", "See this.")
    assert (found.url, found.status) == ("errors/some-page/#some-problem", 400)
    assert (found.exception, found.fails) == ("openai.BadRequestError", "errors/some_page/some_problem_fails.py")
