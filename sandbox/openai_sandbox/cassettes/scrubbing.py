"""Removes secrets from an exchange before it is written to a cassette, and from a request before it is looked up."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from .messages import Answer, Event, Part, Sent
from .secrets import IN_QUERIES, SCRUBBED, Secrets, is_secret_header, is_secret_member, values_of

# Not written: headers of the connection, and those that a browser would keep.
LEFT_OUT = ("connection", "content-length", "keep-alive", "set-cookie", "set-cookie2", "transfer-encoding", "x-sandbox")

# Members in which a stream sends a text piece by piece. A key may be split across two of them.
PIECES = ("arguments", "content", "delta", "input", "reasoning_content", "refusal", "text")
WHERE = ("type", "item_id", "output_index", "content_index", "summary_index", "index")

Leaf = tuple[dict[str, Any], str]
"""An object and the name of one of its members."""


class Scrubber:
    """Removes keys and account ids from exchanges. It is used on every cassette.

    Args:
        patterns: regular expressions for what else is removed.

    Raises:
        ValueError: one of them is not a regular expression.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = []
        for pattern in patterns:
            try:
                self._patterns.append(re.compile(pattern))
            except re.error as problem:
                raise ValueError(f"scrub: '{pattern}' is not a regular expression: {problem}") from None

    def request(self, sent: Sent, headers: Mapping[str, str]) -> Sent:
        """Return a request without its secrets. `headers` are all of its headers: their secrets are searched for."""
        secrets = self._secrets(sent, values_of(headers))
        path = "/".join(quote(secrets.text(unquote(part)), safe=":@+,;=~*") for part in sent["path"].split("/"))
        scrubbed: Sent = {"method": sent["method"], "path": path}
        if "query" in sent:
            scrubbed["query"] = _query(sent["query"], secrets)
        if "headers" in sent:
            scrubbed["headers"] = _headers(sent["headers"], secrets)
        scrubbed.update(_body(sent, secrets))  # type: ignore[typeddict-item]
        return scrubbed

    def response(
        self, answer: Answer, headers: Mapping[str, str], sent: Sent, sent_headers: Mapping[str, str]
    ) -> Answer:
        """Return an answer without secrets, including those of its request.

        Args:
            answer: what was answered.
            headers: all its headers, by their names in lower case.
            sent: the request as it arrived.
            sent_headers: all its headers.
        """
        known = values_of(sent_headers) | values_of(headers)
        secrets = self._secrets(answer, known, sent)
        scrubbed: Answer = {"status": answer["status"], "after": answer["after"], "headers": _headers(headers, secrets)}
        scrubbed.update(_body(answer, secrets))  # type: ignore[typeddict-item]
        if "ending" in answer:
            scrubbed["ending"] = answer["ending"]
        return scrubbed

    def _secrets(self, message: Mapping[str, Any], known: Mapping[str, str], *others: Mapping[str, Any]) -> Secrets:
        secrets = Secrets(self._patterns, known)
        for one in (message, *others):
            secrets.learn(one.get("json"))
            secrets.learn(one.get("text"))
            for part in one.get("form") or ():
                secrets.learn(part.get("text"), part["name"].lower())
            for event in one.get("events") or ():
                secrets.learn(event.get("json"))
        return secrets


def _headers(headers: Mapping[str, str], secrets: Secrets) -> dict[str, str]:
    found = {}
    for name, value in headers.items():
        if name in LEFT_OUT or is_secret_header(name):
            continue
        if name in ("openai-organization", "openai-project"):
            found[name] = ("org-" if name.endswith("organization") else "proj_") + SCRUBBED
        else:
            found[name] = secrets.text(value)
    return found


def _query(query: str, secrets: Secrets) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if not pairs:
        return secrets.text(query)
    return urlencode(
        [(secrets.text(name), SCRUBBED if name.lower() in IN_QUERIES else secrets.text(value)) for name, value in pairs]
    )


def _body(message: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    if "json" in message:
        return {"json": secrets.json(message["json"])}
    if "text" in message:
        return {"text": secrets.text(message["text"])}
    if "base64" in message:
        return {"base64": secrets.base64(message["base64"])}
    if "events" in message:
        return {"events": _events(message["events"], secrets)}
    return {"form": [_part(part, secrets) for part in message["form"]]} if "form" in message else {}


def _part(part: Part, secrets: Secrets) -> Part:
    scrubbed = part.copy()
    for name in ("name", "filename"):
        if name in part:
            scrubbed[name] = secrets.text(part[name])
    if "text" in part:
        secret = is_secret_member(part["name"].lower()) and "filename" not in part
        scrubbed["text"] = SCRUBBED if secret else secrets.text(part["text"])
    elif "base64" in part:
        scrubbed["base64"] = secrets.base64(part["base64"])
    return scrubbed


def _events(events: Iterable[Event], secrets: Secrets) -> list[Event]:
    """Return events without secrets, including those that begin in one event and end in a later one."""
    copied: list[Event] = []
    channels: dict[tuple[Any, ...], list[Leaf]] = {}
    for event in events:
        kept = event.copy()
        if "json" in event:
            kept["json"] = _copy(event["json"])
            for channel, leaf in _pieces(kept["json"], ()):
                channels.setdefault(channel, []).append(leaf)
        copied.append(kept)
    for leaves in channels.values():
        _scrub_across(leaves, secrets)
    for kept in copied:
        if "json" in kept:
            kept["json"] = secrets.json(kept["json"])
        for name in ("data", "raw"):
            if name in kept:
                kept[name] = secrets.text(kept[name])
    return copied


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(inner) for name, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _pieces(value: Any, channel: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Leaf]]:
    """Yield the texts in an event that continue in later ones, each with the key of the text it belongs to."""
    if isinstance(value, list):
        for inner in value:
            yield from _pieces(inner, channel)
    elif isinstance(value, dict):
        channel += tuple(value.get(name) for name in WHERE if not isinstance(value.get(name), dict | list))
        for name, inner in value.items():
            if isinstance(inner, str) and name in PIECES:
                yield (*channel, name), (value, name)
            else:
                yield from _pieces(inner, (*channel, name))


def _scrub_across(leaves: list[Leaf], secrets: Secrets) -> None:
    """Scrub a text that is spread over members: the replacement goes where the secret begins."""
    whole = "".join(holder[name] for holder, name in leaves)
    secrets.learn(whole)
    starts, at = [], 0
    for holder, name in leaves:
        starts.append(at)
        at += len(holder[name])
    for span in reversed(secrets.spans(whole)):
        for start, (holder, name) in zip(starts, leaves, strict=True):
            text = holder[name]
            low, high = max(span.start - start, 0), span.end - start
            if high > 0 and low < len(text):
                begins = start <= span.start
                holder[name] = text[:low] + (span.text if begins else "") + text[high:]
