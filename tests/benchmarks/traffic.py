"""What a soak sends: kinds of requests, good and bad ones.

A kind is a function of a `Visitor`. What is random in it comes from the visitor's own chance. It raises `Wrong` where a
good request is not answered as it has to be.
"""

import asyncio
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from ..good_requests import (
    BATCHES,
    CHAT,
    CONVERSATIONS,
    EMBEDDINGS,
    FILES,
    RESPONSES,
    closed,
    form,
)
from ..sandbox.event_stream import events_of, is_done
from ..sandbox.refusals.asker import CREATE_COMPLETION, CREATE_EMBEDDINGS, CREATE_RESPONSE
from ..sandbox.refusals.asker import GOOD as GOOD_BODIES
from ..sandbox.refusals.spoiling import walked
from ..sandbox.values.random_schemas import ordinary_schema, strict_schema
from .sandbox_speed import complete
from .served import Client, Reply, message

LUNA: dict[str, Any] = {"model": "gpt-6-luna"}
SAID = "the capital of France is Paris and a small answer costs less than long ones in many days"
SPOILED = (CREATE_RESPONSE, CREATE_COMPLETION, CREATE_EMBEDDINGS, "conversations.create", "batches.create")
JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e308,
    10**25,
    "",
    "x" * 5000,
    [],
    [[]],
    {},
    {"type": "x"},
    [None],
    {"": 1},
    "\x00",
    "auto",
)
MEGABYTE = 1_000_000
PATIENCE = 60.0
"""How many seconds a reply may take, however busy the machine is."""


class Wrong(Exception):  # noqa: N818 - not what went wrong in this program
    """A good request that was not answered as it has to be."""


