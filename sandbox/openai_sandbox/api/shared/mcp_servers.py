"""The interface through which the `mcp` tool reaches MCP servers, because endpoints do not use the network."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class McpServerError(Exception):
    """A server does not answer as it should. The text says why."""


class McpTool(NamedTuple):
    """A tool of a server. `input_schema` is a JSON Schema."""

    name: str
    description: str | None
    input_schema: dict[str, Any]
    read_only: bool = False


class McpServers(Protocol):
    """Reaches MCP servers by their addresses."""

    def list_tools(self, url: str, headers: Mapping[str, str]) -> Sequence[McpTool]:
        """Return the tools of a server.

        Raises:
            McpServerError: it cannot be reached or does not list them.
        """
        ...

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        """Call a tool with arguments, a JSON object as text, and return the text that it answers.

        Raises:
            McpServerError: it fails.
        """
        ...
