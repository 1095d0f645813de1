"""Response headers of the API, and keys masked the way the API masks them."""

from collections.abc import Mapping
from email.utils import formatdate

ORGANIZATION = "org-sandbox"
PROJECT = "proj_sandbox"


def response_headers(request_id: str, now: float, processing_ms: int, content_type: str) -> dict[str, str]:
    """Return the headers of every reply, at `now` in Unix seconds.

    `x-sandbox: 1` says that no OpenAI server answered.
    """
    return {
        "content-type": content_type,
        "date": formatdate(now, usegmt=True),
        "openai-organization": ORGANIZATION,
        "openai-processing-ms": str(processing_ms),
        "openai-project": PROJECT,
        "openai-version": "2020-10-01",
        "x-request-id": request_id,
        "x-sandbox": "1",
    }


def mask_key(key: str) -> str:
    """Mask a key as the API's own messages do: the first eight characters, three stars, the last four.

    Of a key that short that little would be hidden, nothing is shown.
    """
    return f"{key[:8]}***{key[-4:]}" if len(key) >= 20 else "***"


def masked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with every credential masked, fit for a journal or a log."""
    return {name: _mask(name, value) for name, value in headers.items()}


def _mask(name: str, value: str) -> str:
    if not any(word in name for word in ("auth", "key", "token", "cookie", "secret")):
        return value
    scheme, space, key = value.partition(" ")
    if name == "authorization" and scheme.lower() == "bearer" and space:
        return f"{scheme} {mask_key(key.strip())}"
    return "***"
