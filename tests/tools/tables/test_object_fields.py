"""The lists of fields say what the SDK says, and a note on a field has to fit it."""

from pathlib import Path

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.statements import FACTS
from docs._tools.tables import object_fields
from docs._tools.tables.object_fields import Field, FieldError, Note, said_of


def test_members_of_a_union_are_told_apart_by_their_type() -> None:
    found = object_fields.members(Response.model_fields["output"].annotation)
    assert found["[message]"].__name__ == "ResponseOutputMessage"
    assert found["[reasoning]"].__name__ == "ResponseReasoningItem"
    assert object_fields.members(Response.model_fields["usage"].annotation).keys() == {""}
    assert object_fields.members(ChatCompletion.model_fields["choices"].annotation).keys() == {"[]"}
    assert object_fields.members(Response.model_fields["metadata"].annotation) == {}


def test_a_note_goes_before_the_sdk_and_a_type_of_one_value_fills_in() -> None:
    field = Field("type", '"reasoning"', False, "")
    assert said_of(field, Note()) == ['Always "reasoning".']
    assert said_of(Field("id", "str", False, "The id."), Note()) == ["The id."]
    assert said_of(Field("id", "str", False, "The id."), Note("Its name.", costs="nothing.")) == [
        "Its name.",
        "**Cost:** nothing.",
    ]
    assert said_of(Field("x", '"a" | "b"', True, ""), Note(absent="now.")) == ["**Absent** now."]


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        ("usage.input_tokens: {means: Tokens.}", r"usage\.input_tokens: a note has no \['means'\]"),
        ("usage.input_tokens: {absent: never.}", r"usage\.input_tokens: by its type it is never None"),
        ("output[message].words: Words.", r"has no field \['output\[message\]\.words'\]"),
        ("output[program].code: Code.", r"has no field \['output\[program\]\.code'\]"),
    ],
)
def test_a_note_that_does_not_fit_is_refused(
    note: str, problem: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(object_fields, "ROOT", tmp_path)
    monkeypatch.setattr(object_fields, "NOTES", tmp_path / "fields.yml")
    (tmp_path / "fields.yml").write_text(f"response-fields:\n  {note}\n")
    with pytest.raises(FieldError, match=problem):
        object_fields.notes()


def test_a_note_states_nothing_that_would_need_a_citation() -> None:
    for name, notes in object_fields.notes().items():
        for path, note in notes.items():
            said = f"{note.meaning} {note.absent} {note.costs}"
            for what, pattern in FACTS.items():
                assert not pattern.search(said), f"{name}: {path} states {what}: {said}"


def test_the_notes_are_read_from_the_committed_file() -> None:
    assert object_fields.NOTES == ROOT / "docs" / "reference" / "fields.yml"
    assert len(object_fields.notes()["response-fields"]) >= 30


def test_fields_carry_the_types_and_words_of_the_sdk() -> None:
    found = {field.path: field for field in object_fields.fields(*object_fields.OBJECTS["chat-completion-fields"])}
    assert found["choices[].finish_reason"].type.startswith('"stop" | "length"')
    assert found["usage"].optional
    assert not found["id"].optional
    assert found["choices[].index"].said == "The index of the choice in the list of choices."
    assert {path for path in found if "." not in path} == set(ChatCompletion.model_fields)


def test_a_note_on_a_field_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    notes = ROOT / ".cache" / f"{tmp_path.name}.yml"
    notes.parent.mkdir(exist_ok=True)
    monkeypatch.setattr(object_fields, "NOTES", notes)
    try:
        notes.write_text("chat-completion-fields:\n  choices[].text: The text.\n")
        with pytest.raises(object_fields.FieldError, match=r"has no field \['choices\[\]\.text'\]"):
            object_fields.notes()
        notes.write_text("completion-fields:\n  id: The id.\n")
        with pytest.raises(object_fields.FieldError, match="there is no object 'completion-fields'"):
            object_fields.notes()
    finally:
        notes.unlink()
