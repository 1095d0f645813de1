"""The buffer that connections read into. By default, asyncio creates a new one of 256 KiB for each read.

The C library takes that memory from the system and gives it back each time, or keeps it in pieces: see `memory`.
"""

import asyncio
import threading

SIZE = 256 * 1024
"""The maximum number of bytes per read."""


class _Buffer(threading.local):
    """One buffer for each thread: its loop reads one connection at a time."""

    def __init__(self) -> None:
        self.view = memoryview(bytearray(SIZE))


_buffer = _Buffer()


class BufferedProtocol(asyncio.BufferedProtocol):
    """A protocol with `data_received`, like `asyncio.Protocol`, but reading into a shared buffer."""

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the buffer to read into."""
        return _buffer.view

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read."""
        self.data_received(_buffer.view[:nbytes].tobytes())

    def data_received(self, data: bytes) -> None:
        """Take what was read."""
        raise NotImplementedError
