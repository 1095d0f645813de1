"""The buffer that connections read into. Left to itself, asyncio makes a new one of 256 KiB for each read.

That is memory the C library takes from the system and gives back each time, or keeps in pieces: see `memory`.
"""

import asyncio
import threading

SIZE = 256 * 1024
"""How many bytes are read at once."""


class _Buffer(threading.local):
    """One for each thread: its loop reads one connection at a time."""

    def __init__(self) -> None:
        self.view = memoryview(bytearray(SIZE))


_buffer = _Buffer()


class BufferedProtocol(asyncio.BufferedProtocol):
    """A protocol with `data_received`, as `asyncio.Protocol`, whose bytes are read into a shared buffer."""

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where to read to."""
        return _buffer.view

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read."""
        self.data_received(_buffer.view[:nbytes].tobytes())

    def data_received(self, data: bytes) -> None:
        """Take what was read."""
        raise NotImplementedError
