"""Texts made for formats and patterns."""

import datetime
import ipaddress
import random
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from openai_sandbox.validation.strict import FORMATS
from openai_sandbox.values import patterns
from openai_sandbox.values.instances import instance

from .random_schemas import PATTERNS

CHECKS: dict[str, Callable[[str], Any]] = {
    "date": datetime.date.fromisoformat,
    "date-time": datetime.datetime.fromisoformat,
    "duration": re.compile(r"P(\d+D)?(T(\d+H)?(\d+M)?)?").fullmatch,
    "email": re.compile(r"[a-z]+@[a-z]+\.[a-z]+").fullmatch,
    "hostname": re.compile(r"[a-z]+\.[a-z]+").fullmatch,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "time": datetime.time.fromisoformat,
    "uuid": uuid.UUID,
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_of_strict_mode_is_met(name: str) -> None:
    schema = {"type": "array", "items": {"type": "string", "format": name}, "minItems": 4}
    for text in instance(schema, random.Random(1)):
        assert CHECKS[name](text)


@pytest.mark.parametrize(
    "pattern",
    [
        *PATTERNS,
        r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$",
        r"(a|b)+\1?",
        r"^(\w+\s)+\w+$",
        r"^[^a-z]+$",
        r"^\S+\s\D$",
        r"^[\W]+$",
        r"^[\u4e00-\u9fff]{2}$",
        r"^(?P<word>[a-z]+)-(?P=word)$",
        r"^x{3,}?y*+$",
        r"^(?>ab)c$",
        "^$",
        "",
    ],
)
def test_texts_are_made_for_patterns(pattern: str) -> None:
    for seed in range(10):
        text = patterns.matching(pattern, random.Random(seed))
        assert text is not None
        assert re.search(pattern, text)
