"""Reaches real MCP servers for the `mcp` tool: those of this machine, and no others.

A server whose path ends in `/sse` is spoken to by the older transport, all others by streamable HTTP. The packages that
do so are loaded when the first server is asked: that takes a second, and few need it.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from ..api.shared.mcp_servers import McpServerError, McpTool
from ..wire.masking import mask_keys
from .address import is_loopback_host

if TYPE_CHECKING:
    import httpx2
    from mcp.client.client import Client

Told = TypeVar("Told")

SECONDS = 30.0
"""How long a server may take to tell its tools, or to call one."""

MOST_TOOLS = 1000
MOST_CHARACTERS = 1_000_000
"""How long the text may be that a tool answers, or a server's list of tools as JSON."""


class McpClient:
    """Lists and calls the tools of servers on loopback addresses.

    A session lasts for one list or one call, as no server is told which response it is for. Methods block, and may be
    called in any thread, in one that runs an event loop, too.

    Args:
        seconds: how long a server may take.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def list_tools(self, url: str, headers: Mapping[str, str]) -> list[McpTool]:
        """Return the tools of a server.

        Raises:
            McpServerError: it is not on this machine, cannot be reached, or does not tell them.
        """
        return self._ask(url, headers, _list)

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        """Call a tool with arguments, an object as JSON, and return the text that it answers.

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
            async with asyncio.timeout(self._seconds), _connected(url, headers) as client:
                answers.append(await ask(client))

        def run() -> None:
            try:
                asyncio.run(session())
            except BaseException as problem:
                problems.append(problem)

        # Where a loop runs already, another cannot.
        thread = threading.Thread(target=run, name="mcp-client", daemon=True)
        thread.start()
        thread.join()
        # What goes wrong when a session is closed does not take back what it told.
        if answers:
            return answers[0]
        raise McpServerError(self._described(problems[0])) from problems[0]

    def _described(self, problem: BaseException) -> str:
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        response: Any = getattr(problem, "response", None)
        if response is not None:
            return f"Http status code: {response.status_code} ({response.reason_phrase})"
        if isinstance(problem, TimeoutError):
            return f"It did not answer within {self._seconds:g} seconds."
        return mask_keys(str(problem)) or type(problem).__name__


def check_local(url: "httpx2.URL") -> None:
    """Raise where a URL is not one of this machine's.

    Raises:
        McpServerError: it is none of a server on a loopback address.
    """
    if url.scheme not in ("http", "https") or not is_loopback_host(url.host):
        raise McpServerError(
            "The sandbox reaches MCP servers of this machine only, such as http://127.0.0.1:8000/mcp, not "
            f"'{mask_keys(url.host)}'."
        )


async def _check_request(request: "httpx2.Request") -> None:
    """Look at a request before it is sent: a server may redirect it, or name another address for the next one."""
    check_local(request.url)


@asynccontextmanager
async def _connected(url: str, headers: Mapping[str, str]) -> "AsyncIterator[Client]":
    """Open a session."""
    import httpx2
    from mcp.client.client import Client
    from mcp.client.sse import sse_client
    from mcp.client.streamable_http import streamable_http_client

    def http_client(
        headers: dict[str, str] | None = None, timeout: httpx2.Timeout | None = None, auth: httpx2.Auth | None = None
    ) -> httpx2.AsyncClient:
        # Neither a proxy nor a .netrc: both are for other machines.
        hooks = {"request": [_check_request]}
        return httpx2.AsyncClient(headers=headers, timeout=timeout, auth=auth, trust_env=False, event_hooks=hooks)

    try:
        parts = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):
        raise McpServerError("Its address is no URL.") from None
    check_local(parts)
    if parts.path.rstrip("/").endswith("/sse"):
        transport = sse_client(url, dict(headers), httpx_client_factory=http_client)
        async with Client(transport, mode="legacy", cache=None) as client:
            yield client
        return
    async with (
        http_client(dict(headers), httpx2.Timeout(SECONDS)) as opened,
        Client(streamable_http_client(url, http_client=opened), cache=None) as client,
    ):
        yield client


async def _list(client: "Client") -> list[McpTool]:
    tools: list[McpTool] = []
    cursor, size = None, 0
    while True:
        told = await client.list_tools(cursor=cursor)
        for tool in told.tools:
            read_only = bool(tool.annotations and tool.annotations.read_only_hint)
            tools.append(McpTool(tool.name, tool.description, dict(tool.input_schema), read_only))
            size += len(tool.model_dump_json())
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
    """Return a client where the package `mcp` is installed, None otherwise."""
    from importlib.util import find_spec

    return McpClient() if find_spec("mcp") else None
