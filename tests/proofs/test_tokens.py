"""What a token is not: a character, a word, or a number that can be read off a text."""

import pytest
import tiktoken

from openai_sandbox.model.tokens import tokenizer


def count(text: str) -> int:
    return len(tokenizer().encode_ordinary(text))


@pytest.mark.proves("tokens-not-characters")
def test_a_text_has_fewer_tokens_than_characters() -> None:
    assert tiktoken.encoding_name_for_model("gpt-4o-mini") == "o200k_base"  # the tokenizer used here
    assert len("Say this is a test!") == 19
    assert count("Say this is a test!") == 6
    assert count("Say this is a test") == 5


@pytest.mark.proves("sample-tokens")
def test_the_samples_answer_is_one_token_shorter_than_its_usage_says() -> None:
    assert count("\n\nThis is a test!") == 6
