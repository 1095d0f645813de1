"""The mocks that are compared: how each is installed, started and told what to answer, each in its own way.

A mock may be told everything that its documentation offers. Where it can say what is answered to which prompt, all
prompts of `probes` are in its file from the start; one that takes answers in turn is told before each request.
"""

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, IncompleteRead
from pathlib import Path
from typing import Any

from docs._tools.data.as_of import ROOT, as_of
from openai_sandbox import Sandbox
from openai_sandbox.http.address import API_KEY
from openai_sandbox.scripts import ScriptError
from tests.interop.run import uv_path
from tests.token_ranks import published

from . import probes
from .probes import Reply

HERE = Path(__file__).parent
ENVIRONMENTS = ROOT / ".cache" / "mocks"
KEY = "sk-test"
BOUNDARY = "probe"
# Where tiktoken would download the ranks of the tokenizer. Nothing is asked for there.
RANKS = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
SECONDS = 30.0


@dataclass(slots=True)
class Served:
    """A mock behind a port. `tell` is what has to happen before a request with a prompt."""

    port: int
    tell: Callable[["Served", str], object] = field(default=lambda *_: None)
    key: str = KEY

    def arrange(self, prompt: str) -> None:
        """Tell it what to answer to the next request."""
        self.tell(self, prompt)

    def send(self, method: str, path: str, body: Any = None, *, key: bool = True) -> Reply:
        """Send a request below /v1; a path that begins with /../ is not below it."""
        headers = {"authorization": f"Bearer {self.key}"} if key else {}
        data, kind = encoded(body)
        if kind:
            headers["content-type"] = kind
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path[3:] if path.startswith("/../") else f"/v1{path}", data, headers)
            reply = connection.getresponse()
            head = {name.lower(): value for name, value in reply.getheaders()}
            try:
                return Reply(reply.status, head, reply.read())
            except IncompleteRead as broken:
                return Reply(reply.status, head, broken.partial, whole=False)
        except HTTPException as problem:
            raise OSError(str(problem)) from problem
        finally:
            connection.close()


def encoded(body: Any) -> tuple[bytes | None, str | None]:
    """Return the bytes of a body and their type: JSON, or a form where it has a file."""
    if body is None:
        return None, None
    if not (isinstance(body, dict) and isinstance(body.get("file"), bytes)):
        return json.dumps(body).encode(), "application/json"
    parts = []
    for name, value in body.items():
        if name == "filename":
            continue
        of_file = f'; filename="{body["filename"]}"\r\ncontent-type: application/octet-stream'
        named = of_file if name == "file" else ""
        content = value if isinstance(value, bytes) else str(value).encode()
        parts.append(f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content)
    return b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={BOUNDARY}"


def environment(*requirements: str) -> Path:
    """Return the interpreter of an environment that has these packages and no others, as of the as-of date."""
    pinned = f"{sys.version_info[:2]} {as_of()} {sorted(requirements)}"
    folder = ENVIRONMENTS / hashlib.sha256(pinned.encode()).hexdigest()[:16]
    python = folder / "bin" / "python"
    if not (folder / "done").exists():
        uv = uv_path()
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        newest = ["--exclude-newer", f"{as_of()}T00:00:00Z"]
        for command in (
            ["venv", "--quiet", "--clear", "--no-project", "--python", version, str(folder)],
            ["pip", "install", "--quiet", "--no-config", "--python", str(python), *newest, *requirements],
        ):
            subprocess.run([uv, *command], cwd=tempfile.gettempdir(), check=True)
        (folder / "done").touch()
    return python


def has_fixture(python: Path, *distributions: str) -> bool:
    """Tell whether one of these distributions brings a plugin for pytest."""
    listing = "from importlib.metadata import entry_points as e; print(*(p.dist.name for p in e(group='pytest11')))"
    done = subprocess.run([str(python), "-c", listing], capture_output=True, text=True, check=True)
    return not set(distributions).isdisjoint(done.stdout.split())


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def listening(command: list[str], port: int, folder: str, **variables: str) -> Iterator[None]:
    """Run a server until the block ends."""
    path = {"PATH": os.environ["PATH"], "HOME": folder}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, env=path | variables, **quiet) as process:  # type: ignore[call-overload]
        try:
            patience = time.monotonic() + SECONDS
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                if process.poll() is not None or time.monotonic() > patience:
                    raise RuntimeError(f"{command[0]} does not listen on port {port}")
                time.sleep(0.05)
            yield
        finally:
            process.kill()


