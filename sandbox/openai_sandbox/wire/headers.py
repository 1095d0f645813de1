"""Response headers of the API."""

from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache

ORGANIZATION = "org-sandbox"
PROJECT = "proj_sandbox"


def response_headers(request_id: str, now: float, processing_ms: int, content_type: str) -> dict[str, str]:
    """Return the headers of every reply, at `now` in Unix seconds.

    `x-sandbox: 1` says that no OpenAI server answered.
    """
    return {
        "content-type": content_type,
        "date": _date(int(now)),
        "openai-organization": ORGANIZATION,
        "openai-processing-ms": str(processing_ms),
        "openai-project": PROJECT,
        "openai-version": "2020-10-01",
        "x-request-id": request_id,
        "x-sandbox": "1",
    }


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds a reply asks its client to wait, or None."""
    if "retry-after-ms" in headers:
        return float(headers["retry-after-ms"]) / 1000
    return float(headers["retry-after"]) if "retry-after" in headers else None


@lru_cache(maxsize=16)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
