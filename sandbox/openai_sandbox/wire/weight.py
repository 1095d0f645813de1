"""How heavy JSON is: about how many bytes of memory it takes once it is parsed, told from its bytes."""

MOST_WEIGHT = 64_000_000
"""Of a body: what is heavier holds a million values or more, and takes too long to look at, whatever it says."""

A_VALUE = 64


def weight(raw: bytes) -> int:
    """Return about how many bytes the parsed JSON takes: its text, and 64 bytes for each value, name and container."""
    return len(raw) + A_VALUE * (raw.count(b",") + raw.count(b":") + raw.count(b"{") + raw.count(b"["))