@contextlib.contextmanager
def sandbox() -> Iterator[Served]:
    """Run the sandbox of this clone."""
    # It ends with an error because one of the answers is meant to be impossible.
    with contextlib.suppress(ScriptError), Sandbox(seed=7, set_environment=False) as api:
        tell_sandbox(api)
        yield Served(int(api.base_url.split(":")[2].split("/")[0]), key=API_KEY)


def tell_sandbox(api: Sandbox) -> None:
    """Tell a sandbox all answers."""
    api.when(equals=probes.SAY).say(probes.ANSWER)
    api.when(equals=probes.CALL).call("get_weather", city="Paris").then(probes.AFTER_TOOL)
    api.when(equals=probes.MISFIT).say(probes.WRONG_TICKET)
    api.when(equals=probes.LIMITED).fail("rate_limit", retry_after=1)
    api.when(equals=probes.BROKEN).fail("server_error")
    api.when(equals=probes.CUT).fail("cut_stream")
    api.when(equals=probes.SLOW).stream(["one ", "two ", "three"], delay=probes.WAIT)


AIMOCK_PYTEST = "aimock-pytest==0.7.0"
AIMOCK = ROOT / "node_modules" / "@copilotkit" / "aimock"


@contextlib.contextmanager
def aimock() -> Iterator[Served]:
    """Run aimock with a file of fixtures, of which the last fits everything."""

    def on(prompt: str, response: Any, **more: Any) -> dict[str, Any]:
        return {"match": {"userMessage": prompt}, "response": response, **more}

    failing = {"message": "Please wait", "type": "rate_limit_error"}
    call = {"name": "get_weather", "arguments": {"city": "Paris"}}
    fixtures = [
        on(probes.SAY, {"content": probes.ANSWER}),
        {
            "match": {"userMessage": probes.CALL, "hasToolResult": True},
            "response": {"content": probes.AFTER_TOOL},
        },
        on(probes.CALL, {"toolCalls": [call]}),
        on(probes.MISFIT, {"content": probes.WRONG_TICKET}),
        on(probes.LIMITED, {"error": failing, "status": 429, "retryAfter": 1}),
        on(probes.BROKEN, {"error": {"message": "Broken", "type": "server_error"}, "status": 500}),
        on(probes.CUT, {"content": probes.ANSWER}, chunkSize=4, latency=20, truncateAfterChunks=3),
        on(probes.SLOW, {"content": probes.ANSWER}, chunkSize=16, latency=int(probes.WAIT * 1000)),
        {"match": {"endpoint": "image"}, "response": {"image": {"b64Json": "iVBORw0KGgo="}}},
        {"match": {"endpoint": "speech"}, "response": {"audio": "SUQz"}},
        {"match": {"endpoint": "chat"}, "response": {"content": "Understood."}},
    ]
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fixtures.json"
        file.write_text(json.dumps({"fixtures": fixtures}), "utf-8")
        command = ["node", str(AIMOCK / "dist" / "cli.js"), "-p", str(port), "-f", str(file), "--log-level", "silent"]
        with listening(command, port, folder, AIMOCK_API_KEYS=KEY):
            yield Served(port)


LLMOCK = "llmock==0.2.2"


