"""What happens while a request waits for an MCP server: others go on, and nothing is done twice or lost."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from openai_sandbox.api import background
from openai_sandbox.api.shared import mcp_turns
from openai_sandbox.api.shared.mcp_servers import McpServerError, McpTool
from openai_sandbox.core import Core, Request
from openai_sandbox.values import budget

from ...good_requests import BATCH, BATCHES, CONVERSATIONS, FILES, HI, KEY, LUNA, RESPONSE, RESPONSES, form
from ..client import ask

SERVER: Any = {"type": "mcp", "server_label": "a", "server_url": "http://127.0.0.1:1/mcp", "require_approval": "never"}
BODY: Any = LUNA | {"input": "What is the weather?", "tools": [SERVER]}
SECONDS = 20


class Slow:
    """A server that answers once it may, and calls back before if it is told to."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.may_answer = threading.Event()
        self.number = 0
        self.back: Callable[[], Any] = lambda: None

    def list_tools(self, url: str, headers: Mapping[str, str]) -> list[McpTool]:
        self.number += 1
        self.back()
        self.asked.release()
        if not self.may_answer.wait(SECONDS):
            raise McpServerError("nobody let it answer")
        return [McpTool("get_weather", "The weather", {"type": "object"})]

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        return "sunny"


@pytest.fixture
def server() -> Slow:
    return Slow()


@pytest.fixture
def core(server: Slow) -> Core:
    return Core(seed=1, now=0, mcp=server)


@contextmanager
def waiting(core: Core, server: Slow, method: str, path: str, body: Any = None) -> Iterator[list[Any]]:
    """Send a request that waits for the server meanwhile, and add its reply to the list afterward."""
    replies: list[Any] = []
    thread = threading.Thread(target=lambda: replies.append(ask(core, method, path, json=body)))
    thread.start()
    try:
        assert server.asked.acquire(timeout=SECONDS)
        yield replies
    finally:
        server.may_answer.set()
        thread.join(SECONDS)


def batch_of(core: Core, *bodies: Any) -> str:
    """Start a batch of requests, have it checked, and return its path."""
    lines = [
        json.dumps({"custom_id": str(number), "method": "POST", "url": RESPONSES, "body": body})
        for number, body in enumerate(bodies)
    ]
    file = ask(core, "POST", FILES, **form("\n".join(lines).encode(), "a.jsonl", purpose="batch")).json()["id"]
    path = f"{BATCHES}/{ask(core, 'POST', BATCHES, json=BATCH | {'input_file_id': file}).json()['id']}"
    assert ask(core, "GET", path).json()["status"] == "in_progress"
    return path


@pytest.mark.simulates("conversation-locked")
def test_a_conversation_takes_nothing_else_while_a_response_of_it_waits(core: Core, server: Slow) -> None:
    id = ask(core, "POST", CONVERSATIONS, json={}).json()["id"]
    with waiting(core, server, "POST", RESPONSES, BODY | {"conversation": id}) as replies:
        for path, body in (
            (RESPONSES, RESPONSE | {"conversation": id}),
            (f"{CONVERSATIONS}/{id}/items", {"items": [HI]}),
        ):
            refused = ask(core, "POST", path, json=body)
            assert (refused.status_code, refused.json()["error"]["code"]) == (400, "conversation_locked")
        assert ask(core, "GET", f"{CONVERSATIONS}/{id}/items").json()["data"] == []
    assert replies[0].status_code == 200
    assert len(ask(core, "GET", f"{CONVERSATIONS}/{id}/items").json()["data"]) == 5
    assert ask(core, "POST", RESPONSES, json=RESPONSE | {"conversation": id}).status_code == 200


def test_a_conversation_is_unlocked_when_its_response_fails(core: Core, server: Slow) -> None:
    id = ask(core, "POST", CONVERSATIONS, json={}).json()["id"]
    nowhere = SERVER | {"server_url": None}
    assert ask(core, "POST", RESPONSES, json=BODY | {"conversation": id, "tools": [nowhere]}).status_code == 400
    assert ask(core, "POST", RESPONSES, json=RESPONSE | {"conversation": id}).status_code == 200


