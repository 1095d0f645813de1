"""What each Python program asks of tools that the API runs itself, and what it expects to come out.

See expectations.py: like that, this imports only what is in every program's environment.
"""

import os
import struct
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from expectations import expect
from openai import AsyncOpenAI

SEARCH = "Search the web: when was the Eiffel Tower opened?"
LOOK_UP = "Search the files: when does the reading room open?"
CALCULATE = "Run Python code to calculate 17 * 23."
DRAW = "Draw a picture of a lighthouse."
NEXT = "What is the capital of France?"

# The items whose streams have an event that says they are completed.
RUN = {"web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call"}

# The server that run.py starts: it has a tool get_weather(city).
MCP_URL = os.environ["INTEROP_MCP_URL"]

FILENAME = "reading-room.txt"
FILE = b"The reading room opens at nine. Dogs have to wait outside. Tea is served at four in the afternoon.\n"
SIZE = (1024, 1536)


class Store(NamedTuple):
    """A vector store with one file."""

    id: str
    file_id: str


@asynccontextmanager
async def reading_room() -> AsyncIterator[Store]:
    """Upload a file, and wait until it can be found in a vector store. Both are deleted at the end."""
    async with AsyncOpenAI() as client:
        file = await client.files.create(file=(FILENAME, FILE), purpose="assistants")
        store = await client.vector_stores.create(name="Reading room")
        added = await client.vector_stores.files.create_and_poll(file.id, vector_store_id=store.id, poll_interval_ms=10)
        expect(added.status == "completed", f"the file in the vector store is {added.status}: {added.last_error}")
        yield Store(store.id, file.id)
        await client.vector_stores.delete(store.id)
        await client.files.delete(file.id)


def tells(text: Any, fact: str) -> str:
    """Return an answer, if it tells a fact."""
    expect(isinstance(text, str) and fact in text, f"no answer that tells {fact!r}: {text!r}")
    return str(text)


def once(kind: str, kinds: Collection[str]) -> None:
    """Fail unless one item is of a kind."""
    expect(list(kinds).count(kind) == 1, f"not one {kind}: {kinds}")


def page_cited(text: Any, citations: Collection[Mapping[str, Any]]) -> str:
    """Return the answer to SEARCH, if it tells what a page says and cites that page where it says so."""
    said = tells(text, "1889")
    expect(bool(citations), f"nothing is cited: {said!r}")
    for citation in citations:
        cited = said[citation["start_index"] : citation["end_index"]]
        expect(citation["url"] in cited and "atlas.example.org" in cited, f"{citation} is not what it cites: {cited!r}")
    return said


def file_cited(text: Any, citations: Collection[Mapping[str, Any]], store: Store) -> str:
    """Return the answer to LOOK_UP, if it tells what the file says and cites it."""
    said = tells(text, "opens at nine")
    expect("Dogs" not in said, f"more than the answer: {said!r}")
    expect(
        [(one["file_id"], one["filename"]) for one in citations] == [(store.file_id, FILENAME)],
        f"not the file is cited: {citations}",
    )
    return said


def found(results: Collection[Mapping[str, Any]] | None, store: Store) -> None:
    """Fail unless a search returned the file."""
    named = [(one["file_id"], one["filename"]) for one in results or ()]
    expect(named == [(store.file_id, FILENAME)], f"not the file was found: {results}")
    expect(all("opens at nine" in one["text"] for one in results or ()), f"not the file's text: {results}")


def runs(code: Any) -> None:
    """Fail unless a text is Python code."""
    expect(isinstance(code, str), f"no code: {code!r}")
    compile(code, "<code>", "exec")


def drawn(picture: bytes) -> None:
    """Fail unless bytes are a PNG of the size asked for."""
    expect(picture.startswith(b"\x89PNG\r\n\x1a\n"), f"no PNG: {picture[:20]!r}")
    expect(struct.unpack(">II", picture[16:24]) == SIZE, f"not of the size asked for: {picture[16:24]!r}")
