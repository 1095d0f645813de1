"""A wrong entry of any data file is refused with the file, the entry and what to do about it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from pydantic import Field
from pydantic.dataclasses import dataclass

from docs._tools.data import price_sources
from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.files import CLOSED, OPENED, DataError, checked, load, load_list
from docs._tools.ledger import claims
from docs._tools.site import notes
from docs._tools.tables import (
    corrections,
    error_codes,
    error_pages,
    exception_sections,
    mocks,
    object_fields,
    sandbox,
    versions,
)


@dataclass(frozen=True, slots=True, config=CLOSED)
class Shade:
    """A part of an entry."""

    dark: bool


@dataclass(frozen=True, slots=True, config=CLOSED)
class Color:
    """An entry."""

    name: str
    code: Annotated[str, Field(pattern="^#[0-9a-f]{6}$", description="a color like #0f766e")]
    shade: Shade | None = None


GOOD: dict[str, Any] = {"name": "teal", "code": "#0f766e"}
HAS = "has name and code, all of them, may have shade and nothing else"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD | {"hue": 1}, f"{HAS}: unknown hue"),
        ({"name": "teal"}, f"{HAS}: missing code"),
        (GOOD | {"code": "teal"}, "code is a color like #0f766e, not 'teal'"),
        (GOOD | {"name": 7}, "name: input should be a valid string, not 7: correct it"),
        (GOOD | {"shade": {"dark": True, "deep": 1}}, "shade has dark, all of them and nothing else: unknown deep"),
        ("teal", f"{HAS}, not 'teal'"),
    ],
)
def test_what_is_wrong_is_said_with_the_place_and_the_remedy(row: object, said: str) -> None:
    with pytest.raises(DataError) as caught:
        checked(Color, row, "colors.yml: teal")
    assert str(caught.value) == f"colors.yml: teal: {said}"


def test_a_good_entry_is_read_and_cannot_be_changed() -> None:
    color = checked(Color, GOOD | {"shade": {"dark": True}}, "colors.yml")
    assert color == Color("teal", "#0f766e", Shade(True))
    with pytest.raises(AttributeError):
        color.name = "red"  # type: ignore[misc]


@pytest.mark.parametrize(("name", "text"), [("a.yml", "["), ("a.json", "{")])
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=rf"^docs/{name} is not (YAML|JSON): .*: fix it there$"):
        load(tmp_path / name, f"docs/{name}")
    assert (tmp_path / name).resolve() in OPENED


def test_a_list_is_asked_for_and_an_empty_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("")
    assert load_list(tmp_path / "a.yml", "a.yml") == []
    (tmp_path / "a.yml").write_text("a: 1")
    with pytest.raises(DataError, match=r"^a\.yml: a list of entries belongs here"):
        load_list(tmp_path / "a.yml", "a.yml")


def first_of_all(data: Any) -> Any:
    return data[0]


def in_a_field(data: Any) -> Any:
    return next(note for note in data["response-fields"].values() if isinstance(note, dict))


# The file, where in it a key nobody knows is put, what reads it, and what holds its path where that is no argument.
READERS: list[tuple[str, Callable[[Any], Any], Callable[[Path], object], Any, str]] = [
    ("docs/claims.yml", first_of_all, claims.ledger, None, ""),
    ("docs/notes.yml", first_of_all, lambda root: notes.notes(root, as_of()), None, ""),
    ("docs/about/corrections.yml", first_of_all, corrections.corrections, None, ""),
    ("docs/about/versions.yml", first_of_all, lambda _: versions.remedies.__wrapped__(), versions, "REMEDIES"),
    ("docs/reference/fields.yml", in_a_field, lambda _: object_fields.notes(), object_fields, "NOTES"),
    ("docs/errors/problems/money.yml", first_of_all, lambda _: error_pages.problems(), error_pages, "ERRORS"),
    (
        "docs/errors/exception-texts.yml",
        lambda data: data["sections"][0],
        lambda _: exception_sections.sections(),
        exception_sections,
        "DATA",
    ),
    ("docs/errors/code-remedies.yml", lambda data: data, lambda _: error_codes.remedies(), error_codes, "DATA"),
    (
        "docs/_tools/data/price_sources.json",
        lambda data: data["releases"]["litellm"],
        lambda _: price_sources.recorded.__wrapped__(),
        price_sources,
        "FILE",
    ),
    ("docs/_tools/data/mocks.json", lambda data: data, lambda _: mocks.results.__wrapped__(), mocks, "DATA"),
    ("docs/_tools/data/mocks_reviewed.json", first_of_all, lambda _: mocks.reviewed.__wrapped__(), mocks, "REVIEWED"),
    ("sandbox/behavior.json", first_of_all, lambda _: sandbox.behaviors(), sandbox, "DATA"),
]


@pytest.mark.parametrize(
    ("file", "entry", "read", "module", "constant"), READERS, ids=[Path(reader[0]).name for reader in READERS]
)
def test_a_key_that_nobody_knows_is_refused_in_every_data_file(
    file: str,
    entry: Callable[[Any], Any],
    read: Callable[[Path], object],
    module: Any,
    constant: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    data = yaml.safe_load((ROOT / file).read_text("utf-8")) or [{}]
    entry(data)["hue"] = ""
    spoiled = tmp_path / file
    spoiled.parent.mkdir(parents=True)
    spoiled.write_text(json.dumps(data, default=str), "utf-8")
    if not (tmp_path / "docs" / "claims.yml").exists():
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / "claims.yml").write_text("")
    if module is not None:
        monkeypatch.setattr(module, constant, spoiled if constant != "ERRORS" else spoiled.parent)
        monkeypatch.setattr(module, "ROOT", tmp_path)
    with pytest.raises(DataError) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(f"{file}: ")
    assert "hue" in str(caught.value)
    assert "\n" not in str(caught.value)
