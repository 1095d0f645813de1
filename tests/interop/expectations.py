"""What each Python program here asks, what it expects, and how it tells: one line a call.

Imports only what is in every program's environment. Importing this keeps the program on this machine: a connection to
another one is refused, and counts as a failure.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping
from importlib.metadata import version
from typing import Any, TypeVar

from pydantic import BaseModel

MODEL = "gpt-6-luna"
QUESTION = "What is the capital of France?"
LONG_QUESTION = "Why is the sky blue?"
WEATHER = "What is the weather in Paris?"
FACTS = "Ada is 36 years old and lives in London."
HERE = ("127.0.0.1", "::1", "localhost")

Model = TypeVar("Model")

# The cities that the tool was called for, and the other machines that something wanted to reach.
asked_for: list[str] = []
elsewhere: list[str] = []


class Person(BaseModel):
    """A person."""

    name: str
    age: int
    city: str


def get_weather(city: str) -> str:
    """Return the current weather in a city."""
    asked_for.append(city)
    return "21 degrees and sunny"


def expect(condition: bool, message: str) -> None:
    """Fail with a message unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def answered(text: Any) -> str:
    """Return the answer to QUESTION, if it is one."""
    expect(isinstance(text, str) and "Paris" in text, f"no answer that names Paris: {text!r}")
    return str(text)


def joined(pieces: list[str]) -> str:
    """Return the answer to LONG_QUESTION that came in pieces, if it did."""
    filled = [piece for piece in pieces if piece]
    expect(len(filled) > 5, f"the answer did not come in several pieces: {pieces!r}")
    return f"{''.join(filled)} ({len(filled)} pieces)"


def told(text: Any) -> str:
    """Return the answer to WEATHER, if it tells what the tool returned for Paris."""
    expect(asked_for == ["Paris"], f"get_weather ran for {asked_for}, not once for Paris")
    expect(isinstance(text, str) and "sunny" in text, f"no answer with the tool's output: {text!r}")
    return str(text)


def filled_in(person: Any) -> str:
    """Return what FACTS say of a person, if that came out, in the types asked for."""
    expect(isinstance(person, Person), f"no Person: {person!r}")
    Person.model_validate(person.model_dump(), strict=True)
    expect(person == Person(name="Ada", age=36, city="London"), f"another person than the text names: {person!r}")
    return repr(person)


def report(package: str, models: Mapping[str, Model], calls: Collection[Callable[[Model], Awaitable[str]]]) -> int:
    """Make every call with every model, print how it went, and return 1 if one failed."""
    print(f"{package} {version(package)}, openai {version('openai')}")
    return asyncio.run(_report(models, calls))


async def _report(models: Mapping[str, Model], calls: Collection[Callable[[Model], Awaitable[str]]]) -> int:
    failed = False
    for api, model in models.items():
        for call in calls:
            asked_for.clear()
            name = f"{api}, {call.__name__.replace('_', ' ')}"
            try:
                said = await call(model)
            except Exception as failure:
                failed = True
                print(f"FAILED {name}: {type(failure).__name__}: {failure}", flush=True)
            else:
                print(f"ok {name}: {said}", flush=True)
    return int(failed or bool(elsewhere))


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to look up or connect to another machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host is not None and host not in HERE:
        if host not in elsewhere:
            elsewhere.append(host)
            # Nobody may be waiting for it: what watches the library itself runs in threads, to the very end.
            print(f"FAILED to stay on this machine: wanted to reach {host}", flush=True)
        raise ConnectionRefusedError(f"{host} is not this machine")


sys.addaudithook(_stay_here)
