"""The state table of a connection, cell by cell."""

import asyncio
from collections.abc import Mapping

import pytest

from openai_sandbox.http.connection import Connection
from openai_sandbox.http.relayed import Relayed
from openai_sandbox.wire.errors import APIError
from openai_sandbox.wire.messages import Ending, Reply, Request

PAUSE = 0.02
HALF = b"POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"
ENDINGS: dict[str, Ending] = {"/hang": "hang", "/drop": "drop", "/cut": "cut"}


class Notes(asyncio.Transport):
    """A transport that notes what is done to it, of replies the last line only."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.reading = True

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        if data:
            self.done.append(bytes(data).decode().splitlines()[0 if b"HTTP/1.1 4" in data else -1])

    def write_eof(self) -> None:
        self.done.append("end")

    def is_closing(self) -> bool:
        return "close" in self.done or "abort" in self.done

    def close(self) -> None:
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


class Paths:
    """Answers each path in another way."""

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        pass

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        if request.path == "/relay":
            return None
        if request.path == "/bug":
            raise RuntimeError
        delay = PAUSE if request.path == "/slow" else 0.0
        return Reply(200, {}, request.path.encode(), delay, ENDINGS.get(request.path, "complete"))

    async def relay(self, request: Request, target: bytes, client: Relayed) -> Reply | None:
        await asyncio.sleep(PAUSE)
        client.start(200, [("content-length", "6")])
        await client.send(b"/relay")
        client.finish()
        return None


class Driven:
    """A connection and the events that happen to it, by name."""

    def __init__(self) -> None:
        self.transport = Notes()
        self.connections: set[Connection] = set()
        self.connection = Connection(Paths(), self.connections)
        self.connection.connection_made(self.transport)

    async def happen(self, event: str) -> None:
        if event.startswith("/"):
            self.connection.data_received(f"GET {event} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        elif event == "not HTTP":
            self.connection.data_received(b"what is this?\r\n\r\n")
        elif event == "no more":
            self.connection.pause_writing()
        elif event == "more":
            self.connection.resume_writing()
        elif event == "no more from it":
            # As asyncio's own transport does: it stops reading, and closes if that is the answer.
            if not self.connection.eof_received():
                self.transport.close()
        elif event == "half a request":
            self.connection.data_received(HALF)
        elif event == "a minute":
            self.connection.expire(asyncio.get_running_loop().time() + 61)
        elif event == "ten minutes":
            self.connection.expire(asyncio.get_running_loop().time() + 601)
        elif event == "gone":
            self.connection.connection_lost(None)
        elif event == "turn":
            await asyncio.sleep(0)
        elif event == "time":
            await asyncio.sleep(2 * PAUSE)

    @property
    def done(self) -> list[str]:
        return [note for note in self.transport.done if note]


TABLE: dict[str, tuple[str, list[str], bool]] = {
    # What happens; what is sent and done; whether bytes are read at the end.
    "idle: a request": ("/a", ["/a"], True),
    "idle: a request after another": ("/a, turn, /b", ["/a", "/b"], True),
    "idle: no HTTP": ("not HTTP", ["HTTP/1.1 400 Bad Request", "end"], True),
    "idle: the client sends no more": ("no more from it", ["close"], True),
    "idle for a minute": ("/a, a minute", ["/a"], True),
    "idle for ten minutes": ("/a, ten minutes", ["/a", "close"], True),
    "half a request: no more comes": ("half a request, ten minutes", ["HTTP/1.1 408 Request Timeout", "end"], True),
    "half a request: the client sends no more": ("half a request, no more from it", ["close"], True),
    "idle: the client takes no more": ("no more", [], False),
    "idle: the client takes more again": ("no more, more", [], True),
    "pausing": ("/slow", [], True),
    "pausing: a request": ("/slow, /b", [], False),
    "pausing: its time comes": ("/slow, time", ["/slow"], True),
    "pausing: its time comes for both": ("/slow, /b, time", ["/slow", "/b"], True),
    "pausing: its time comes, but the client takes no more": ("/slow, no more, time", [], False),
    "pausing: the client takes more again": ("/slow, no more, more", [], True),
    "pausing: no HTTP": ("/slow, not HTTP, time", ["/slow", "end"], True),
    "pausing: no HTTP after a request": ("/slow, /b, not HTTP, time", ["/slow", "end"], True),
    "pausing: the client sends no more": ("/slow, no more from it, time", ["/slow", "close"], True),
    "pausing: it sends no more, a request waits": ("/slow, /b, no more from it, time", ["/slow", "/b", "close"], True),
    "pausing for ten minutes": ("/slow, ten minutes", [], True),
    "pausing: the client goes away": ("/slow, /b, gone, time", [], False),
    "held back": ("no more, /a, time", [], False),
    "held back: a request": ("no more, /a, /b, time", [], False),
    "held back: the client takes more again": ("no more, /a, more", ["/a"], True),
    "held back: the client takes more again, a request waits": ("no more, /a, /b, more, time", ["/a", "/b"], True),
    "held back: no HTTP": ("no more, /a, not HTTP, more", ["/a", "end"], True),
    "held back for ten minutes": ("no more, /a, ten minutes", ["abort"], False),
    "held back: the client sends no more": ("no more, /a, no more from it, more", ["/a", "close"], True),
    "held back: the client goes away": ("no more, /a, gone, time", [], False),
    "relaying: a request": ("/relay, turn, /b", [], False),
    "relaying: the task ends": ("/relay, time", ["/relay"], True),
    "relaying: the task ends, a request waits": ("/relay, /b, time", ["/relay", "/b"], True),
    "relaying: the client takes no more": ("/relay, no more, time", [], False),
    "relaying: the client takes more again": ("/relay, no more, time, more, time", ["/relay"], True),
    "relaying: no HTTP": ("/relay, not HTTP, time", ["/relay", "end"], True),
    "relaying: the client sends no more": ("/relay, no more from it", ["close"], True),
    "relaying: the client goes away": ("/relay, turn, gone, time", [], True),
    "hanging: a request": ("/hang, /b, time", [], True),
    "hanging: the client takes more again": ("/hang, no more, more, time", [], True),
    "hanging: no HTTP": ("/hang, not HTTP, time", [], True),
    "hanging: the client sends no more": ("/hang, /b, no more from it", ["close"], True),
    "hanging for ten minutes": ("/hang, ten minutes", [], True),
    "next turn: a request": ("no more, /a, /b, more, /c, time", ["/a", "/b", "/c"], True),
    "next turn: no HTTP": ("no more, /a, /b, more, not HTTP, time", ["/a", "HTTP/1.1 400 Bad Request", "end"], True),
    "next turn: it sends no more": ("no more, /a, /b, more, no more from it, time", ["/a", "/b", "close"], True),
    "next turn: the client goes away": ("no more, /a, /b, more, gone, time", ["/a"], False),
    "lingering: a request": ("not HTTP, /b, time", ["HTTP/1.1 400 Bad Request", "end"], True),
    "lingering: the client sends no more": (
        "not HTTP, no more from it",
        ["HTTP/1.1 400 Bad Request", "end", "close"],
        True,
    ),
    "closing: a request": ("/drop, /b, time", ["close"], True),
    "closing: no HTTP": ("/drop, not HTTP, time", ["close"], True),
    "closing after a reply that is cut": ("/cut, /b, time", ["/cut", "close"], True),
    "a bug": ("/bug, /b, time", ["abort"], True),
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", TABLE)
async def test_a_connection_does_what_its_table_says(name: str) -> None:
    happens, done, reading = TABLE[name]
    tasks = asyncio.all_tasks()
    driven = Driven()
    for event in happens.split(", "):
        await driven.happen(event)
    assert driven.done == done
    assert driven.transport.reading == reading
    assert (driven.connection in driven.connections) == ("gone" not in happens)
    driven.connection.connection_lost(None)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == tasks


@pytest.mark.anyio
@pytest.mark.parametrize("target", [b"nowhere", b"/a b"])
async def test_a_target_that_is_no_path_is_rejected(target: bytes) -> None:
    driven = Driven()
    driven.connection.data_received(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert driven.done == ["HTTP/1.1 400 Bad Request", "end"]
