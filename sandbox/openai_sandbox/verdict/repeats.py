"""Findings about repeated requests: those that cannot succeed, and those that the SDK had already retried."""

from collections.abc import Iterator

from .calls import Call, Retry
from .findings import Seen, seen


def found(calls: list[Call]) -> Iterator[Seen]:
    """Yield what should not have been sent again."""
    for call in calls:
        for retry in call.retries:
            before, number = retry.before, retry.after.number
            if retry.by == "program" and before.vain and _by_same_key(retry):
                code = f", {before.exchange.code}" if before.exchange.code else ""
                status = before.exchange.status
                yield seen(
                    "retried_in_vain", "again", number, number=number, before=before.number, status=status, code=code
                )
            elif retry.starts_anew and before.failed and not before.vain:
                tries = (before.sdk_tries or 0) + 1
                yield seen("retries_multiplied", "anew", number, number=number, tries=tries)


def _by_same_key(retry: Retry) -> bool:
    keys = [entry.exchange.headers.get("authorization") for entry in (retry.before, retry.after)]
    return keys[0] == keys[1]
