"""Committed JSON is written so that a change of one row is a change of a few lines."""

import json
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.data.json_form import WIDTH, in_form, main

PACKAGE = ROOT / "sandbox" / "openai_sandbox"
BY_HAND = (
    "api/batch_errors.json",
    "model/answers.json",
    "model/embeddings.json",
    "model/families.json",
    "model/moderation.json",
    "stages/rate_limits.json",
    "validation/bounds.json",
    "wire/errors.json",
)


@pytest.mark.parametrize("name", BY_HAND)
def test_rows_written_by_hand_are_in_the_form(name: str) -> None:
    text = (PACKAGE / name).read_text("utf-8")
    remedy = f"uv run python -m docs._tools.data.json_form sandbox/openai_sandbox/{name}"
    assert text == in_form(json.loads(text)) + "\n", remedy


def test_what_fits_is_on_one_line_and_what_does_not_is_a_line_a_member() -> None:
    short = {"a": [1, 2], "b": None}
    assert in_form(short) == '{"a": [1, 2], "b": null}'
    long = {"a": "x" * 70, "b": ["y" * 60, {"c": "z" * 60}]}
    written = in_form([short, long])
    assert json.loads(written) == [short, long]
    assert written.splitlines()[:3] == ["[", ' {"a": [1, 2], "b": null},', " {"]
    assert max(map(len, written.splitlines())) <= WIDTH


def test_a_file_is_rewritten_in_the_form_and_holds_the_same(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('[\n  {\n    "id": "é"\n  }\n]\n', "utf-8")
    main([str(path)])
    assert path.read_text("utf-8") == '[{"id": "é"}]\n'


def test_the_request_schemas_have_one_property_a_line() -> None:
    text = (PACKAGE / "validation" / "parameters.json").read_text("utf-8")
    schemas = json.loads(text)
    types = [*schemas.pop("$defs").values(), *(schema for schema in schemas.values() if isinstance(schema, dict))]
    properties = [name for schema in types for name in schema.get("properties", {})]
    lines = [line for line in text.splitlines() if line.startswith("  ")]
    assert len(lines) == len(properties) > 500