@dataclass(slots=True)
class Tally:
    """What was sent and what came back. `failures` has a text for each good request that failed, by kind."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Visitor:
    """A client with its own chance. `last` are the bytes of its last request."""

    def __init__(self, port: int, chance: random.Random, tally: Tally) -> None:
        self.port, self.chance, self.tally = port, chance, tally
        self.client: Client
        self.last = b""

    def text(self, most: int = 30) -> str:
        """Return some words that no other request has."""
        words = self.chance.choices(SAID.split(), k=self.chance.randint(1, most))
        return " ".join([*words, str(self.chance.randrange(10**9))])

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send a request on the visitor's connection and return the reply, whatever its status."""
        return await self.exchange(self.client, message(method, path, body, **headers))

    async def exchange(self, client: Client, data: bytes) -> Reply:
        """Send the bytes of a request on a connection and return the reply, whatever its status."""
        self.last = data
        return self.counted(await asyncio.wait_for(client.ask(data), PATIENCE))

    def counted(self, reply: Reply) -> Reply:
        """Count the status of a reply."""
        self.tally.statuses[reply.status] += 1
        return reply

    async def good(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a good request and return the JSON of its reply."""
        return read(await self.ask(method, path, body, **headers))


def read(reply: Reply) -> Any:
    """Return the JSON of the reply to a good request."""
    check(reply.status == 200, reply)
    return reply.json()


def check(fine: object, found: object) -> None:
    """Raise `Wrong` with what was found where something is not as it has to be."""
    if not fine:
        raise Wrong(str(found)[:600])


def answered(response: Any) -> str:
    """Return the text of a response that has to be complete."""
    texts = [part["text"] for item in response["output"] if item["type"] == "message" for part in item["content"]]
    check(response["status"] == "completed" and "".join(texts), response)
    return "".join(texts)


async def response(visitor: Visitor) -> None:
    """A plain response; one in four is not stored, some have more than one turn."""
    body = LUNA | {"input": visitor.text(), "store": visitor.chance.random() < 0.75}
    made = await visitor.good("POST", RESPONSES, body)
    answered(made)
    for _ in range(visitor.chance.choice((0, 0, 0, 1, 5)) if body["store"] else 0):
        turn = LUNA | {"input": visitor.text(), "previous_response_id": made["id"]}
        made = await visitor.good("POST", RESPONSES, turn)
        answered(made)


async def completion(visitor: Visitor) -> None:
    """A plain chat completion; most are stored, some are read again or deleted."""
    store = visitor.chance.random() < 0.75
    body = LUNA | {"messages": [{"role": "user", "content": visitor.text()}], "store": store}
    made = await visitor.good("POST", CHAT, body)
    check(made["choices"][0]["message"]["content"] and made["choices"][0]["finish_reason"] == "stop", made)
    if store and visitor.chance.random() < 0.1:
        check((await visitor.good("GET", f"{CHAT}/{made['id']}"))["id"] == made["id"], made)
    if store and visitor.chance.random() < 0.1:
        check((await visitor.good("DELETE", f"{CHAT}/{made['id']}"))["deleted"], made)


async def streamed_response(visitor: Visitor) -> None:
    """A streamed response, read to the end."""
    reply = await visitor.ask("POST", RESPONSES, LUNA | {"input": visitor.text(), "stream": True})
    check(reply.status == 200 and complete(reply.body), reply)


async def streamed_completion(visitor: Visitor) -> None:
    """A streamed chat completion, read to the end."""
    body = LUNA | {"messages": [{"role": "user", "content": visitor.text()}], "stream": True}
    reply = await visitor.ask("POST", CHAT, body)
    text = reply.body.decode()
    check(reply.status == 200 and is_done(text), reply)
    reasons = [
        choice["finish_reason"] for event in events_of(text[: -len("data: [DONE]\n\n")]) for choice in event["choices"]
    ]
    check(reasons and reasons[-1] == "stop" and not any(reasons[:-1]), reply)


async def background(visitor: Visitor) -> None:
    """A background response: polled to its end, streamed, or canceled."""
    made = await visitor.good("POST", RESPONSES, LUNA | {"input": visitor.text(), "background": True})
    path = f"{RESPONSES}/{made['id']}"
    way = visitor.chance.random()
    if way < 0.2:
        check((await visitor.good("POST", f"{path}/cancel"))["status"] == "cancelled", made)
    elif way < 0.4:
        reply = await visitor.ask("GET", f"{path}?stream=true")
        check(reply.status == 200 and complete(reply.body), reply)
    else:
        for _ in range(20):
            if (made := await visitor.good("GET", path))["status"] not in ("queued", "in_progress"):
                break
            await asyncio.sleep(0.02)
        answered(made)


async def conversation(visitor: Visitor) -> None:
    """A conversation of a few turns, its items listed, now and then deleted."""
    items = [{"role": "user", "content": visitor.text()}]
    made = await visitor.good("POST", CONVERSATIONS, {"items": items, "metadata": {"a": visitor.text(5)}})
    path, turns = f"{CONVERSATIONS}/{made['id']}", visitor.chance.randint(0, 3)
    for _ in range(turns):
        answered(await visitor.good("POST", RESPONSES, LUNA | {"input": visitor.text(), "conversation": made["id"]}))
    listed = (await visitor.good("GET", f"{path}/items?limit=100"))["data"]
    check(sum(item["type"] == "message" for item in listed) == 1 + 2 * turns, listed)
    if visitor.chance.random() < 0.1:
        check((await visitor.good("DELETE", path))["deleted"], made)


def line(visitor: Visitor, number: int) -> str:
    """Return a line of a batch file."""
    body = LUNA | {"input": visitor.text()}
    return json.dumps({"custom_id": str(number), "method": "POST", "url": RESPONSES, "body": body})


async def upload(visitor: Visitor, content: bytes, name: str, purpose: str) -> str:
    """Upload a file and return its id."""
    sent = form(content, name, purpose=purpose)
    made = await visitor.good("POST", FILES, sent["content"], content_type=sent["headers"]["content-type"])
    check(made["bytes"] == len(content), made)
    return str(made["id"])


async def batch(visitor: Visitor) -> None:
    """An upload of a few lines, and most times a batch of them, polled to its end."""
    number = visitor.chance.randint(1, 4)
    lines = "\n".join(line(visitor, count) for count in range(number)).encode()
    file = await upload(visitor, lines, "batch.jsonl", "batch")
    asked = {"input_file_id": file, "endpoint": RESPONSES, "completion_window": "24h"}
    made = await visitor.good("POST", BATCHES, asked)
    if visitor.chance.random() < 0.5:
        return
    for _ in range(20):
        if (made := await visitor.good("GET", f"{BATCHES}/{made['id']}"))["status"] == "completed":
            break
    reply = await visitor.ask("GET", f"{FILES}/{made['output_file_id']}/content")
    check(reply.status == 200 and reply.body.count(b"\n") == number, reply)
    if visitor.chance.random() < 0.2:
        check((await visitor.good("DELETE", f"{FILES}/{file}"))["deleted"], made)


async def embedding(visitor: Visitor) -> None:
    """Embeddings of some texts."""
    texts = [visitor.text() for _ in range(visitor.chance.randint(1, 3))]
    body = {"model": "text-embedding-3-small", "input": texts, "dimensions": visitor.chance.choice((8, 256))}
    made = await visitor.good("POST", EMBEDDINGS, body)
    check([len(row["embedding"]) for row in made["data"]] == [body["dimensions"]] * len(texts), made)


async def bad_body(visitor: Visitor) -> None:
    """A body with one place spoiled: it may be answered or refused, in the API's envelope."""
    endpoint = visitor.chance.choice(SPOILED)
    places, _ = walked(endpoint)
    body = visitor.chance.choice(places).put(visitor.chance.choice(JUNK))
    reply = await visitor.ask("POST", GOOD_BODIES[endpoint][0], body)
    check(reply.status == 200 or (400 <= reply.status < 500 and reply.json()["error"]["message"]), reply)


async def schema(visitor: Visitor) -> None:
    """An answer by a random schema: JSON, complete."""
    strict = visitor.chance.random() < 0.5
    given = strict_schema(visitor.chance) if strict else closed({"x": ordinary_schema(visitor.chance)})
    text = {"format": {"type": "json_schema", "name": "a", "strict": strict, "schema": given}}
    json.loads(answered(await visitor.good("POST", RESPONSES, LUNA | {"input": visitor.text(), "text": text})))


async def huge_prompt(visitor: Visitor) -> None:
    """A prompt of 1 MB."""
    text = f"{visitor.text()} "
    body = LUNA | {"input": text * (MEGABYTE // len(text)), "store": visitor.chance.random() < 0.5}
    answered(await visitor.good("POST", RESPONSES, body))
