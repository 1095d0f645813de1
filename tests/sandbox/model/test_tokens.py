"""Tokens, compared with an independent implementation."""

import pytest
import rs_bpe

from openai_sandbox.model import tokens

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


@pytest.mark.parametrize(
    "text", ["word " * 50_000, "a" * 25_000 + " b " * 70_000, " " * 100_000 + "x" + "\n" * 130_001]
)
def test_long_texts_are_counted_as_by_the_tokenizer_but_for_the_edges_of_slices(text: str) -> None:
    found = tokens.encode(text)
    assert b"".join(map(tokens.token_bytes, found)).decode() == text
    assert abs(len(found) - len(tokens.tokenizer().encode_ordinary(text))) <= 0.01 * len(found)