@contextlib.contextmanager
def llmock() -> Iterator[Served]:
    """Run llmock, which is told before each request what to answer."""

    def reply(text: str) -> dict[str, Any]:
        return {"type": "reply", "text": text}

    behaviors: dict[str, list[dict[str, Any]]] = {
        probes.SAY: [reply(probes.ANSWER)],
        probes.CALL: [{"type": "reply", "tool_calls": [{"name": "get_weather", "arguments": {"city": "Paris"}}]}],
        probes.AFTER_TOOL: [reply(probes.AFTER_TOOL)],
        probes.MISFIT: [reply(probes.WRONG_TICKET)],
        probes.LIMITED: [{"type": "fail", "status": 429, "retry_after": 1}],
        probes.BROKEN: [{"type": "fail", "status": 500}],
        probes.CUT: [reply(probes.ANSWER), {"type": "stream_fault", "kind": "disconnect", "after_chunks": 3}],
        probes.SLOW: [{"type": "delay", "seconds": probes.WAIT}],
    }

    def tell(served: Served, prompt: str) -> None:
        served.send("POST", "/../_llmock/reset")
        if told := behaviors.get(prompt):
            served.send("POST", "/../_llmock/scenario", {"behaviors": told})

    port = free_port()
    python = environment(LLMOCK)
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python.with_name("llmock")), "serve", "--port", str(port)]
        with listening(command, port, folder):
            yield Served(port, tell)


FAKELLM = "fakellm==0.3.5"


@contextlib.contextmanager
def fakellm() -> Iterator[Served]:
    """Run fakellm with a file of rules. What no rule fits it answers by itself."""

    def rule(prompt: str, **respond: Any) -> dict[str, Any]:
        return {"name": prompt, "when": {"messages_contain": prompt}, "respond": respond}

    after = {"messages_contain": probes.CALL, "previous_message_role": "assistant"}
    rules = [
        rule(probes.SAY, content=probes.ANSWER),
        {
            "name": "after the tool",
            "when": {"messages_contain": probes.CALL, "tool_result_contains": probes.TOOL_OUTPUT},
            "respond": {"content": probes.AFTER_TOOL},
        },
        {"name": "after it", "when": after, "respond": {"content": probes.AFTER_TOOL}},
        rule(probes.CALL, tool_calls=[{"name": "get_weather", "arguments": {"city": "Paris"}}]),
        rule(probes.MISFIT, content=probes.WRONG_TICKET),
        rule(probes.LIMITED, status=429, error="Please wait"),
        rule(probes.BROKEN, status=500, error="Broken"),
    ]
    port = free_port()
    python = environment(FAKELLM)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fakellm.yaml"
        file.write_text(json.dumps({"version": 1, "rules": rules}), "utf-8")  # JSON is YAML
        command = [str(python.with_name("fakellm")), "serve", "--port", str(port), "--config", str(file)]
        with listening(command, port, folder):
            yield Served(port)


MOCKLLM = "mockllm==0.0.8"


@contextlib.contextmanager
def mockllm() -> Iterator[Served]:
    """Run mockllm with a file of answers."""
    answers = {probes.SAY: probes.ANSWER, probes.MISFIT: probes.WRONG_TICKET}
    told = {
        "responses": answers,
        "defaults": {"unknown_response": "Understood, and here is a longer answer."},
        "settings": {"lag_enabled": True, "lag_factor": 10},
    }
    port = free_port()
    python = environment(MOCKLLM)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "responses.yml"
        file.write_text(json.dumps(told), "utf-8")
        put_token_ranks(Path(folder))
        # Its command restarts itself when a file changes, in a process that would be left behind.
        command = [str(python), "-m", "uvicorn", "mockllm.server:app", "--host", "127.0.0.1", "--port", str(port)]
        with listening(command, port, folder, MOCKLLM_RESPONSES_FILE=str(file), TIKTOKEN_CACHE_DIR=folder):
            yield Served(port)


def put_token_ranks(folder: Path) -> None:
    """Put the file that tiktoken would download into a folder, under the name by which it looks there."""
    name = hashlib.sha1(RANKS.encode(), usedforsecurity=False).hexdigest()
    (folder / name).write_bytes(published())


OPENAI_RESPONSES = "openai-responses==0.13.1"


def openai_responses() -> dict[str, Any]:
    """Run the probes inside a process that has openai-responses, and return what they found."""
    python = environment(OPENAI_RESPONSES)
    done = subprocess.run(
        [str(python), str(HERE / "in_process.py")], capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


SERVERS: Mapping[str, Callable[[], contextlib.AbstractContextManager[Served]]] = {
    "sandbox": sandbox,
    "aimock": aimock,
    "llmock": llmock,
    "fakellm": fakellm,
    "mockllm": mockllm,
}
