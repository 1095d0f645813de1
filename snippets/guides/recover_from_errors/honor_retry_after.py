"""Retry your own calls after the wait the server asks for, or after a backoff."""

# needs: stamina
# sandbox: overloaded x2 retry_after=0.2

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime

import httpx2
import stamina
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
MAY_PASS = {408, 425, 429, 500, 502, 503, 504}


def named_pause(value: str) -> float:
    """Return how many seconds Retry-After (a number or a date) asks for, or 0."""
    with suppress(ValueError):
        return float(value)
    with suppress(ValueError):
        return parsedate_to_datetime(value).timestamp() - time.time()
    return 0


def when_to_retry(error: Exception, longest: float = 120) -> float | bool:
    """Return the seconds to wait, True for a backoff, or False to give up."""
    if not isinstance(error, httpx2.HTTPStatusError):
        return isinstance(error, httpx2.TransportError)
    pause = named_pause(error.response.headers.get("retry-after", ""))
    if error.response.status_code not in MAY_PASS or not pause <= longest:
        return False
    return pause if pause > 0 else True


@stamina.retry(on=when_to_retry, attempts=4, timeout=300)
def fetch(url: str, headers: dict[str, str]) -> httpx2.Response:
    return httpx2.get(url, headers=headers, timeout=30).raise_for_status()


if __name__ == "__main__":
    client, started = OpenAI(), time.monotonic()
    models = fetch(f"{client.base_url}models", client.auth_headers).json()["data"]
    print(f"{bool(models)} after {time.monotonic() - started:.1f} s")
