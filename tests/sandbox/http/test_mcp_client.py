"""The `mcp` tool with real MCP servers: those of this machine only, which may be slow or wrong and hold up nobody."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from openai import OpenAI
from starlette.types import ASGIApp

from openai_sandbox import Sandbox
from openai_sandbox.api.shared.mcp_servers import McpServerError
from openai_sandbox.http.address import listen
from openai_sandbox.http.mcp_client import MOST_CHARACTERS, McpClient

from .listening import listening

ASKED = "What is the weather in Paris?"


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an app, and yield its address."""
    with listen() as sock:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([sock],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def weather() -> MCPServer:
    server = MCPServer("weather")

    @server.tool()
    def get_weather(city: str) -> str:
        """The weather in a city"""
        return f"21 degrees and sunny in {city}"

    @server.tool()
    def find_train(city: str) -> str:
        """Find a train to a city"""
        raise ToolError(f"no train goes to {city}")

    return server


Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


@contextmanager
def made_up(answer: Answer | None = None, redirect: str = "") -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Serve JSON-RPC as `answer` says, or redirect. Yields the address, and the paths and headers of all requests."""
    seen: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append((told["method"], {name.lower(): value for name, value in self.headers.items()}))
            if redirect:
                self.send_response(307)
                self.send_header("location", redirect)
                self.send_header("content-length", "0")
                self.end_headers()
                return
            assert answer
            result = answer(told["method"], told.get("params") or {})
            body = json.dumps({"jsonrpc": "2.0", "id": told.get("id"), "result": result}).encode()
            self.send_response(200 if "id" in told else 202)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_error(405)

        do_DELETE = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    with listening(Handler) as address:
        yield f"{address}/mcp", seen


def talking(tools: list[dict[str, Any]], called: Callable[[], dict[str, Any]] = dict) -> Answer:
    """Return what answers as a server of the older protocol with these tools."""

    def answer(method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == "tools/list":
            return {"tools": tools}
        if method == "tools/call":
            return called()
        version = params.get("protocolVersion", "2025-06-18")
        return {"protocolVersion": version, "capabilities": {}, "serverInfo": {"name": "it", "version": "1"}}

    return answer


def tool(name: str, **told: Any) -> dict[str, Any]:
    return {"name": name, "inputSchema": {"type": "object"}} | told


def server_tool(url: str, **options: Any) -> Any:
    return {"type": "mcp", "server_label": "weather", "server_url": url, "require_approval": "never"} | options


def ask(client: OpenAI, url: str, asked: str = ASKED, **options: Any) -> Any:
    return client.responses.create(model="gpt-6-luna", input=asked, tools=[server_tool(url, **options)])


@pytest.mark.simulates("mcp")
def test_the_tools_of_a_real_server_are_listed_and_called(weather: MCPServer) -> None:
    with served(weather.streamable_http_app()) as address, Sandbox(seed=1):
        said = ask(OpenAI(), f"{address}/mcp")
        assert [item.type for item in said.output] == ["mcp_list_tools", "reasoning", "mcp_call", "message"]
        assert "21 degrees and sunny in Paris" in said.output_text
        failed = ask(OpenAI(), f"{address}/mcp", "Find a train to Paris.")
        (call,) = [item for item in failed.output if item.type == "mcp_call"]
        assert call.status == "failed" and "no train goes to Paris" in str(call.error)


@pytest.mark.simulates("mcp")
def test_a_server_of_the_older_transport_is_spoken_to_by_events(weather: MCPServer) -> None:
    with served(weather.sse_app()) as address, Sandbox(seed=1):
        assert "sunny in Paris" in ask(OpenAI(), f"{address}/sse").output_text


def test_a_stream_and_a_batch_reach_a_server_too(weather: MCPServer) -> None:
    with served(weather.streamable_http_app()) as address, Sandbox(seed=1):
        client = OpenAI()
        body: Any = {"model": "gpt-6-luna", "input": ASKED, "tools": [server_tool(f"{address}/mcp")]}
        types = [event.type for event in client.responses.create(**body, stream=True)]
        assert "response.mcp_list_tools.completed" in types and types[-1] == "response.completed"
        line = {"custom_id": "1", "method": "POST", "url": "/v1/responses", "body": body}
        file = client.files.create(file=("a.jsonl", json.dumps(line).encode()), purpose="batch")
        batch = client.batches.create(input_file_id=file.id, endpoint="/v1/responses", completion_window="24h")
        while batch.status != "completed":
            batch = client.batches.retrieve(batch.id)
        assert batch.output_file_id
        assert "sunny in Paris" in client.files.content(batch.output_file_id).text


def test_a_slow_server_holds_up_no_other_request_and_no_end_of_the_sandbox() -> None:
    listed, go_on = threading.Event(), threading.Event()

    def slow() -> dict[str, Any]:
        listed.set()
        go_on.wait(20)
        return {"content": [{"type": "text", "text": "sunny"}]}

    with made_up(talking([tool("get_weather", description="the weather in a city")], slow)) as (url, _):
        said: list[Any] = []
        with Sandbox(seed=1):
            client = OpenAI()
            asking = threading.Thread(target=lambda: said.append(ask(client, url)))
            asking.start()
            assert listed.wait(20)
            assert client.responses.create(model="gpt-6-luna", input="What is the capital of France?").output_text
            assert not said
            go_on.set()
            asking.join(20)
            assert "sunny" in said[0].output_text
        go_on.clear()
        listed.clear()
        with Sandbox(seed=1) as api:
            with socket.create_connection(("127.0.0.1", int(api.base_url.split(":")[2].split("/")[0]))) as left:
                body = json.dumps({"model": "gpt-6-luna", "input": ASKED, "tools": [server_tool(url)]})
                left.sendall(
                    f"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {api.api_key}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
                )
                assert listed.wait(20)
            begun = time.monotonic()
        assert time.monotonic() - begun < 10
        go_on.set()


@pytest.mark.simulates("mcp")
@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/mcp",
        "http://10.0.0.1/mcp",
        "http://0.0.0.0:1/mcp",
        "http://a.localhost/mcp",
        "http://127.0.0.1@example.com/",
        "http://[::ffff:10.0.0.1]/mcp",
        "http://127.1/mcp",
        "http://",
        "//127.0.0.1",
        "ftp://127.0.0.1",
        "/mcp",
    ],
)
def test_no_server_of_another_machine_is_reached(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("connected"))
    with pytest.raises(McpServerError, match=r"on this machine only|not a URL"):
        McpClient().list_tools(url, {})


def test_a_redirect_to_another_machine_is_not_followed() -> None:
    with made_up(redirect="http://example.com/mcp") as (url, seen):
        with pytest.raises(McpServerError, match=r"example\.com"):
            McpClient().list_tools(url, {})
        assert seen


def test_a_proxy_that_the_environment_names_is_not_asked(weather: MCPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with served(weather.streamable_http_app()) as address:
        assert [tool.name for tool in McpClient().list_tools(f"{address}/mcp", {})] == ["get_weather", "find_train"]


def test_headers_and_token_reach_the_server() -> None:
    with made_up(talking([])) as (url, seen), Sandbox(seed=1):
        ask(OpenAI(), url, authorization="secret", headers={"X-Team": "a"})
        assert {(headers["authorization"], headers["x-team"]) for _, headers in seen} == {("Bearer secret", "a")}


@pytest.mark.simulates("mcp")
def test_a_server_that_does_not_answer_is_given_up() -> None:
    hang = threading.Event()
    with made_up(lambda *_: {"late": hang.wait(20)}) as (url, _):
        with pytest.raises(McpServerError, match=r"within 0\.2 seconds"):
            McpClient(seconds=0.2).list_tools(url, {})
        hang.set()


@pytest.mark.parametrize(
    "answer",
    [lambda *_: {"tools": "none"}, talking([{"name": 1}]), talking([tool("a", description="x" * MOST_CHARACTERS)])],
    ids=["no handshake", "odd tools", "too much"],
)
def test_a_server_that_answers_oddly_is_refused_in_words(answer: Answer) -> None:
    with made_up(answer) as (url, _), pytest.raises(McpServerError, match=r"\w"):
        McpClient().list_tools(url, {})


def test_what_a_tool_answers_becomes_one_text_and_may_not_be_endless() -> None:
    answers: list[dict[str, Any]] = [
        {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"content": [], "structuredContent": {"degrees": 21}},
        {"content": [{"type": "text", "text": "x" * (MOST_CHARACTERS + 1)}]},
        {"content": [], "isError": True},
    ]
    with made_up(talking([tool("get")], lambda: answers.pop(0))) as (url, _):
        client = McpClient()
        assert client.call_tool(url, {}, "get", "{}") == "a\nb"
        assert json.loads(client.call_tool(url, {}, "get", "{}")) == {"degrees": 21}
        with pytest.raises(McpServerError, match="more than"):
            client.call_tool(url, {}, "get", "{}")
        with pytest.raises(McpServerError, match="without saying why"):
            client.call_tool(url, {}, "get", "{}")
