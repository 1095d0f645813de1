"""Requests that are much work: an answer, or a 400 that names the place, and never a failure or a long wait.

How long each may take here is generous, for a machine that does other things; the benchmark says how long it takes.
"""

import json
import time
from typing import Any

import pytest

from openai_sandbox.core import Core

from ...good_requests import CHAT, EMBEDDINGS, FILES, KEY, RESPONSES, TEXT, closed
from ..client import ask

PATIENCE = 20.0
LUNA = "gpt-6-luna"


def schema_body(schema: Any, *, strict: bool = False, prompt: str = "Say hello") -> dict[str, Any]:
    form = {"type": "json_schema", "name": "a", "strict": strict, "schema": schema}
    return {"model": LUNA, "input": prompt, "text": {"format": form}}


def doubling(levels: int) -> dict[str, Any]:
    def two(level: int) -> dict[str, Any]:
        return closed({key: {"$ref": f"#/$defs/d{level + 1}"} for key in "ab"})

    return {f"d{level}": two(level) if level < levels else closed({"a": TEXT}) for level in range(levels + 1)}


def nested_arrays(depth: int, length: int) -> dict[str, Any]:
    return {"type": "array", "minItems": length, "items": nested_arrays(depth - 1, length)} if depth else TEXT


ALL_OF = {f"l{n}": {"allOf": [{"$ref": f"#/$defs/l{n + 1}"}] * 2} for n in range(24)} | {"l24": TEXT}
URL = r"^(https?:\/\/)?([\da-z\.-]+)\.([a-z\.]{2,6})([\/\w \.-]*)*\/?$"
TITLE = 'The title is "The quick brown fox jumps over the lazy dog again"'

