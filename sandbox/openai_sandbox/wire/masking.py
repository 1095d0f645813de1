"""Masks keys and other credentials, as the API masks keys, wherever a journal, a log or an error shows them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# OpenAI's keys, and those of other providers that programs often have as well.
PREFIXES = ("sk-", "sess-", "ek_", "whsec_", "AIza", "gsk_", "ghp_", "hf_", "pplx-", "xai-")
KEY = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(PREFIXES)})[A-Za-z0-9_+/=-]{{16,}}|(?<=Bearer )[\w.~+/=-]{{16,}}")

# Members of a JSON body whose text is a credential, whatever it looks like: MCP tools have some, others are mistakes.
SECRET_MEMBERS = {"access_token", "api-key", "api_key", "apikey", "authorization", "client_secret", "password"}
SECRET_MEMBERS |= {"openai_api_key", "x-api-key"}

# What a body's bytes contain if it has one of these or a key. Checked first, because most bodies have none of it.
SIGNS = (
    *(prefix.encode() for prefix in PREFIXES),
    *(b'key"', b'Key"', b'KEY"', b"uthorization", b'_token"', b"secret", b"password", b"Bearer ", b"\\u00"),
)

TEXT_SIGNS = (*PREFIXES, "Bearer ")


def mask_key(key: str) -> str:
    """Mask a key as the API's own messages do: the first eight characters, three stars, the last four.

    If a key is so short that little would be hidden, nothing is shown.
    """
    return f"{key[:8]}***{key[-4:]}" if len(key) >= 20 else "***"


def mask_keys(text: str) -> str:
    """Return the text with everything masked that looks like a key."""
    for sign in TEXT_SIGNS:  # one pass each, and still several times faster than one expression
        if sign in text:
            return KEY.sub(lambda match: mask_key(match[0]), text)
    return text


def escaped(text: str) -> str:
    """Return a text fit for one line of a log: control characters and others that do not print are escaped."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def masked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with every credential masked, fit for a journal or a log. Names are in lower case."""
    return {name: _mask(name, value) if _is_secret(name) else mask_keys(value) for name, value in headers.items()}


def masked_body(raw: bytes, body: Any) -> Any:
    """Return a parsed JSON body with every credential masked. `raw` is what it was parsed from."""
    for sign in SIGNS:
        if sign in raw:
            return masked_json(body)
    return body


@lru_cache(maxsize=256)
def _is_secret(name: str) -> bool:
    return any(word in name for word in ("auth", "key", "token", "cookie", "secret"))


def _mask(name: str, value: str) -> str:
    scheme, space, key = value.partition(" ")
    if name == "authorization" and scheme.lower() == "bearer" and space:
        return f"{scheme} {mask_key(key.strip())}"
    return "***"


def masked_json(value: Any, name: str = "") -> Any:
    """Return JSON with every credential masked. `name` is the name of the member that holds it."""
    if isinstance(value, str):
        return _mask("authorization", value) if name.lower() in SECRET_MEMBERS else mask_keys(value)
    if isinstance(value, list):
        return [masked_json(item) for item in value]
    if isinstance(value, dict):
        return {mask_keys(key): masked_json(item, key) for key, item in value.items()}
    return value
