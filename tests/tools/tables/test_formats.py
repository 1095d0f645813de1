"""The tables about formats of answers list every member, and say what the SDK sends and what the sandbox answers."""

import re

import pytest

from docs._tools.data.files import DataError
from docs._tools.tables import formats, strict_schemas


def test_each_member_of_a_format_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "| the JSON Schema | `text.format.schema` | `response_format.json_schema.schema` |" in formats.members()
    # Not delitem, which puts a member back at the end.
    monkeypatch.setattr(
        formats, "MEMBERS", {name: paths for name, paths in formats.MEMBERS.items() if name != "strict mode"}
    )
    with pytest.raises(DataError, match=r"not explained: text\.format\.strict"):
        formats.members()


def test_each_type_is_listed_with_its_own_words() -> None:
    listed = formats.types()
    assert re.findall(r'^`"(.*)"`$', listed, re.MULTILINE) == ["text", "json_schema", "json_object"]
    assert "earn more" not in listed


def test_an_event_that_the_sdk_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.EVENTS, "another", ("response.output_text.delta", "content.end"))
    with pytest.raises(DataError, match=r"no event content\.end"):
        formats.events()


def test_a_refusal_that_is_another_error_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "REFUSED", (formats.REFUSED[0]._replace(id="invalid_value"),))
    with pytest.raises(DataError, match=r"Missing required parameter: 'text\.format\.name'"):
        formats.refusals()


def test_the_code_of_a_refused_schema_depends_on_the_api() -> None:
    *_, responses, chat = formats.refusals().strip().split("\n\n")
    assert "param `text.format.schema`, code `invalid_json_schema`" in responses
    assert "code" not in chat.partition("\n")[0]


def test_what_the_sdk_sends_for_each_type_is_listed() -> None:
    listed = strict_schemas.written()
    assert listed.count("\n:   ") == len(strict_schemas.ACCEPTED)
    assert '`date`\n:   `{"format": "date", "type": "string"}`' in listed
    assert '"title"' not in listed
    (entry,) = re.findall(r"^another class\n(.*)", listed, re.MULTILINE)
    assert '"required": ["kind", "cents"], "type": "object", "additionalProperties": false' in entry


def test_a_limit_that_the_message_does_not_say_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "| levels of objects and lists inside each other | 10 |" in strict_schemas.limits()
    monkeypatch.setitem(strict_schemas.LIMITS, "schema.levels_limit", ("levels", 9))
    with pytest.raises(DataError, match="does not say 9"):
        strict_schemas.limits()


def test_limits_are_no_rules() -> None:
    assert "exceeds limit" not in strict_schemas.rules()
    assert strict_schemas.rules().count("\n:   ") == len(strict_schemas.RULES) - len(strict_schemas.LIMITS)
