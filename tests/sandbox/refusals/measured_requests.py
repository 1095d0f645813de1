"""What the requests that were measured on the live API have in common: a good one, and parts of others."""

from typing import Any

from ...good_requests import CHAT, RESPONSES
from .answers import refused

GOOD: dict[str, dict[str, Any]] = {
    RESPONSES: {"model": "gpt-5.6-terra", "input": "ping", "max_output_tokens": 16},
    CHAT: {"model": "gpt-5.6-terra", "messages": [{"role": "user", "content": "ping"}]},
}
TERSE = refused(None, "prompt_cache_retention", "This model is compatible only with 24h extended prompt caching")
TOO_MANY = refused(
    "object_above_max_properties",
    "metadata",
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 "
    "properties instead.",
)
OBJECT = {"a": 1}
FUNCTION = {"name": "f", "parameters": {"type": "object", "properties": {}}}
FLAT_TOOL = {"type": "function"} | FUNCTION
NESTED_TOOL = {"type": "function", "function": FUNCTION}
USER = {"role": "user", "content": "ping"}


def words(text: str) -> list[str]:
    return text.split()
