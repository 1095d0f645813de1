"""Call the tools of an MCP server from your own program, as functions."""

import asyncio
import json
from typing import Any

from dotenv import load_dotenv
from mcp import Client, Tool
from mcp.server import MCPServer
from openai import AsyncOpenAI

ALLOWED = {"find_order"}
server = MCPServer("orders", log_level="ERROR")


@server.tool()
def find_order(order: str) -> str:
    """Find an order, and say where it is."""
    return {"A-17": "sent"}.get(order, "unknown")


@server.tool()
def cancel_order(order: str) -> str:
    """Cancel an order."""
    return "canceled"


def function(tool: Tool) -> Any:
    """Describe a tool of an MCP server as a function."""
    about = {"name": tool.name, "description": tool.description, "strict": False}
    return {"type": "function", "parameters": tool.input_schema, **about}


async def ask(client: AsyncOpenAI, tools: Client, question: str) -> str:
    listed = (await tools.list_tools()).tools
    offered = [function(tool) for tool in listed if tool.name in ALLOWED]
    request: Any = {"model": "gpt-6-luna", "tools": offered}
    history: list[Any] = [{"role": "user", "content": question}]
    reply = await client.responses.create(**request, input=history)
    history += reply.output
    for item in reply.output:
        if item.type == "function_call" and item.name in ALLOWED:
            result = await tools.call_tool(item.name, json.loads(item.arguments))
            output = "".join(
                part.text for part in result.content if part.type == "text"
            )
            print(f"{item.name}({item.arguments}) -> {output}")
            told = {"call_id": item.call_id, "output": output}
            history.append({"type": "function_call_output", **told})
    reply = await client.responses.create(**request, input=history)
    return str(reply.output_text)


async def main() -> None:
    # Client("http://localhost:8000/mcp") would connect to a server that is running.
    async with Client(server) as tools, AsyncOpenAI() as client:
        print(await ask(client, tools, "Find order A-17"))


if __name__ == "__main__":
    load_dotenv()
    asyncio.run(main())
