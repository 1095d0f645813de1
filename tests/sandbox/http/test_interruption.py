"""While a request takes much work, others are answered and signals stop the server.

The bounds are generous, for a machine that does other things; `tests.benchmarks.interruption` says how long it takes.
"""

import json
import signal
import socket
import time
from typing import Any

import pytest

from ...good_requests import CHAT, LUNA, MODELS, RESPONSES, closed
from ..client import Served, ask
from .raw_connection import request

PATIENCE = 15.0


def schema_body(schema: Any) -> Any:
    return LUNA | {"input": "x", "text": {"format": {"type": "json_schema", "name": "a", "schema": schema}}}


NESTED: dict[str, Any] = {"type": "string"}
for _ in range(3):
    NESTED = {"type": "array", "minItems": 1000, "items": NESTED}

HARD: dict[str, tuple[str, Any]] = {
    "a pattern that freezes re": (RESPONSES, schema_body(closed({"x": {"type": "string", "pattern": r"^(a+)+\bb"}}))),
    "arrays in arrays": (RESPONSES, schema_body(closed({"x": NESTED}))),
    "many members": (RESPONSES, schema_body(closed({"x": {"enum": [*map(str, range(20_000))]}}))),
    "nine megabytes of spaces": (RESPONSES, LUNA | {"input": " " * 9_000_000}),
    "many messages": (CHAT, LUNA | {"messages": [{"role": "user", "content": "a"}] * 200_000}),
    "many embeddings": ("/v1/embeddings", {"model": "text-embedding-3-small", "input": [[*range(8000)]] * 20}),
}


def send(url: str, path: str, body: dict[str, Any]) -> socket.socket:
    """Send a request and return its connection, without reading the reply."""
    port = int(url.rpartition(":")[2].removesuffix("/v1"))
    sock = socket.create_connection(("127.0.0.1", port), timeout=2 * PATIENCE)
    sock.sendall(request(json.dumps(body).encode()).replace(b"/v1/responses", path.encode()))
    return sock


@pytest.mark.parametrize("name", HARD)
def test_others_are_answered_while_a_request_takes_much_work(served: Served, name: str) -> None:
    url, _ = served()
    with send(url, *HARD[name]) as hard, send(url, *HARD[name]) as harder:
        asked = time.monotonic()
        assert ask(url, "GET", MODELS).status_code == 200
        assert time.monotonic() - asked < PATIENCE
        assert all(sock.recv(1000).startswith((b"HTTP/1.1 200", b"HTTP/1.1 400")) for sock in (hard, harder))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["a pattern that freezes re", "nine megabytes of spaces", "many embeddings"])
def test_signals_stop_the_server_while_requests_take_much_work(
    served: Served, name: str, number: signal.Signals
) -> None:
    url, server = served()
    waiting = [send(url, *HARD[name]) for _ in range(3)]
    asked = time.monotonic()
    server.send_signal(number)
    assert server.wait(PATIENCE) == 0
    assert time.monotonic() - asked < PATIENCE
    for sock in waiting:
        sock.close()
