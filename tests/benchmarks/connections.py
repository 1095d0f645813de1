"""What a soak does to connections: clients that are slow, in a hurry, or gone. Kinds of requests as in `traffic.py`."""

import asyncio
import contextlib

from ..good_requests import MODELS, RESPONSES, TEXT, closed
from .sandbox_speed import complete
from .served import Client, message
from .traffic import LUNA, PATIENCE, Visitor, answered, check, read


def long_stream(visitor: Visitor) -> bytes:
    """Return a request for a stream of some hundred kilobytes."""
    schema = closed({"x": {"type": "array", "minItems": 300, "items": TEXT}})
    text = {"format": {"type": "json_schema", "name": "a", "strict": True, "schema": schema}}
    return message("POST", RESPONSES, LUNA | {"input": visitor.text(), "stream": True, "text": text})


async def aborted_stream(visitor: Visitor) -> None:
    """A long stream whose client goes away in the middle."""
    visitor.last = long_stream(visitor)
    async with Client(visitor.port, room=4096) as client:
        await client.send(visitor.last)
        for _ in range(visitor.chance.randint(1, 20)):
            check(await asyncio.wait_for(client.reader.read(1024), PATIENCE), "the stream ended early")
        if visitor.chance.random() < 0.5:
            client.reset()


async def pipelined(visitor: Visitor) -> None:
    """Several requests at once on one connection, answered in order."""
    models = [visitor.chance.choice(("gpt-6-luna", "gpt-4.1", "text-embedding-3-small")) for _ in range(6)]
    visitor.last = b"".join(message("GET", f"{MODELS}/{model}") for model in models)
    visitor.last += message("POST", RESPONSES, LUNA | {"input": visitor.text(), "stream": True})
    async with asyncio.timeout(PATIENCE):
        await visitor.client.send(visitor.last)
        for model in models:
            check(read(visitor.counted(await visitor.client.reply()))["id"] == model, model)
        reply = visitor.counted(await visitor.client.reply())
    check(reply.status == 200 and complete(reply.body), reply)


async def abandoned(visitor: Visitor) -> None:
    """A connection that is left: unused, in the middle of a request, or before the reply. Some end in a reset."""
    request = message("POST", RESPONSES, LUNA | {"input": visitor.text()})
    async with Client(visitor.port) as client:
        await client.send(request[: visitor.chance.choice((0, 20, len(request) - 5, len(request)))])
        await asyncio.sleep(visitor.chance.choice((0, 0, 0.005, 1)))
        if visitor.chance.random() < 0.5:
            client.reset()


async def half_closed(visitor: Visitor) -> None:
    """A client that says that it sends no more and waits for its reply."""
    visitor.last = message("POST", RESPONSES, LUNA | {"input": visitor.text()})
    async with Client(visitor.port) as client:
        await client.send(visitor.last)
        client.writer.write_eof()
        answered(read(visitor.counted(await asyncio.wait_for(client.reply(), PATIENCE))))


async def slow_sender(visitor: Visitor) -> None:
    """A client that sends its request byte by byte, over some seconds."""
    visitor.last = message("POST", RESPONSES, LUNA | {"input": visitor.text(5)})
    pause = visitor.chance.uniform(2, 6) / len(visitor.last)
    async with Client(visitor.port) as client:
        for value in visitor.last:
            await client.send(bytes([value]))
            await asyncio.sleep(pause)
        answered(read(visitor.counted(await asyncio.wait_for(client.reply(), PATIENCE))))


async def slow_reader(visitor: Visitor) -> None:
    """A client that reads a long stream slowly, so that the server has to wait, and to its end."""
    visitor.last = long_stream(visitor)
    async with Client(visitor.port, room=4096) as client:
        await client.send(visitor.last)
        reply = visitor.counted(await asyncio.wait_for(client.reply(visitor.chance.uniform(0.002, 0.01)), PATIENCE))
    check(reply.status == 200 and complete(reply.body), f"{reply.status} {reply.body[-300:]!r}")


async def idle(visitor: Visitor) -> None:
    """A connection that is kept open between two requests."""
    async with Client(visitor.port) as client:
        for _ in range(2):
            check(read(await visitor.exchange(client, message("GET", MODELS)))["data"], "no models")
            with contextlib.suppress(TimeoutError):
                check(not await asyncio.wait_for(client.reader.read(1), visitor.chance.uniform(0, 3)), "bytes")
                break  # The server has closed what was idle.