ANSWERED: dict[str, dict[str, Any]] = {
    "a title and a pattern that backtracks": schema_body(
        closed({"title": {"type": "string", "pattern": r"^(\w+\s?)*\.$"}}), strict=True, prompt=TITLE
    ),
    "an address and a pattern that backtracks": schema_body(
        closed({"url": {"type": "string", "pattern": URL}}),
        strict=True,
        prompt="url https://docs.python.org/3/library/re.html?x=1",
    ),
    "a pattern that freezes re": schema_body(closed({"x": {"type": "string", "pattern": r"^(a+)+\bb"}}), strict=True),
    "unique members of a long enum": schema_body(
        {
            "type": "object",
            "required": ["x"],
            "properties": {
                "x": {"type": "array", "uniqueItems": True, "minItems": 100, "items": {"enum": [*map(str, range(400))]}}
            },
        }
    ),
    "an enum of 20,000": schema_body(
        {"type": "object", "required": ["x"], "properties": {"x": {"enum": [f"value {n}" for n in range(20_000)]}}}
    ),
    "true among allOf": schema_body({"type": "object", "properties": {"x": {"allOf": [True, TEXT]}}}),
    "whole numbers with a point": schema_body(
        {"type": "object", "required": ["x"], "properties": {"x": {"type": "string", "minLength": 5.0}}}
    ),
}
OVER: dict[str, tuple[dict[str, Any], str]] = {
    "definitions that double": (
        schema_body(closed({"x": {"$ref": "#/$defs/d0"}}) | {"$defs": doubling(24)}, strict=True),
        "text.format.schema",
    ),
    "arrays of arrays of arrays": (
        schema_body(closed({"x": nested_arrays(3, 1_000)}), strict=True),
        "text.format.schema",
    ),
    "allOf of allOf": (
        schema_body(
            {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/$defs/l0"}}, "$defs": ALL_OF}
        ),
        "text.format.schema",
    ),
    "an empty group a million times": (
        schema_body(
            {"type": "object", "required": ["x"], "properties": {"x": TEXT | {"pattern": "^(a{0}){1000000}(b|c)+$"}}}
        ),
        "text.format.schema",
    ),
    "nine megabytes of two characters": ({"model": LUNA, "input": "a1" * 4_500_000}, "body"),
    "200,000 items": ({"model": LUNA, "input": [{"role": "user", "content": ""}] * 200_000}, "body"),
}
REFUSED: dict[str, tuple[str, str]] = {
    "a reference through a digit that is none": ('{"type":"object","properties":{"a":{"$ref":"#/x/²"}}}', "'#/x/²'"),
    "dependent schemas in a list": ('{"type":"object","properties":{},"dependentSchemas":[]}', "[] is not of type"),
    "a count in words": ('{"type":"object","properties":{"x":{"minContains":"x"}}}', "'x' is not of type"),
    "a bound with 400 digits": (
        f'{{"type":"object","properties":{{"x":{{"type":"number","minimum":1{"0" * 400}}}}}}}',
        "is not of type 'number'",
    ),
    "a step beyond all numbers": (
        '{"type":"object","properties":{"x":{"type":"integer","multipleOf":1e400}}}',
        "inf is not of type 'number'",
    ),
    "a constant beyond all numbers": (
        '{"type":"object","properties":{"x":{"const":1e400}}}',
        "inf is not of type 'number'",
    ),
}


def timed(path: str, body: Any) -> Any:
    started = time.monotonic()
    reply = ask(Core(seed=1), "POST", path, **({"content": body} if isinstance(body, bytes) else {"json": body}))
    assert time.monotonic() - started < PATIENCE
    return reply


@pytest.mark.parametrize("body", ANSWERED.values(), ids=ANSWERED.keys())
def test_much_work_is_answered_where_it_can_be_bounded(body: dict[str, Any]) -> None:
    assert timed(RESPONSES, body).status_code == 200


@pytest.mark.parametrize(("body", "place"), OVER.values(), ids=OVER.keys())
def test_too_much_work_is_a_400_that_names_the_place(body: dict[str, Any], place: str) -> None:
    reply = timed(RESPONSES, body)
    problem = reply.json()["error"]
    assert (reply.status_code, problem["code"], problem["param"]) == (400, "sandbox_over_budget", place)


@pytest.mark.parametrize(("schema", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_a_schema_that_is_none_is_refused_in_words(schema: str, said: str) -> None:
    whole = json.dumps(schema_body(None)).replace("null", schema).encode()
    reply = timed(RESPONSES, whole)
    assert reply.status_code == 400
    assert said in reply.json()["error"]["message"]


@pytest.mark.parametrize("stream", [False, True])
def test_much_work_in_a_tool_is_refused_at_the_tools(stream: bool) -> None:
    parameters = closed({"x": nested_arrays(3, 1_000)})
    function = {"name": "f", "parameters": parameters, "strict": True}
    tools = [{"type": "function", "function": function}]
    asked = {"model": LUNA, "messages": [{"role": "user", "content": "Call f"}], "tools": tools, "stream": stream}
    reply = timed(CHAT, asked | {"tool_choice": "required", "reasoning_effort": "none"})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "tools")


def test_a_hundred_paragraphs_are_embedded() -> None:
    paragraph = " ".join(f"word{number % 97} and other words" for number in range(60))
    reply = timed(EMBEDDINGS, {"model": "text-embedding-3-small", "input": [f"{n} {paragraph}" for n in range(100)]})
    assert len(reply.json()["data"]) == 100


def test_others_are_answered_after_a_request_was_too_much() -> None:
    core = Core(seed=1)
    body, _ = OVER["arrays of arrays of arrays"]
    assert ask(core, "POST", RESPONSES, json=body).status_code == 400
    assert ask(core, "POST", RESPONSES, json={"model": LUNA, "input": "Say hello"}).status_code == 200


WORDS_1_200_000 = "hello " * 1_200_000


def test_more_words_than_a_model_reads_tokens_are_a_context_length_error() -> None:
    core = Core(seed=1)
    body: Any = {"model": "gpt-4.1", "input": WORDS_1_200_000}
    reply = ask(core, "POST", RESPONSES, json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "context_length_exceeded")
    body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": WORDS_1_200_000}]}
    reply = ask(core, "POST", CHAT, json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "context_length_exceeded")
    assert "maximum context length is 1047576 tokens" in reply.json()["error"]["message"]


def test_a_conversation_longer_than_its_model_reads_is_a_context_length_error() -> None:
    core = Core(seed=1)
    body: Any = {"model": "gpt-4o", "input": "hello " * 70_000}
    first = ask(core, "POST", RESPONSES, json=body)
    assert first.status_code == 200
    again = ask(core, "POST", RESPONSES, json=body | {"previous_response_id": first.json()["id"]})
    assert (again.status_code, again.json()["error"]["code"]) == (400, "context_length_exceeded")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (RESPONSES, b'{"model": "gpt-4.1", "input": "' + b"a1" * 4_500_000 + b'"}'),
        (RESPONSES, b'{"model": "gpt-4.1", "input": [' + b"[]," * 3_000_000 + b"[]]}"),
        (RESPONSES, b'{"model": "gpt-4.1", "api_key": "x", "input": [' + b"{}," * 3_000_000 + b"{}]}"),
        ("/v1/moderations", b'{"input": "' + b"kill " * 1_800_000 + b'"}'),
        ("/v1/moderations", b'{"input": [' + b'"kill",' * 100_000 + b'"x"]}'),
    ],
)
def test_a_body_of_nine_megabytes_is_refused_soon(path: str, content: bytes) -> None:
    started = time.process_time()
    reply = ask(Core(seed=1), "POST", path, content=content)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "sandbox_over_budget")
    assert time.process_time() - started < PATIENCE / 2


@pytest.mark.parametrize("character", [" ", "\n", "a", "🙂"])
def test_nine_megabytes_of_one_character_are_answered_or_refused_soon(character: str) -> None:
    body = {"model": "gpt-4.1", "input": character * (9_000_000 // len(json.dumps(character)))}
    started = time.process_time()
    reply = ask(Core(seed=1), "POST", RESPONSES, json=body)
    assert reply.status_code in (200, 400)
    assert time.process_time() - started < PATIENCE / 2


def test_a_form_of_very_many_parts_is_refused() -> None:
    part = b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n'
    headers = KEY | {"content-type": "multipart/form-data; boundary=x"}
    reply = ask(Core(), "POST", FILES, content=part * 200_000 + b"--x--\r\n", headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "sandbox_over_budget")
