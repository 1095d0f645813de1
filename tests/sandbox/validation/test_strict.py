"""What strict mode refuses about a schema is refused in the API's words."""

from typing import Any, Literal

import pytest

from openai_sandbox.validation.strict import problems, refusal

from ...good_requests import TEXT, closed

Schema = dict[str, Any]


@pytest.mark.parametrize(
    ("schema", "path", "message"),
    [
        (
            {"type": "object", "properties": {}},
            "()",
            "In context=(), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            closed({"a": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}}}),
            "('properties', 'a')",
            "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            closed({"x": TEXT}, required=[]),
            "()",
            "In context=(), 'required' is required to be supplied and to be an array including every key in "
            "properties. Missing 'x'.",
        ),
        (
            closed({"x": TEXT}, required=["x", "y"]),
            "()",
            "In context=(), 'required' is required to be supplied and to be an array including every key in "
            "properties. Extra required key 'y' supplied.",
        ),
        (
            closed({"ok": {"const": True}}),
            "('properties', 'ok')",
            "In context=('properties', 'ok'), schema must have a 'type' key.",
        ),
        (
            closed({"a": True}),
            "('properties', 'a')",
            "In context=('properties', 'a'), schema must have a 'type' key.",
        ),
        (
            {"type": "array", "items": TEXT},
            "()",
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
        ),
        (
            {"anyOf": [closed({})]},
            "()",
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
        ),
        (
            closed({}, anyOf=[closed({})]),
            "()",
            "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
        ),
        ({"oneOf": [closed({})]}, "()", "In context=(), 'oneOf' is not permitted."),
        (
            closed({"tags": {"type": "array", "items": TEXT, "uniqueItems": True}}),
            "('properties', 'tags')",
            "In context=('properties', 'tags'), 'uniqueItems' is not permitted.",
        ),
        (
            closed({"a": {"type": "array", "items": TEXT | {"not": TEXT}}}),
            "('properties', 'a', 'items')",
            "In context=('properties', 'a', 'items'), 'not' is not permitted.",
        ),
        (
            closed({"paths": {"type": "array"}}),
            "('properties', 'paths')",
            "In context=('properties', 'paths'), array schema missing items.",
        ),
        (
            {"type": "object", "additionalProperties": False},
            "()",
            "In context=(), object schema missing properties.",
        ),
        (
            closed({"url": TEXT | {"format": "uri"}}),
            "('properties', 'url')",
            "In context=('properties', 'url'), 'uri' is not a valid format.",
        ),
        (
            closed({"url": {"type": ["string", "null"], "format": "uri"}}),
            "('properties', 'url', 'type', '0')",
            "In context=('properties', 'url', 'type', '0'), 'uri' is not a valid format.",
        ),
        (
            closed({"guide": {"anyOf": [TEXT, {"type": "null", "enum": ["javascript"]}]}}),
            "('properties', 'guide', 'anyOf', '1')",
            "context=('properties', 'guide', 'anyOf', '1'), enum value javascript does not validate against "
            "{'type': 'null'}.",
        ),
        (
            closed({"a": {"$ref": "#/$defs/A", "description": "An A."}}, **{"$defs": {"A": TEXT}}),
            "('properties', 'a')",
            "context=('properties', 'a'), $ref cannot have keywords {'description'}.",
        ),
        (
            closed({"x": TEXT, "y": {"type": "array", "items": {"$ref": "#/properties/x"}}}),
            "('properties', 'y', 'items')",
            "In context=('properties', 'y', 'items'), reference can only point to definitions defined at the top level "
            "of the schema.",
        ),
        (
            closed({"verdict": {"$ref": "#/$defs/Verdict"}}),
            "('properties', 'verdict')",
            "In context=('properties', 'verdict'), reference to component '#/$defs/Verdict' which was not found in the "
            "schema.",
        ),
        (
            closed({}, **{"$defs": {"A": {"type": "object", "properties": {}}}}),
            "('$defs', 'A')",
            "In context=('$defs', 'A'), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            closed({"to": {"type": "array", "items": {"anyOf": [TEXT | {"pattern": r"^(?!x)\w"}]}}}),
            "$.properties.to.items.anyOf[0].pattern",
            "regex lookaround is not supported. Found at $.properties.to.items.anyOf[0].pattern.",
        ),
        (closed({"a": TEXT | {"pattern": r"^\p{L}$"}}), "('properties', 'a')", r"'^\\p{L}$' is not a 'regex'."),
        ({"type": "object", "properties": {}, "required": None}, "()", "None is not of type 'array'."),
        ({"type": "object", "properties": {}, "required": [1]}, "()", "1 is not of type 'string'."),
        ([], "()", "[] is not of type 'object', 'boolean'."),
        (
            closed({"a": {"type": "str"}}),
            "('properties', 'a')",
            "'str' is not valid under any of the given schemas.",
        ),
    ],
)
def test_what_strict_mode_refuses_is_refused_in_the_apis_words(schema: Any, path: str, message: str) -> None:
    assert problems(schema) == (path, message)


