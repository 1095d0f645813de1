"""Webhooks: what is told of background responses and batches, as a receiver written with the SDK sees it."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from openai import InvalidWebhookSignatureError, OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.http import webhooks
from openai_sandbox.http.address import API_KEY, WEBHOOK_SECRET
from openai_sandbox.http.webhooks import Delivery, Webhook

from ...good_requests import RESPONSE
from ..client import Served
from .listening import listening

SECONDS = 20


class Receiver:
    """Verifies what it is told with the SDK, and keeps it.

    Attributes:
        url: where it listens.
        told: the verified events, each with its `webhook-id`.
        refused: why others were not.
        answers: the statuses of its next answers, instead of 200.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.told: list[tuple[str, Any]] = []
        self.refused: list[str] = []
        self.answers: list[int] = []
        self.headers: dict[str, str] = {}
        self._changed = threading.Condition()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        with self._changed:
            self.headers = headers
            try:
                event = OpenAI(api_key=API_KEY, webhook_secret=WEBHOOK_SECRET).webhooks.unwrap(body, headers)
                status = self.answers.pop(0) if self.answers else 200
                self.told.append((headers["webhook-id"], event))
            except InvalidWebhookSignatureError as problem:
                self.refused.append(str(problem))
                status = 400
            self._changed.notify_all()
            return status

    def wait(self, done: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(done, SECONDS), (self.told, self.refused)

    @property
    def types(self) -> list[str]:
        return [event.type for _, event in self.told]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(one.take(body, {name.lower(): value for name, value in self.headers.items()}))
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with listening(Handler) as address:
        one = Receiver(f"{address}/webhook")
        yield one


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(webhooks, "INTERVAL", 0.02)
    with receiving() as found:
        yield found


def deliveries(api: Sandbox, count: int) -> list[Delivery]:
    """Return what was delivered, once it is so much. The receiver knows a moment earlier."""
    while len(api.deliveries) < count:
        assert OpenAI().models.list()
    return api.deliveries


@pytest.mark.simulates("webhooks")
def test_a_receiver_that_uses_the_sdk_is_told_of_a_background_response(receiver: Receiver) -> None:
    with Sandbox(seed=1, webhook=receiver.url) as api:
        response = OpenAI().responses.create(**RESPONSE, background=True)
        assert response.status == "queued"
        receiver.wait(lambda: bool(receiver.told))
        ((webhook_id, event),) = receiver.told
        assert (event.type, event.data.id, event.object) == ("response.completed", response.id, "event")
        assert webhook_id.startswith("wh_") and event.id.startswith("evt_")
        assert receiver.headers["user-agent"].startswith("OpenAI/1.0")
        assert OpenAI().responses.retrieve(event.data.id).output_text
        (delivery,) = deliveries(api, 1)
        assert (delivery.event.type, delivery.attempt, delivery.status) == ("response.completed", 1, 200)


@pytest.mark.simulates("webhooks")
def test_each_way_to_end_is_told_once(receiver: Receiver) -> None:
    body: Any = RESPONSE
    with Sandbox("failed_response; content_filter", seed=1, webhook=receiver.url):
        client = OpenAI()
        client.responses.create(**body, background=True)
        client.responses.create(**body, background=True)
        receiver.wait(lambda: len(receiver.told) == 2)
        client.responses.cancel(client.responses.create(**body, background=True).id)
        receiver.wait(lambda: len(receiver.told) == 3)
        list(client.responses.create(**body, background=True, stream=True))
        receiver.wait(lambda: len(receiver.told) == 4)
        client.responses.create(**body)
        client.responses.cancel(client.responses.create(**body, background=True).id)
        receiver.wait(lambda: len(receiver.told) == 5)
    assert sorted(receiver.types[:2]) == ["response.failed", "response.incomplete"]
    assert receiver.types[2:] == ["response.cancelled", "response.completed", "response.cancelled"]


@pytest.mark.simulates("webhooks")
def test_a_batch_goes_on_without_being_looked_at_and_its_end_is_told(receiver: Receiver) -> None:
    with Sandbox(seed=1, webhook=receiver.url):
        client = OpenAI()
        line = {"custom_id": "1", "method": "POST", "url": "/v1/responses", "body": RESPONSE}
        for content in (json.dumps(line), json.dumps(line | {"url": "/v1/elsewhere"})):
            file = client.files.create(file=("a.jsonl", content.encode()), purpose="batch")
            client.batches.create(input_file_id=file.id, endpoint="/v1/responses", completion_window="24h")
        receiver.wait(lambda: len(receiver.told) == 2)
        assert sorted(receiver.types) == ["batch.completed", "batch.failed"]
        (done,) = [event.data.id for _, event in receiver.told if event.type == "batch.completed"]
        found = [batch for batch in client.batches.list() if batch.id == done]
        assert found[0].status == "completed" and found[0].output_file_id


@pytest.mark.parametrize(
    ("fault", "said"),
    [("webhook_forged", "do(es)? not match|invalid|signature"), ("webhook_replayed", "too old")],
)
def test_a_forged_and_a_replayed_event_are_refused_and_the_real_one_is_taken(
    fault: str, said: str, receiver: Receiver
) -> None:
    with Sandbox(fault, seed=1, webhook=receiver.url) as api:
        OpenAI().responses.create(**RESPONSE, background=True)
        receiver.wait(lambda: bool(receiver.told))
        (problem,) = receiver.refused
        assert re.search(said, problem)
        assert [(one.fault, one.status) for one in deliveries(api, 2)] == [(fault, 400), (None, 200)]


@pytest.mark.simulates("webhook-retries")
@pytest.mark.parametrize("fault", ["webhook_duplicate", "webhook_retry"])
def test_a_delivery_may_come_twice_with_the_same_id(
    fault: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "DELAYS", (0.01,))
    with Sandbox(fault, seed=1, webhook=receiver.url):
        OpenAI().responses.create(**RESPONSE, background=True)
        receiver.wait(lambda: len(receiver.told) == 2)
    (first, event), (second, again) = receiver.told
    assert (first, event.id) == (second, again.id)


@pytest.mark.simulates("webhook-retries")
def test_what_is_not_taken_is_told_again(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (webhooks.PATIENCE, webhooks.DELAYS) == (10, (1, 2, 4, 8, 16, 32, 64))
    monkeypatch.setattr(webhooks, "DELAYS", (0.01, 0.01, 0.01))
    receiver.answers = [500, 301, 404]
    with Sandbox(seed=1, webhook=receiver.url) as api:
        OpenAI().responses.create(**RESPONSE, background=True)
        assert [(one.attempt, one.status) for one in deliveries(api, 4)[:3]] == [(1, 500), (2, 301), (3, 404)]
        assert len({id for id, _ in receiver.told}) == 1


def test_a_receiver_that_is_not_there_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "INTERVAL", 0.02)
    with receiving() as gone:
        pass
    with Sandbox(seed=1, webhook=gone.url) as api:
        OpenAI().responses.create(**RESPONSE, background=True)
        assert deliveries(api, 1)[0].status == 0


def test_serve_prints_the_secret_and_logs_what_it_tells(served: Served, receiver: Receiver) -> None:
    base_url, server = served("--webhook", receiver.url)
    assert server.stdout and server.stderr
    server.stdout.readline()
    assert server.stdout.readline() == f"export OPENAI_WEBHOOK_SECRET={WEBHOOK_SECRET}\n"
    with OpenAI(base_url=base_url, api_key=API_KEY) as client:
        id = client.responses.create(**RESPONSE, background=True).id
    while not (line := server.stderr.readline()).startswith("webhook"):
        assert line
    assert line == f"webhook response.completed {id} 200\n"


def test_run_gives_the_program_the_secret(
    receiver: Receiver, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "program.py"
    program.write_text("import os; print(os.environ['OPENAI_WEBHOOK_SECRET'])")
    assert main(["run", "--webhook", receiver.url, str(program)]) == 0
    assert capfd.readouterr().out == f"{WEBHOOK_SECRET}\n"
    program.write_text("# sandbox: webhook_duplicate\n")
    assert main(["run", str(program)]) == 2


@pytest.mark.simulates("webhooks")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--webhook", "nowhere"], "'nowhere' is not a URL such as http://127.0.0.1:8000/webhook"),
        (["--webhook", "http://example.com/x"], "another machine: to allow it, use --webhook-host example.com"),
        (["--webhook", "http://127.0.0.1@example.com"], "example.com is another machine"),
        (["--webhook", "http://a.localhost/"], "a.localhost is another machine"),
        (["--fault", "webhook_retry"], "webhook_retry needs a webhook: --webhook URL"),
        (["--webhook", "http://127.0.0.1:1", "--upstream", "http://127.0.0.1:2"], "exclude each other"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_in_words(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.simulates("webhooks")
def test_another_machine_may_be_named() -> None:
    assert Webhook("https://example.com/hook", hosts=["Example.com"]).url == "https://example.com/hook"
