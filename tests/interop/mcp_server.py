"""A small MCP server at a free port of this machine, for the `mcp` tool. Prints its address first: see run.py."""

import socket

import uvicorn
from mcp.server.mcpserver import MCPServer

server = MCPServer("weather", log_level="ERROR")


@server.tool()
def get_weather(city: str) -> str:
    """Return the current weather in a city."""
    return "21 degrees and sunny"


if __name__ == "__main__":
    config = uvicorn.Config(server.streamable_http_app(), log_level="error", timeout_graceful_shutdown=1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp", flush=True)
        uvicorn.Server(config).run([listening])
