"""Stop calling an API that is down, and test it with one call at a time."""

# sandbox: server_error x3

import threading
import time
from contextlib import AbstractContextManager

import openai
from dotenv import load_dotenv

load_dotenv()
DOWN = (openai.APIConnectionError, openai.InternalServerError)


class CircuitOpenError(Exception):
    """The API failed recently, so nothing was sent."""


class CircuitBreaker(AbstractContextManager[None]):
    """After `most` failures in a row, lets only one call through at a time.

    The next call may start `rest` seconds after the last one started or failed.
    """

    def __init__(self, most: int = 5, rest: float = 30) -> None:
        self._most, self._rest = most, rest
        self._failures, self._running, self._next = 0, 0, 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            resting = self._running or time.monotonic() < self._next
            if self._failures >= self._most and resting:
                raise CircuitOpenError
            self._running += 1
            self._next = time.monotonic() + self._rest

    def __exit__(
        self, kind: object, error: BaseException | None, trace: object
    ) -> None:
        with self._lock:
            self._running -= 1
            if isinstance(error, DOWN):
                self._failures += 1
                self._next = time.monotonic() + self._rest
            elif error is None or isinstance(error, openai.APIStatusError):
                self._failures = 0


if __name__ == "__main__":
    client = openai.OpenAI(max_retries=0)
    breaker = CircuitBreaker(most=2, rest=0.2)
    for pause in (0, 0, 0, 0.2, 0.2):
        time.sleep(pause)
        try:
            with breaker:
                client.models.list()
                outcome = "answered"
        except (*DOWN, CircuitOpenError) as error:
            outcome = type(error).__name__
        print(f"{pause} s later: {outcome}")
