"""Estimates from the bytes of JSON how much memory it takes when parsed."""

MOST_WEIGHT = 64_000_000
"""The limit for a body, in bytes: a heavier one has a million values or more and takes too long to check."""

A_VALUE = 64


def weight(raw: bytes) -> int:
    """Return about how many bytes parsed JSON takes: its text, plus 64 bytes for each value, name and container."""
    return len(raw) + A_VALUE * (raw.count(b",") + raw.count(b":") + raw.count(b"{") + raw.count(b"["))
