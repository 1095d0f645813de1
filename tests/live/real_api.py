"""Running snippets against the real API: through a relay that adds the key, counts what is spent, and stops in time."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from genai_prices import Usage, calc_price
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletion
from openai.types.responses import Response
from pydantic import BaseModel, ValidationError

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.programs import needs_own_process
from docs._tools.tables.live_run import Ran, Run
from openai_sandbox.compare.cassettes import answered
from openai_sandbox.compare.recording import Recording
from openai_sandbox.compare.replay import replay
from openai_sandbox.compare.shapes import shape

UNPRICED = 0.05
"""What a request counts whose price is not known, in dollars."""
PATIENCE = 300.0
PASSED_ON = ("content-type", "x-request-id", "retry-after", "retry-after-ms", "openai-processing-ms")
TYPES: dict[str, type[BaseModel]] = {
    "response": Response,
    "chat.completion": ChatCompletion,
    "list": CreateEmbeddingResponse,
}


class CapError(Exception):
    """The spending cap of a run is reached."""


@dataclass(slots=True)
class Exchange:
    """What a snippet asked and what the API answered, with what it cost in dollars."""

    method: str
    path: str
    query: str
    body: bytes
    status: int
    content_type: str
    answer: bytes
    dollars: float

    def recording(self, number: int) -> Recording:
        """Return it as what `openai-sandbox compare` reads."""
        sent = json.loads(self.body) if self.body.startswith(b"{") else self.body or None
        live = shape(self.status, self.content_type, self.answer)
        answer = answered(self.content_type, self.answer)
        return Recording(
            f"#{number}", date.today(), self.method, self.path, self.query, sent, "application/json", live, answer
        )


@dataclass(slots=True)
class Relay:
    """A local address that passes requests on to the API, with its key, until `cap` dollars are spent."""

    upstream: str
    key: str
    cap: float
    exchanges: list[Exchange] = field(default_factory=list)
    stopped: bool = False
    address: str = ""

    @property
    def spent(self) -> float:
        """What was spent so far, in dollars."""
        return sum(exchange.dollars for exchange in self.exchanges)

    def pass_on(self, client: httpx2.Client, method: str, target: str, headers: Any, body: bytes) -> httpx2.Response:
        """Send a request to the API and keep what was exchanged.

        Raises:
            CapError: the cap is reached.
        """
        if self.spent >= self.cap:
            self.stopped = True
            raise CapError(f"${self.spent:.4f} of ${self.cap:g} are spent")
        where = urlsplit(target)
        url = self.upstream.removesuffix("/v1") + target
        sent = {"content-type": headers.get("content-type", "application/json"), "authorization": f"Bearer {self.key}"}
        response = client.request(method, url, headers=sent, content=body)
        content_type = response.headers.get("content-type", "")
        self.exchanges.append(
            Exchange(
                method,
                where.path,
                where.query,
                body,
                response.status_code,
                content_type,
                response.content,
                dollars(content_type, response.content),
            )
        )
        return response


def dollars(content_type: str, answer: bytes) -> float:
    """Return what an answer cost, by its usage and today's prices. Nothing where it has no usage."""
    whole = answered(content_type, answer) or {}
    usage = whole.get("usage")
    if content_type.startswith("text/event-stream") and not usage:
        frames = [json.loads(line[6:]) for line in answer.decode().splitlines() if line.startswith('data: {"')]
        with_usage = [frame for frame in frames if frame.get("usage")]
        if not with_usage:
            return UNPRICED if frames else 0.0
        whole, usage = with_usage[-1], with_usage[-1]["usage"]
    if not usage:
        return 0.0
    read = usage.get("input_tokens", usage.get("prompt_tokens", 0))
    written = usage.get("output_tokens", usage.get("completion_tokens", 0))
    try:
        price = calc_price(
            Usage(input_tokens=read, output_tokens=written), model_ref=str(whole.get("model")), provider_id="openai"
        )
    except LookupError:
        return UNPRICED
    return float(price.total_price)


@contextmanager
def relaying(relay: Relay) -> Iterator[Relay]:
    """Listen on loopback for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def do_DELETE(self) -> None:
            self._pass_on()

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                with httpx2.Client(timeout=PATIENCE) as client:
                    response = relay.pass_on(client, self.command, self.path, self.headers, body)
            except CapError as problem:
                said = {"error": {"message": str(problem), "type": "live_cap", "param": None, "code": "live_cap"}}
                self._send(402, {"content-type": "application/json"}, json.dumps(said).encode())
                return
            kept = {name: response.headers[name] for name in PASSED_ON if name in response.headers}
            self._send(response.status_code, kept, response.content)

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Print nothing: pytest reports."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        relay.address = f"http://127.0.0.1:{server.server_port}/v1"
        try:
            yield relay
        finally:
            server.shutdown()


def is_for_the_real_api(snippet: Path) -> bool:
    """Tell whether a snippet is meant to work there: it is no test, ends well, and nothing is made to go wrong."""
    if snippet.name.startswith(("test_", "__")) or snippet.stem.endswith("_fails"):
        return False
    source = snippet.read_text("utf-8")
    return "OpenAI" in source and "# sandbox:" not in source and not needs_own_process(source)


SNIPPETS = sorted(path for path in (ROOT / "snippets").rglob("*.py") if is_for_the_real_api(path))


def run(snippet: Path, relay: Relay) -> Ran:
    """Run a snippet through the relay, as its own program, and look at what was exchanged."""
    before = len(relay.exchanges)
    done = subprocess.run(
        [sys.executable, str(snippet)],
        cwd=snippet.parent,
        env=os.environ | {"OPENAI_BASE_URL": relay.address, "OPENAI_API_KEY": "sk-added-by-the-relay"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 2,
    )
    exchanges = relay.exchanges[before:]
    last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
    outcomes = list(replay(exchange.recording(number) for number, exchange in enumerate(exchanges, 1)))
    return Ran(
        snippet.relative_to(ROOT).as_posix(),
        "as shown" if done.returncode == 0 else last[0],
        len(exchanges),
        [f"{outcome.recording.id} {difference}" for outcome in outcomes for difference in outcome.structure],
        [f"#{number} {problem}" for number, exchange in enumerate(exchanges, 1) for problem in problems_of(exchange)],
        round(sum(exchange.dollars for exchange in exchanges), 6),
    )


def problems_of(exchange: Exchange) -> list[str]:
    """Return where a JSON answer is not what the SDK's type says, strictly read."""
    if not exchange.content_type.startswith("application/json") or exchange.status >= 400:
        return []
    kind = TYPES.get(str(json.loads(exchange.answer).get("object")))
    if kind is None:
        return []
    try:
        kind.model_validate_json(exchange.answer, strict=True)
    except ValidationError as problem:
        return [f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in problem.errors()]
    return []


def report(ran: list[Ran], relay: Relay, today: date) -> dict[str, Any]:
    """Return the report of a run as JSON."""
    run = Run(today.isoformat(), version("openai"), relay.stopped, round(relay.spent, 4), ran)
    return asdict(run)
