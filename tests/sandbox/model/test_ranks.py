"""The ranks of o200k_base."""

import hashlib
import inspect
import zlib
from pathlib import Path

import pytest
from tiktoken_ext import openai_public

from openai_sandbox.model import ranks as module
from openai_sandbox.model.ranks import COUNT, ranks
from tests.token_ranks import SHA256, published


def test_the_ranks_are_those_that_openai_publishes() -> None:
    assert hashlib.sha256(published()).hexdigest() == SHA256
    assert SHA256 in inspect.getsource(openai_public.o200k_base)


def test_a_token_is_found_by_its_rank_and_its_rank_by_the_token() -> None:
    for rank in (0, 1, 220, 1_000, 100_000, COUNT - 1):
        assert ranks().rank(ranks().token(rank)) == rank
    assert [ranks().rank(text) for text in (b"", b"\xff\xff\xff\xff", b"no such token at all")] == [None] * 3
    for rank in (-1, COUNT):
        with pytest.raises(KeyError):
            ranks().token(rank)


@pytest.mark.parametrize("content", [b"", b"not compressed", zlib.compress(b"other ranks")])
def test_a_damaged_file_is_named(content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / module.FILE).write_bytes(content)
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"o200k_base\.ranks is damaged"):
        module.ranks.__wrapped__()
