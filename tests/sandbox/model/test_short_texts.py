"""Tokens of short texts: those of tiktoken."""

import random
from functools import cache

import pytest

from docs._tools.data.as_of import ROOT
from openai_sandbox.model import tokens
from openai_sandbox.model.short_texts import LONGEST, LONGEST_PIECE, ShortTexts

LETTERS = [chr(code) for code in range(0x3000)]
AROUND = (
    "{0}",
    "a{0}b",
    " {0}",
    "{0} ",
    "A{0}",
    "{0}{0}",
    "'{0}",
    "1{0}2",
    "x'{0} y",
    "\n{0}\n",
    "{0}\r\n",
    " {0} {0}",
)
MEANT = "aAbB  \n\r\t'sdtrevmlLS.,!?-_/1239\u017féß\u2019…"


@cache
def short() -> ShortTexts:
    return ShortTexts()


def agrees(text: str) -> bool:
    """Tell whether a text is taken. Fails if its tokens are not those of tiktoken."""
    found = short().encode(text)
    assert found is None or found == tokens.tokenizer().encode_ordinary(text), repr(text)
    return found is not None


def test_every_letter_that_is_taken_is_split_as_tiktoken_splits_it() -> None:
    taken = [letter for letter in LETTERS if agrees(letter)]
    assert set(map(chr, range(0x180))) - set(map(chr, range(0x80, 0xA0))) <= set(taken) < set(LETTERS)
    for letter in taken:
        for around in AROUND:
            assert agrees(around.format(letter))


@pytest.mark.parametrize("letters", [MEANT, "".join(LETTERS[:0x180])])
def test_texts_of_any_such_letters_are_split_as_tiktoken_splits_them(letters: str) -> None:
    chance = random.Random(1)
    for _ in range(3_000):
        agrees("".join(chance.choices(letters, k=chance.randint(0, 60))))


def test_what_people_write_is_nearly_all_taken() -> None:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    paragraphs = [part for page in pages for part in page.read_text("utf-8").split("\n\n") if len(part) <= LONGEST]
    assert sum(map(agrees, paragraphs)) > 0.98 * len(paragraphs) > 1_000


@pytest.mark.parametrize("text", ["a" * (LONGEST + 1), "日本語", "👋", "x" * 1_500, "é" * LONGEST_PIECE])
def test_what_takes_long_or_is_not_known_is_left_to_tiktoken(text: str) -> None:
    assert short().encode(text) is None


def test_the_bytes_of_a_token_are_known_whether_it_was_met_or_not() -> None:
    fresh = ShortTexts()
    met = fresh.encode("Say hello to unbelievablyrare words")
    assert met
    whole = b"".join(map(fresh.decode_single_token_bytes, met))
    assert whole == b"Say hello to unbelievablyrare words"
    assert fresh.decode_single_token_bytes(150_000) == ShortTexts().decode_single_token_bytes(150_000) != b""
