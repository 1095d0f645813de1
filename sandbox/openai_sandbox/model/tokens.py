"""Token counting and splitting by o200k_base, offline.

Short texts do not need tiktoken, see `short_texts`; it is loaded for the first longer one. `use()` puts a different
implementation behind the same interface, because the browser has no tiktoken.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol

from ..values.budget import spend
from .ranks import ranks
from .short_texts import ShortTexts, definition

END_OF_TEXT = 199999
LONGEST_SLICE = 200_000
RUN = 20_000
"""How many equal characters in a row make a block. It divides `LONGEST_SLICE`."""

LONGEST_REMEMBERED = 4_000


class Tokenizer(Protocol):
    """What the sandbox needs of a tokenizer. Special-token look-alikes in the text are plain text."""

    def encode_ordinary(self, text: str) -> list[int]:
        """Return the token ids of a text."""

    def decode_single_token_bytes(self, token: int) -> bytes:
        """Return the bytes of one token, which may be part of a character."""


_tokenizer: Tokenizer | None = None
_short_texts = ShortTexts()
_loading = threading.Lock()


def use(tokenizer: Tokenizer | None) -> None:
    """Replace the native tokenizer, or restore it with None."""
    global _tokenizer
    with _loading:
        _tokenizer = tokenizer
        _remembered_count.cache_clear()
        _remembered_pieces.cache_clear()


def tokenizer() -> Tokenizer:
    """Return the tokenizer in use for texts of any length. Loading the native one takes a third of a second."""
    global _tokenizer
    if _tokenizer is None:
        with _loading:
            _tokenizer = _tokenizer or _native()
    return _tokenizer


@cache
def _native() -> Tokenizer:
    import tiktoken
    from tiktoken_ext import openai_public

    mergeable = ranks().by_token()
    encoding = tiktoken.Encoding(**definition(openai_public, mergeable))
    mergeable.clear()  # 28 MB: the encoding has its own copy
    return encoding


def warm_up() -> None:
    """Load what short texts need. It takes some ten milliseconds."""
    if _tokenizer is None:
        _short_texts.encode("a")


def encode(text: str) -> list[int]:
    """Return the token ids of a text. A byte order mark is left out, because browser tokenizers disagree on it.

    Very long texts are split first, because tiktoken's regular expression gives up on a million spaces in a row. Blocks
    of one repeated character are all the same.
    """
    text = text.replace("\ufeff", "").encode("utf-8", "replace").decode("utf-8")
    if len(text) <= LONGEST_SLICE:
        return _encode(text)
    ids: list[int] = []
    at = start = 0
    while at < len(text):
        block = text[at : at + RUN]
        if block == block[0] * RUN:
            ids += _encode(text[start:at])
            ids += _run(block)
            start = at = at + RUN
        elif at + RUN - start >= LONGEST_SLICE:
            ids += _encode(text[start : start + LONGEST_SLICE])
            start = at = start + LONGEST_SLICE
        else:
            at += RUN
    return ids + _encode(text[start:])


@lru_cache(maxsize=16)
def _encoded_run(block: str) -> list[int]:
    return _encode(block)


def _run(block: str) -> list[int]:
    spend(len(block) / 1_000)
    return _encoded_run(block)


def _encode(text: str) -> list[int]:
    """Return the token ids of a slice, and charge the budget for the work: runs of one character take a long time."""
    short = _short_texts.encode(text) if _tokenizer is None else None
    ids = tokenizer().encode_ordinary(text) if short is None else short
    run = len(text) > 7 * len(ids)
    spend(len(text) * 0.15 if run else len(text) * 0.006 + len(ids) * (0.06 if text.isascii() else 0.12))
    return ids


def at_least(text: str) -> int:
    """Return a lower bound for a text's tokens: a token has characters of only one word. Fast, however long the
    text."""
    return len(text.split())


def count(text: str) -> int:
    """Return how many tokens a text has. Recent texts are cached, because conversations send them again and again."""
    return _remembered_count(text) if len(text) <= LONGEST_REMEMBERED else len(encode(text))


@lru_cache(maxsize=1_000)
def _remembered_count(text: str) -> int:
    return len(encode(text))


def pieces(tokens: Sequence[int]) -> list[str]:
    """Return the text that each token adds. A token that ends inside a character adds nothing; a later one adds all of
    it."""
    return list(_remembered_pieces(tuple(tokens)) if len(tokens) <= LONGEST_REMEMBERED else _pieces(tokens))


@lru_cache(maxsize=200)
def _remembered_pieces(tokens: tuple[int, ...]) -> list[str]:
    return _pieces(tokens)


def _pieces(tokens: Sequence[int]) -> list[str]:
    split: list[str] = []
    pending = b""
    bytes_of = (_tokenizer or _short_texts).decode_single_token_bytes
    for token in tokens:
        pending += bytes_of(token)
        try:
            text = pending.decode("utf-8")
        except UnicodeDecodeError:
            split.append("")
        else:
            split.append(text)
            pending = b""
    return split


def token_bytes(token: int) -> bytes:
    """Return the bytes of a token. They need not be complete characters."""
    return (_tokenizer or _short_texts).decode_single_token_bytes(token)


def definitions(tools: Sequence[Mapping[str, object]] | None) -> int:
    """Return the tokens of tool definitions. Inferred: their JSON is counted, because how the API shows them to the
    model is not known."""
    return sum(count(json.dumps(tool, ensure_ascii=False, separators=(",", ":"))) for tool in tools or ())


UNCOUNTED = frozenset(("$schema", "additionalProperties", "required"))
FORMAT_OVERHEAD = 9


def answer_format(schema: Mapping[str, object] | None) -> int:
    """Return the tokens of the schema that an answer has to match.

    A reader of OpenAI's cookbook measured that its JSON counts without these keywords, and 9 more
    (openai/openai-cookbook#2140, September 2025).
    """
    if schema is None:
        return 0
    return FORMAT_OVERHEAD + count(json.dumps(_counted(schema), ensure_ascii=False, separators=(",", ":")))


def _counted(schema: object, *, named: bool = False) -> object:
    """Return a schema without the keywords that do not count. A property may have the name of a keyword."""
    if isinstance(schema, list):
        return [_counted(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _counted(part, named=not named and key in ("properties", "$defs", "definitions"))
        for key, part in schema.items()
        if named or key not in UNCOUNTED
    }


def chat_input_tokens(messages: Sequence[tuple[str, str]]) -> int:
    """Return the prompt tokens of (role, text) messages: `3 + sum(3 + tokens(role) + tokens(text))`.

    OpenAI's cookbook "How to count tokens with tiktoken" gives the formula as an estimate. It yields 13 for
    "Say this is a test!", as in OpenAI's sample.
    """
    return 3 + sum(3 + count(role) + count(text) for role, text in messages)


def responses_input_tokens(messages: Sequence[tuple[str, str]]) -> int:
    """Return the input tokens of (role, text) messages on the Responses API.

    Inferred: one sample of the OpenAPI description ("Tell me a joke." is 11) implies one token fewer than on Chat
    Completions. The real overhead depends on the model and is not documented.
    """
    return chat_input_tokens(messages) - 1
