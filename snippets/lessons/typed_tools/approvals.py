"""Give the model the tools of an MCP server, and approve each call that matters."""
# needs: threads

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
    app = uvicorn.Config(server.streamable_http_app(), log_level="error")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = uvicorn.Server(app)
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        serving.should_exit = True
        thread.join()


def approved(name: str, arguments: str) -> bool:
    """Ask a person. Here, only the order B-4 may be canceled."""
    return arguments == '{"order":"B-4"}'


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    with running(orders) as url:
        server = {"type": "mcp", "server_label": "orders", "server_url": url}
        never = {"require_approval": {"never": {"tool_names": ["find_order"]}}}
        request: Any = {"model": "gpt-6-luna", "tools": [{**server, **never}]}
        for question in QUESTIONS:
            reply = client.responses.create(**request, input=question)
            while asked := [
                item for item in reply.output if item.type == "mcp_approval_request"
            ]:
                answers: Any = []
                for one in asked:
                    decision = approved(one.name, one.arguments)
                    print(f"{one.name}({one.arguments}): {decision}")
                    about = {"approval_request_id": one.id, "approve": decision}
                    answers.append({"type": "mcp_approval_response", **about})
                reply = client.responses.create(
                    **request, input=answers, previous_response_id=reply.id
                )
            print(reply.output_text)
        print(ORDERS)
