"""Reaches real MCP servers for the `mcp` tool: those of this machine, and no others.

A server whose path ends in `/sse` gets the older transport, all others streamable HTTP. The packages for that are
loaded when the first server is asked: it takes a second, and few programs need it.
"""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import from_json, to_json

from ..api.shared.mcp_servers import McpServerError, McpTool
from ..wire.masking import mask_keys

if TYPE_CHECKING:
    from mcp.client.client import Client

    from .mcp_transport import LocalTransport

Told = TypeVar("Told")

SECONDS = 30.0
"""How long a server may take to list its tools or to call one, in seconds."""

CLOSING = 2.0
"""How long closing a session may take once it has its answer, in seconds."""

MOST_TOOLS = 1000
MOST_CHARACTERS = 1_000_000
"""The maximum length of a tool's answer, or of a server's list of tools as JSON, in characters."""

LONGEST_PROBLEM = 1_000
"""The maximum length of the text that says why a session failed, in characters."""

THREAD = "sandbox-mcp-client"


class McpClient:
    """Lists and calls the tools of servers on loopback addresses.

    A session lasts for one list or one call, because no server is told which response it is for. Methods block, and may
    be called in any thread, including one that runs an event loop.

    Args:
        seconds: how long a server may take.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def list_tools(self, url: str, headers: Mapping[str, str]) -> list[McpTool]:
        """Return the tools of a server.

        Raises:
            McpServerError: it is not on this machine, cannot be reached, or does not list them.
        """
        return self._ask(url, headers, _list)

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        """Call a tool with arguments, a JSON object as text, and return the text that it answers.

        Raises:
            McpServerError: it fails.
        """

        async def call(client: "Client") -> str:
            return await _call(client, name, json.loads(arguments))

        return self._ask(url, headers, call)

    def _ask(self, url: str, headers: Mapping[str, str], ask: "Callable[[Client], Awaitable[Told]]") -> Told:
        answers: list[Told] = []
        problems: list[BaseException] = []

        async def session() -> None:
            from .mcp_transport import LocalTransport

            transport, loop = LocalTransport(), asyncio.get_running_loop()
            # Nothing that a failed session leaves behind matters.
            loop.set_exception_handler(lambda *_: None)
            try:
                async with asyncio.timeout(self._seconds) as limit, _connected(url, headers, transport) as client:
                    answers.append(await ask(client))
                    limit.reschedule(loop.time() + CLOSING)
            except BaseException as problem:
                raise transport.problem or problem from None

        def run() -> None:
            try:
                asyncio.run(session())
            except BaseException as problem:
                problems.append(problem)

        # A thread that already runs a loop cannot run another.
        thread = threading.Thread(target=run, name=THREAD, daemon=True)
        thread.start()
        thread.join(self._seconds + 2 * CLOSING)
        # An error while closing a session does not change the answer that it gave.
        if answers:
            return answers[0]
        problem = problems[0] if problems else TimeoutError()
        raise McpServerError(self._described(problem)[:LONGEST_PROBLEM]) from problem

    def _described(self, problem: BaseException) -> str:
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        response: Any = getattr(problem, "response", None)
        if response is not None:
            return f"Http status code: {response.status_code} ({response.reason_phrase})"
        if isinstance(problem, TimeoutError):
            return f"It did not answer within {self._seconds:g} seconds."
        if isinstance(problem, UnicodeError) or type(problem).__name__ == "LocalProtocolError":
            # Python's message would repeat the header, which may be a secret.
            return "One of its headers cannot be sent."
        return mask_keys(str(problem)) or type(problem).__name__


@asynccontextmanager
async def _connected(url: str, headers: Mapping[str, str], transport: "LocalTransport") -> "AsyncIterator[Client]":
    """Open a session."""
    import httpx2
    from mcp.client.client import Client
    from mcp.client.sse import sse_client
    from mcp.client.streamable_http import streamable_http_client

    from .mcp_transport import check_local

    _hush()

    def http_client(
        headers: dict[str, str] | None = None, timeout: httpx2.Timeout | None = None, auth: httpx2.Auth | None = None
    ) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(headers=headers, timeout=timeout, auth=auth, trust_env=False, transport=transport)

    try:
        parts = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):
        raise McpServerError("Its address is not a URL.") from None
    check_local(parts)
    if parts.path.rstrip("/").endswith("/sse"):
        events = sse_client(url, dict(headers), httpx_client_factory=http_client)
        async with Client(events, mode="legacy", cache=None) as client:
            yield client
        return
    async with (
        http_client(dict(headers), httpx2.Timeout(SECONDS)) as opened,
        Client(streamable_http_client(url, http_client=opened), cache=None) as client,
    ):
        yield client


@cache
def _hush() -> None:
    """Keep the package's messages about these sessions out of the logs: the caller learns what went wrong."""
    for name in list(logging.root.manager.loggerDict):
        if name == "client" or name.startswith("mcp."):
            logging.getLogger(name).addFilter(lambda record: record.threadName != THREAD)


async def _list(client: "Client") -> list[McpTool]:
    tools: list[McpTool] = []
    cursor, size = None, 0
    while True:
        told = await client.list_tools(cursor=cursor)
        for tool in told.tools:
            read_only = bool(tool.annotations and tool.annotations.read_only_hint)
            # Numbers such as NaN are accepted here, but are not JSON.
            told_as = to_json(tool.input_schema, inf_nan_mode="null")
            tools.append(McpTool(tool.name, tool.description, from_json(told_as), read_only))
            size += len(tool.name) + len(tool.description or "") + len(told_as)
        if len(tools) > MOST_TOOLS or size > MOST_CHARACTERS:
            raise McpServerError(f"It has more than {MOST_TOOLS} tools, or a list of them that is too long.")
        cursor = told.next_cursor
        if not cursor:
            return tools


async def _call(client: "Client", name: str, arguments: dict[str, Any]) -> str:
    told = await client.call_tool(name, arguments)
    texts = [part.text if part.type == "text" else part.model_dump_json(by_alias=True) for part in told.content]
    if not texts and told.structured_content is not None:
        texts = [json.dumps(told.structured_content)]
    text = "\n".join(texts)
    if told.is_error:
        raise McpServerError(text[:MOST_CHARACTERS] or "It failed without saying why.")
    if len(text) > MOST_CHARACTERS:
        raise McpServerError(f"It answered more than {MOST_CHARACTERS} characters.")
    return text


def installed_client() -> McpClient | None:
    """Return a client if the package `mcp` is installed, or None."""
    from importlib.util import find_spec

    return McpClient() if find_spec("mcp") else None
