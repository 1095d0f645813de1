"""Tokens, compared with an independent implementation."""

from typing import Any

import pytest
import rs_bpe
from openai import OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox
from openai_sandbox.model import tokens

from ...good_requests import TEXT, closed

STRINGS = [
    "",
    "Say this is a test!",
    "naïve café — “quotes” …",
    "日本語のテキスト、句読点。",
    "👩‍👩‍👧‍👦 family 🏳️‍🌈",
    "مرحبا بالعالم",
    "def f(x):\n\treturn x  # comment\n\n\n",
    "   leading and trailing   \r\n",
    "<|endoftext|> looks special",
    "1234567890 3.14159 0xDEADBEEF",
    "\x00\x01\x7f control",
]


@pytest.mark.parametrize("text", STRINGS)
def test_tokens_agree_with_an_independent_implementation(text: str) -> None:
    assert tokens.encode(text) == rs_bpe.openai.o200k_base().encode(text)


@pytest.mark.parametrize("text", STRINGS)
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(tokens.pieces(tokens.encode(text))) == text


@pytest.mark.simulates("token-counts")
def test_openai_samples_of_chat_overhead_are_met() -> None:
    assert tokens.chat_input_tokens([("user", "Say this is a test!")]) == 13
    system, user = ("system", "You are a helpful assistant."), ("user", "Hello!")
    assert tokens.chat_input_tokens([system, user]) == 19


@pytest.mark.simulates("schema-tokens")
def test_a_schema_counts_without_the_keywords_that_strict_mode_demands() -> None:
    inner = {"type": "object", "properties": {"required": {"type": "string"}}}
    strict = inner | {"required": ["required"], "additionalProperties": False}
    counted = tokens.count(
        '{"type":"object","properties":{"a":{"type":"object","properties":{"required":{"type":"string"}}}}}'
    )
    schema = {"type": "object", "properties": {"a": strict}, "required": ["a"], "additionalProperties": False}
    assert tokens.answer_format(schema) == counted + 9
    assert tokens.answer_format(None) == 0


@pytest.mark.simulates("schema-tokens")
def test_both_apis_count_the_schema_as_input(api: Sandbox) -> None:
    class Person(BaseModel):
        name: str

    ask: dict[str, Any] = {"model": "gpt-6-luna"}
    form: Any = {"format": {"type": "json_schema", "name": "P", "schema": closed({"name": TEXT})}}
    with OpenAI() as client:
        plain = client.responses.input_tokens.count(input="Who?", **ask).input_tokens
        strict = client.responses.input_tokens.count(input="Who?", text=form, **ask).input_tokens
        parsed = client.responses.parse(input="Who?", text_format=Person, **ask)
        chat = client.chat.completions.parse(
            messages=[{"role": "user", "content": "Who?"}], response_format=Person, **ask
        )
    assert strict == plain + tokens.answer_format({"type": "object", "properties": {"name": TEXT}})
    titled = {"properties": {"name": {"title": "Name", "type": "string"}}, "title": "Person", "type": "object"}
    assert parsed.usage and chat.usage
    assert parsed.usage.input_tokens == plain + tokens.answer_format(titled)
    assert chat.usage.prompt_tokens == plain + 1 + tokens.answer_format(titled)


@pytest.mark.parametrize(
    "text", ["word " * 50_000, "a" * 25_000 + " b " * 70_000, " " * 100_000 + "x" + "\n" * 130_001]
)
def test_long_texts_are_counted_as_by_the_tokenizer_but_for_the_edges_of_slices(text: str) -> None:
    found = tokens.encode(text)
    assert b"".join(map(tokens.token_bytes, found)).decode() == text
    assert abs(len(found) - len(tokens.tokenizer().encode_ordinary(text))) <= 0.01 * len(found)
