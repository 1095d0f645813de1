"""HTTP byte by byte: sockets to a running sandbox, and a transport that stands in for one."""

import asyncio
import json
import re
import socket
from collections.abc import Mapping
from typing import Any

from openai_sandbox import Sandbox
from openai_sandbox.http.address import API_KEY

from ...good_requests import RESPONSE

BODY = json.dumps(RESPONSE).encode()


def request(body: bytes = BODY, *, version: str = "1.1", method: str = "POST", headers: str = "") -> bytes:
    """Return the bytes of a request for a response, or for the models if the method is GET."""
    path = "/v1/responses" if method == "POST" else "/v1/models"
    head = f"{method} {path} HTTP/{version}\r\nHost: localhost\r\nAuthorization: Bearer {API_KEY}\r\n{headers}"
    if method == "POST":
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + (body if method == "POST" else b"")


def port(api: Sandbox) -> int:
    return int(api.base_url.rpartition(":")[2].removesuffix("/v1"))


def connect(api: Sandbox) -> socket.socket:
    """Open a connection to a sandbox."""
    return socket.create_connection(("127.0.0.1", port(api)), timeout=10)


def until_closed(sock: socket.socket) -> bytes:
    """Return what is received until the other side closes the connection."""
    data = b""
    while piece := sock.recv(65536):
        data += piece
    return data


def reply(sock: socket.socket) -> tuple[int, bytes]:
    """Return status and body of one reply that gives its length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(1)
    length = int(re.findall(rb"content-length: (\d+)", data)[0])
    body = b""
    while len(body) < length:
        body += sock.recv(length - len(body))
    return int(data.split()[1]), body


def only_reply(api: Sandbox, text: str) -> tuple[int, Mapping[str, str], Any]:
    """Send the text of a request that closes its connection, and return status, headers and JSON of the reply."""
    with connect(api) as sock:
        sock.sendall(text.replace("\n", "\r\n").encode())
        head, _, body = until_closed(sock).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, json.loads(body or b"null")


class Wire(asyncio.Transport):
    """A transport that keeps what is written to it, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closed = self.ended = False
        self.reading = True

    @property
    def received(self) -> bytes:
        """All that was written."""
        return b"".join(self.writes)

    def over(self) -> bool:
        """Whether the other side has been told that no more comes."""
        return self.closed or self.ended

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        if data:
            self.writes.append(bytes(data))

    def write_eof(self) -> None:
        self.ended = True

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_reading(self) -> bool:
        return self.reading

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True
