"""Finds what must not be written to a cassette: keys and account ids, wherever they are in a text."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from ..wire.masking import KEY, SECRET_MEMBERS, TEXT_SIGNS

SCRUBBED = "scrubbed"
"""What replaces a secret. Requests are compared after scrubbing, so it must be the same for all secrets."""

# Organizations, projects and members of an account, as the API names them.
ACCOUNTS = {
    "org-": re.compile(r"(?<![A-Za-z0-9])org-[A-Za-z0-9]{16,}(?![A-Za-z0-9])"),
    "proj_": re.compile(r"(?<![A-Za-z0-9])proj_[A-Za-z0-9]{16,}(?![A-Za-z0-9])"),
    "user-": re.compile(r"(?<![A-Za-z0-9])user-[A-Za-z0-9]{16,}(?![A-Za-z0-9])"),
}
ENCODED = re.compile(r"[\w.+~%/=-]*%[0-9A-Fa-f]{2}[\w.+~%/=-]*")
BASE64 = re.compile(r"(?P<before>data:[\w.+/;=-]+;base64,)?(?P<data>[A-Za-z0-9+/]{20,}={0,2})")
LONGEST_RAW_BASE64 = 256
"""Longer data, such as a picture, may contain something that looks like a key by chance: only decoded data is
searched."""

SHORTEST = 8
"""The minimum length, in characters, of a value that is searched for elsewhere: shorter ones are words."""

# Parts of the names of headers whose value is a secret, and of such members in JSON or a query.
SECRET_WORDS = ("auth", "key", "token", "cookie", "secret", "password")
MEMBERS = SECRET_MEMBERS | {"auth_token", "bearer_token", "id_token", "passwd", "refresh_token", "secret_key"}
IN_QUERIES = MEMBERS | {"key", "token", "sig", "signature"}


class Span(NamedTuple):
    """A stretch of a text, and what replaces it."""

    start: int
    end: int
    text: str


def is_secret_header(name: str) -> bool:
    """Tell from a header's name whether its value is a secret. Rate-limit headers also mention tokens."""
    return any(word in name for word in SECRET_WORDS) and not name.startswith("x-ratelimit-")


def values_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets in headers, and what replaces each of them elsewhere."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        if name in ("openai-organization", "openai-project"):
            prefix = "org-" if name.endswith("organization") else "proj_"
            found[value.strip()] = f"{prefix}{SCRUBBED}"
        elif is_secret_header(name):
            scheme, _, rest = value.strip().partition(" ")
            found[rest.strip() or scheme] = SCRUBBED
            if scheme.lower() == "basic":
                found |= dict.fromkeys((_decoded(rest.strip()) or "").split(":", 1), SCRUBBED)
    return {value: text for value, text in found.items() if len(value) >= SHORTEST}


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return None


class Secrets:
    """The secrets to search for in one exchange.

    Args:
        patterns: regular expressions for further secrets.
        known: the values of known secrets, and what replaces each.
    """

    def __init__(self, patterns: Iterable[re.Pattern[str]], known: Mapping[str, str]) -> None:
        self._patterns = tuple(patterns)
        self._known = dict(known)
        self._learned: dict[str, str] = {}

    def learn(self, value: Any, name: str = "") -> None:
        """Add the values of secret members in this JSON to what is searched for."""
        if isinstance(value, dict):
            for key, inner in value.items():
                self.learn(inner, _under(name, key))
        elif isinstance(value, list):
            for inner in value:
                self.learn(inner, name)
        elif isinstance(value, str):
            if is_secret_member(name) and len(value) >= SHORTEST and not value.isalpha():
                self._learned[value.removeprefix("Bearer ")] = SCRUBBED
            elif (found := _json_in(value)) is not None:
                self.learn(found)

    def spans(self, text: str) -> list[Span]:
        """Return where the secrets in a text are, from left to right and without overlaps."""
        found = sorted(self._found(text), key=lambda span: (span.start, -span.end))
        kept: list[Span] = []
        for span in found:
            if not kept or span.start >= kept[-1].end:
                kept.append(span)
        return kept

    def _found(self, text: str) -> Iterator[Span]:
        for value, stands in (self._known | self._learned).items():
            for written in {value, quote(value, safe="")}:
                start = text.find(written)
                while start >= 0:
                    yield Span(start, start + len(written), stands)
                    start = text.find(written, start + len(written))
        if any(sign in text for sign in TEXT_SIGNS):
            yield from (Span(*match.span(), SCRUBBED) for match in KEY.finditer(text))
        for prefix, pattern in ACCOUNTS.items():
            if prefix in text:
                yield from (Span(*match.span(), prefix + SCRUBBED) for match in pattern.finditer(text))
        for pattern in self._patterns:
            yield from (Span(*match.span(), SCRUBBED) for match in pattern.finditer(text) if match[0])

    def text(self, text: str) -> str:
        """Return a text without its secrets, however they are written."""
        found = _json_in(text)
        if found is not None:
            scrubbed = self.json(found)
            if scrubbed != found:
                return json.dumps(scrubbed, ensure_ascii=False)
        elif "\n" in text and text.lstrip()[:1] == "{":
            return "\n".join(self.text(line) for line in text.split("\n"))
        packed = BASE64.fullmatch(text)
        if not (packed and len(text) > LONGEST_RAW_BASE64):
            text = _replaced(text, self.spans(text))
        if "%" in text:
            text = ENCODED.sub(self._unquoted, text)
        return BASE64.sub(self._repacked, text) if len(text) >= 20 else text

    def _unquoted(self, match: re.Match[str]) -> str:
        plain = unquote(match[0])
        return quote(self.text(plain), safe="/=&+") if self.spans(plain) else match[0]

    def _repacked(self, match: re.Match[str]) -> str:
        inner = _decoded(match["data"].rstrip("="))
        if inner is None:
            return match[0]
        spans = self.spans(inner)
        if not spans:
            return match[0]
        return (match["before"] or "") + base64.b64encode(_replaced(inner, spans).encode("latin-1")).decode("ascii")

    def base64(self, text: str) -> str:
        """Return base64 data without the secrets in it."""
        inner = base64.b64decode(text).decode("latin-1")
        return base64.b64encode(_replaced(inner, self.spans(inner)).encode("latin-1")).decode("ascii")

    def json(self, value: Any, name: str = "") -> Any:
        """Return JSON without its secrets. `name` is the name of the member that holds it."""
        if isinstance(value, str):
            return SCRUBBED if value and is_secret_member(name) else self.text(value)
        if isinstance(value, list):
            return [self.json(item, name) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.json(item, _under(name, key)) for key, item in value.items()}
        return value


def _under(name: str, key: str) -> str:
    """Return the name by which a member is judged. In `headers`, MCP servers can get credentials under any name."""
    return f"headers/{key.lower()}" if name == "headers" else key.lower()


def is_secret_member(name: str) -> bool:
    """Tell from a member's name, which may be that of a header, whether its text is a secret."""
    if name.startswith("headers/"):
        return is_secret_header(name.removeprefix("headers/"))
    return name in MEMBERS


def _json_in(text: str) -> Any:
    """Return the JSON object or list in a text, or None."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _replaced(text: str, spans: Iterable[Span]) -> str:
    pieces, at = [], 0
    for span in spans:
        pieces += [text[at : span.start], span.text]
        at = span.end
    return "".join(pieces) + text[at:] if pieces else text