def test_what_a_waiting_request_continues_may_be_deleted_meanwhile(core: Core, server: Slow) -> None:
    id = ask(core, "POST", CONVERSATIONS, json={}).json()["id"]
    with waiting(core, server, "POST", RESPONSES, BODY | {"conversation": id}) as replies:
        assert ask(core, "DELETE", f"{CONVERSATIONS}/{id}").status_code == 200
    assert replies[0].status_code == 200
    first = ask(core, "POST", RESPONSES, json=RESPONSE).json()["id"]
    server.may_answer.clear()
    with waiting(core, server, "POST", RESPONSES, BODY | {"previous_response_id": first}) as replies:
        assert ask(core, "DELETE", f"{RESPONSES}/{first}").status_code == 200
    assert replies[0].status_code == 200


def test_a_line_of_a_batch_is_run_once_however_many_look_at_it(core: Core, server: Slow) -> None:
    path = batch_of(core, BODY, RESPONSE)
    with waiting(core, server, "GET", path):
        assert ask(core, "GET", path).json()["status"] == "in_progress"
        core.advance()
    for _ in range(3):
        done = ask(core, "GET", path).json()
    assert (done["status"], done["request_counts"]) == ("completed", {"total": 2, "completed": 2, "failed": 0})
    assert server.number == 1


def test_a_batch_that_is_cancelled_while_a_line_waits_stays_so(core: Core, server: Slow) -> None:
    path = batch_of(core, BODY, RESPONSE)
    with waiting(core, server, "GET", path):
        assert ask(core, "POST", f"{path}/cancel").json()["status"] == "cancelling"
    done = ask(core, "GET", path).json()
    assert (done["status"], done["request_counts"]["completed"]) == ("cancelled", 1)


def test_a_server_may_ask_the_sandbox_before_it_answers(core: Core, server: Slow) -> None:
    codes: list[int] = []
    server.may_answer.set()

    def back() -> None:
        server.back = lambda: None  # once: whoever is asked back asks again
        codes.append(ask(core, "POST", RESPONSES, json=BODY).status_code)

    server.back = back
    assert ask(core, "POST", RESPONSES, json=BODY).status_code == 200
    assert codes == [200]


@pytest.mark.simulates("mcp")
def test_a_request_waits_for_so_long_and_no_longer(core: Core, server: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    server.may_answer.set()
    monkeypatch.setattr(budget, "waited", lambda _: budget.begin(seconds=-1))
    refused = ask(core, "POST", RESPONSES, json=BODY)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "sandbox_over_budget")
    path = batch_of(core, BODY)
    assert ask(core, "GET", path).json()["status"] == "finalizing"
    assert ask(core, "GET", path).json()["request_counts"]["failed"] == 1


def test_no_more_wait_than_may(core: Core, server: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_turns, "MOST_WAITING", 1)
    with waiting(core, server, "POST", RESPONSES, BODY) as replies:
        refused = ask(core, "POST", RESPONSES, json=BODY)
        assert (refused.status_code, refused.json()["error"]["code"]) == (424, "http_error")
    assert replies[0].status_code == 200


def test_a_response_that_is_deleted_before_its_step_does_not_end() -> None:
    told: list[Any] = []
    core = Core(seed=1, on_event=told.append)
    made = ask(core, "POST", RESPONSES, json=RESPONSE | {"background": True}).json()["id"]
    steps = [*background.steps(core.state), *background.steps(core.state)]
    ask(core, "DELETE", f"{RESPONSES}/{made}")
    for step in steps:
        step()
    assert not told


@pytest.mark.parametrize("member", ["conversation", "previous_response_id"])
def test_what_continues_items_with_a_server_may_wait(member: str, core: Core) -> None:
    def request(body: Any) -> Request:
        return Request("POST", RESPONSES, KEY, json.dumps(body).encode(), "")

    assert not core.may_wait(request(RESPONSE | {member: "x"}))
    assert core.may_wait(request(BODY))
    assert core.may_wait(request(RESPONSE | {member: "x"}))
    assert not core.may_wait(request(RESPONSE))


def test_contract_mode_may_wait_too(server: Slow) -> None:
    assert Core(contract=True, mcp=server).may_wait(Request("POST", RESPONSES, KEY, json.dumps(BODY).encode(), ""))
