"""Servers that speak OpenAI's API and answer some requests differently: `--as ollama` plays one of them.

Each row of compatible.json is one such answer, with the requests it is given to and where it was seen. Other requests
are answered as in contract mode, because these servers have models and keys of their own.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from ..api.shared.result import Result
from ..wire.messages import Request
from .body import Body


@dataclass(frozen=True, slots=True)
class Difference:
    """What a server answers where OpenAI answers differently.

    Args:
        id: its name, after the server's.
        server: who answers.
        asks: the requests it is about, in words.
        status: the HTTP status. Some servers send errors with 200.
        body: the JSON of the answer. `{model}` and the names of other parameters stand for what the request has.
            `{tagged}` is the model with its tag, `latest` if it has none.
        openai: what OpenAI does with such a request, in words.
        do: what to do about it, in Markdown.
        source: where it was seen.
        read: when the source was read.
        paths: the paths it is about. `*` at the end stands for any rest.
        model: a pattern for the model, or for the deployment in the path.
        has: parameters that the request must have. A dot leads into an object.
        lacks: parameters that it must not have.
        equals: values that parameters must have, or lists of possible values. A dot leads into an object.
        unless: values of parameters, one of which is enough for another answer.
        images: how addresses of images begin, one of which the request must have.
    """

    id: str
    server: str
    asks: str
    status: int
    body: dict[str, Any]
    openai: str
    do: str
    source: str
    read: str
    paths: tuple[str, ...] = ()
    model: str = ".*"
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    equals: dict[str, Any] = field(default_factory=dict)
    unless: dict[str, Any] = field(default_factory=dict)
    images: tuple[str, ...] = ()

    def concerns(self, request: Request, body: dict[str, Any]) -> bool:
        """Tell whether a request gets this answer."""
        if request.method != "POST" or not any(_fits(path, request.path) for path in self.paths):
            return False
        if not re.fullmatch(self.model, _model(request, body)):
            return False
        if any(_value(body, name) is None for name in self.has):
            return False
        if any(body.get(name) is not None for name in self.lacks):
            return False
        if any(body.get(name) == value for name, value in self.unless.items()):
            return False
        if self.images and not any(address.startswith(self.images) for address in _images(body)):
            return False
        return all(
            _value(body, name) in (wanted if isinstance(wanted, list) else [wanted])
            for name, wanted in self.equals.items()
        )

    def answer(self, request: Request, body: dict[str, Any]) -> Result:
        """Return the answer to a request."""
        model = _model(request, body)
        tagged = model if ":" in model else f"{model}:latest"
        return Result(_filled(self.body, body | {"model": model, "tagged": tagged}))


@cache
def differences() -> tuple[Difference, ...]:
    """Return what is known of all servers, in the order of the file."""
    rows = json.loads(files(__package__).joinpath("compatible.json").read_text("utf-8"))
    lists = ("paths", "has", "lacks", "images")
    return tuple(Difference(**(row | {name: tuple(row.get(name, ())) for name in lists})) for row in rows)


def servers() -> list[str]:
    """Return the names of the servers that can be played."""
    return list(dict.fromkeys(difference.server for difference in differences()))


def checked(server: str) -> str:
    """Return the name of a server that can be played.

    Raises:
        ValueError: it cannot. The message suggests one.
    """
    if server in servers():
        return server
    guess = get_close_matches(server.lower(), servers(), n=1)
    remedy = f"did you mean '{guess[0]}'?" if guess else f"known servers: {', '.join(servers())}"
    raise ValueError(f"no server '{server}' is known: {remedy}")


def difference(server: str | None, request: Request, body: Body) -> Difference | None:
    """Return how a server answers a request differently from OpenAI, if it does."""
    if server is None or body.json is None:
        return None
    return next((row for row in differences() if row.server == server and row.concerns(request, body.json)), None)


def _fits(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def _model(request: Request, body: dict[str, Any]) -> str:
    """Return the model that a request names, or the deployment in its path."""
    deployment = re.match(r"/openai/deployments/([^/]+)/", request.path)
    return deployment[1] if deployment else str(body.get("model", ""))


def _value(found: Any, name: str) -> Any:
    """Return what a name with dots leads to in JSON, or None."""
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _images(body: dict[str, Any]) -> Iterator[str]:
    """Yield the addresses of a request's images."""
    for message in _listed(body.get("messages")):
        for part in _listed(_value(message, "content")):
            if isinstance(address := _value(part, "image_url.url"), str):
                yield address


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _filled(template: Any, values: dict[str, Any]) -> Any:
    if isinstance(template, str):
        return template.format_map(values) if "{" in template else template
    if isinstance(template, dict):
        return {name: _filled(value, values) for name, value in template.items()}
    return [_filled(value, values) for value in template] if isinstance(template, list) else template