def deep(levels: int) -> Schema:
    schema: Schema = TEXT
    for _ in range(levels):
        schema = closed({"a": schema})
    return schema


def options(*counts: int, length: int = 6) -> Schema:
    return closed(
        {f"e{i}": TEXT | {"enum": [f"{n:0{length}}" for n in range(count)]} for i, count in enumerate(counts)}
    )


@pytest.mark.parametrize(
    ("fitting", "too_large", "message"),
    [
        (
            closed({f"p{number}": TEXT for number in range(5000)}),
            closed({f"p{number}": TEXT for number in range(5001)}),
            "5001 parameters exceeds limit of 5000.",
        ),
        (deep(10), deep(11), "11 levels of nesting exceeds limit of 10."),
        (
            options(250, 250, 250, 250),
            options(250, 250, 250, 251),
            "Expected at most 1000 enum values in total within a single schema when using structured outputs, but "
            "received 1001. Consider reducing the number of enums, or use 'strict: false' to opt out of structured "
            "outputs.",
        ),
        (
            options(250, length=100),
            options(251, length=100),
            "Expected at most 15000 total characters across enum values when there are more than 250 enum values, but "
            "received 25100. Consider reducing the number of enums, or opt out of structured outputs by setting "
            "'strict: false'.",
        ),
    ],
)
def test_schemas_have_a_size_limit(fitting: Schema, too_large: Schema, message: str) -> None:
    assert problems(fitting) is None
    assert problems(too_large) == ("()", message)


@pytest.mark.parametrize(
    "schema",
    [
        closed({}),
        closed({"a": TEXT | {"default": "x", "title": "A", "examples": ["x"], "unheard_of": 1}}),
        closed({"a": {"type": ["string", "null"], "enum": ["x", None]}}),
        closed({"a": {"type": "number", "minimum": 0, "exclusiveMaximum": 9, "multipleOf": 0.5}}),
        closed({"a": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 3}}),
        closed({"a": TEXT | {"pattern": r"^[(?=]\(\?!$"}}),
        closed({"a": TEXT | {"minLength": 1, "maxLength": 9}}),
        closed({"a": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/b"}]}}, definitions={"b": TEXT}),
        closed({"oneOf": TEXT, "not": TEXT, "format": TEXT | {"format": "date"}}),
    ],
)
def test_what_is_not_known_to_be_refused_passes(schema: Schema) -> None:
    assert problems(schema) is None


def test_without_strict_mode_a_function_needs_little() -> None:
    assert problems({"type": "object", "properties": {"a": {"oneOf": [TEXT, {}]}}}, strict=False) is None
    assert problems({"type": "object"}, strict=False) == ("()", "In context=(), object schema missing properties.")
    missing = {"type": "object", "properties": {"a": {"anyOf": [{"type": "array"}]}}}
    message = "In context=('properties', 'a', 'anyOf', '0'), array schema missing items."
    assert problems(missing, strict=False) == ("('properties', 'a', 'anyOf', '0')", message)
    assert refusal({"type": "object"}, "response_format", "r", strict=False) is None


@pytest.mark.parametrize(
    ("where", "param", "code"),
    [
        ("function", "tools[1].parameters", "invalid_function_parameters"),
        ("text.format", "text.format.schema", "invalid_json_schema"),
        ("response_format", "response_format", None),
    ],
)
def test_a_refusal_names_what_the_schema_belongs_to(
    where: Literal["function", "text.format", "response_format"], param: str, code: str | None
) -> None:
    assert refusal(closed({}), where, "Answer", param="tools[1].parameters") is None
    error = refusal(TEXT, where, "Answer", param="tools[1].parameters")
    assert error is not None
    word = "function" if where == "function" else "response_format"
    assert (error.status, error.type, error.param, error.code) == (400, "invalid_request_error", param, code)
    sentence = "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"string\"'."
    assert error.message == f"Invalid schema for {word} 'Answer': {sentence}"


@pytest.mark.parametrize(("where", "param"), [("function", "tools"), ("text.format", "text.format.schema")])
def test_lookarounds_are_refused_in_other_words(where: Literal["function", "text.format"], param: str) -> None:
    error = refusal(closed({"a": TEXT | {"pattern": "(?<=x)y"}}), where, "f", param="tools[0].parameters")
    assert error is not None
    assert (error.param, error.code) == (param, "invalid_json_schema")
    assert error.message == ("Invalid JSON schema: regex lookaround is not supported. Found at $.properties.a.pattern.")
