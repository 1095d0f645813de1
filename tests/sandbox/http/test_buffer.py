"""Connections read into one buffer for each thread, and keep a copy of what they read."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from openai_sandbox.http.buffer import SIZE, BufferedProtocol


class Kept(BufferedProtocol):
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.data: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        self.data.append(data)


def read(protocol: BufferedProtocol, data: bytes) -> None:
    """Do what asyncio does with bytes that came in."""
    protocol.get_buffer(-1)[: len(data)] = data
    protocol.buffer_updated(len(data))


def test_what_was_read_stays_as_it_was_when_more_is_read() -> None:
    first, second = Kept(), Kept()
    read(first, b"one")
    read(second, b"other")
    read(first, b"two")
    assert (first.data, second.data) == ([b"one", b"two"], [b"other"])


def test_threads_have_buffers_of_their_own() -> None:
    here = Kept().get_buffer(-1)
    with ThreadPoolExecutor(1) as other:
        there = other.submit(Kept().get_buffer, -1).result()
    assert here.obj is not there.obj
    assert here.obj is Kept().get_buffer(-1).obj


@pytest.mark.anyio
async def test_more_than_the_buffer_holds_is_read_in_several_turns() -> None:
    kept = Kept()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kept, "127.0.0.1", 0)
    sent = bytes(range(256)) * (SIZE // 128)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(sent)
    await writer.drain()
    while sum(map(len, kept.data)) < len(sent):
        await asyncio.sleep(0)
    writer.close()
    server.close()
    assert b"".join(kept.data) == sent
    assert max(map(len, kept.data)) <= SIZE
