"""A sandbox in a process of its own: started, measured from outside, asked byte by byte, ended."""

import asyncio
import contextlib
import json
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from openai_sandbox.http.address import API_KEY

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)
"""Of SO_LINGER: closing throws away what is not sent yet, and tells the other side so."""


class ReplyError(Exception):
    """A reply that is not whole, or not HTTP."""


class Reply(NamedTuple):
    """A reply with its whole body. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return what the body says."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Served:
    """A running sandbox. `log` is the file with everything that it has printed to stderr."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def memory(self) -> float:
        """Return the megabytes of memory that it has now. Linux only."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def files(self) -> int:
        """Return how many file descriptors it has open. Linux only."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def seconds(self) -> float:
        """Return the processor time that it has used. Linux only."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def tracebacks(self) -> list[str]:
        """Return the lines of its log with which tracebacks begin and end."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if re.match(r"Traceback|the sandbox failed|\w*(Error|Exception)\b", line)]


@contextlib.contextmanager
def served(folder: Path, *options: str) -> Iterator[Served]:
    """Run `openai-sandbox serve` until the block ends. Its log is a file in `folder`."""
    log = folder / "log.txt"
    command = [sys.executable, "-m", "openai_sandbox.cli", "serve", "--port", "0", *options]
    with log.open("w") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    try:
        yield Served(process, _port(process.stdout), log)
    finally:
        process.kill()
        process.communicate()


def _port(stdout: IO[str] | None) -> int:
    assert stdout
    line = stdout.readline()
    if found := re.search(r":(\d+)/v1", line):
        return int(found[1])
    raise SystemExit(f"the sandbox did not start: {line}")


def message(method: str, path: str, body: Any = None, **headers: str) -> bytes:
    """Return the bytes of a request. A body that is not bytes is sent as JSON."""
    lines = {"host": HOST, "authorization": f"Bearer {API_KEY}"}
    if body is not None:
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines |= {"content-type": "application/json", "content-length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")


class Client:
    """A connection to a server, for one request after the other.

    Args:
        port: the server's.
        room: how many bytes are taken from the system before the server has to wait; None for the usual.
    """

    def __init__(self, port: int, room: int | None = None) -> None:
        self._port, self._room = port, room
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def __aenter__(self) -> "Client":
        sock = socket.socket()
        sock.setblocking(False)
        if self._room:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._room)
        await asyncio.get_running_loop().sock_connect(sock, (HOST, self._port))
        self.reader, self.writer = await asyncio.open_connection(sock=sock, limit=self._room or 2**20)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    def reset(self) -> None:
        """End the connection at once, as the system does it for a program that is killed."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.writer.transport.abort()

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def ask(self, data: bytes) -> Reply:
        """Send the bytes of a request and return the reply."""
        await self.send(data)
        return await self.reply()

    async def reply(self, wait: float = 0.0) -> Reply:
        """Read a reply, `wait` seconds after each piece of it.

        Raises:
            ReplyError: the connection ends before the reply does, or what comes is not a reply.
        """
        try:
            status, headers = await self._head()
            if length := headers.get("content-length"):
                return Reply(status, headers, await self._read(int(length), wait))
            pieces = []
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                pieces.append(await self._read(size, wait))
                await self._line_end()
            await self._line_end()
            return Reply(status, headers, b"".join(pieces))
        except (EOFError, OSError, ValueError, asyncio.LimitOverrunError) as problem:
            raise ReplyError(f"{type(problem).__name__}: {problem}") from problem

    async def _head(self) -> tuple[int, dict[str, str]]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].removeprefix("HTTP/1.1 ").split()[0]), headers

    async def _read(self, size: int, wait: float) -> bytes:
        if not wait:
            return await self.reader.readexactly(size)
        pieces, left = [], size
        while left:
            piece = await self.reader.read(min(left, 512))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            pieces.append(piece)
            left -= len(piece)
            await asyncio.sleep(wait)
        return b"".join(pieces)

    async def _line_end(self) -> None:
        if await self.reader.readexactly(2) != b"\r\n":
            raise ValueError("a chunk is longer than it says")
