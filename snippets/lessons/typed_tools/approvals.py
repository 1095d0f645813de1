"""Give the model the tools of an MCP server, and approve each call that matters."""
# needs: threads

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from dotenv import load_dotenv
from mcp.server import MCPServer
from openai import OpenAI

ORDERS = {"A-17": "sent", "B-4": "open"}
QUESTIONS = ("Find order A-17", "Cancel order A-17", "Cancel order B-4")
orders = MCPServer("orders", log_level="ERROR")


@orders.tool()
def find_order(order: str) -> str:
    """Find an order, and say where it is."""
    return ORDERS.get(order, "unknown")


@orders.tool()
def cancel_order(order: str) -> str:
    """Cancel an order."""
    ORDERS[order] = "canceled"
    return "canceled"


@contextmanager
def running(server: MCPServer) -> Iterator[str]:
    """Run a server on a free port of this machine, and yield its address."""
    config = uvicorn.Config(server.streamable_http_app(), log_level="error")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = uvicorn.Server(config)
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        finally:
            serving.should_exit = True
            thread.join()


def approved(name: str, arguments: dict[str, str]) -> bool:
    """Ask a person. This one lets only B-4 be canceled."""
    return arguments == {"order": "B-4"}


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    with running(orders) as url:
        server = {"type": "mcp", "server_label": "orders", "server_url": url}
        never = {"require_approval": {"never": {"tool_names": ["find_order"]}}}
        request: Any = {"model": "gpt-6-luna", "tools": [{**server, **never}]}
        for question in QUESTIONS:
            print(f"- {question}")
            sent: Any = question
            previous = None
            for _ in range(5):
                reply = client.responses.create(
                    **request, input=sent, previous_response_id=previous
                )
                print(", ".join(item.type for item in reply.output))
                sent, previous = [], reply.id
                for item in reply.output:
                    if item.type == "mcp_approval_request":
                        yes = approved(item.name, json.loads(item.arguments))
                        print(f"{item.name}({item.arguments}) approved: {yes}")
                        about = {"approval_request_id": item.id, "approve": yes}
                        sent.append({"type": "mcp_approval_response", **about})
                if not sent:
                    break
            print(reply.output_text)
        print(ORDERS)
