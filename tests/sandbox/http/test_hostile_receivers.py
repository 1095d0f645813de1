"""Receivers of webhooks that hang, do not end, or are wrong: others are told, and the sandbox ends when it should."""

import asyncio
import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.api.shared.webhook_events import WebhookEvent
from openai_sandbox.core import Core
from openai_sandbox.http import webhooks
from openai_sandbox.http.address import API_KEY
from openai_sandbox.http.webhooks import Webhook

from ...good_requests import LUNA, RESPONSE, RESPONSES
from ...waiting import until
from ..client import Served
from .test_hostile_mcp_servers import hanging, tool_at
from .test_webhooks import SECONDS, Receiver, receiving

OK = b"HTTP/1.1 200 OK\r\n"

Behave = Callable[[socket.socket], None]


@contextmanager
def behaving(behave: Behave) -> Iterator[tuple[str, list[bytes]]]:
    """Listen, and treat each connection so. Yields the address, and the beginning of each request."""
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                seen.append(connection.recv(65_536))
                behave(connection)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook", seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def hang(connection: socket.socket) -> None:
    connection.recv(1)  # which never comes


def drip(connection: socket.socket) -> None:
    connection.sendall(OK)
    while True:
        connection.sendall(b"a: b\r\n")
        time.sleep(0.02)


def go_on(piece: bytes) -> Behave:
    def behave(connection: socket.socket) -> None:
        connection.sendall(piece)
        while True:
            connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n" if piece == b"" else b"x" * 10_000)

    return behave


def say(answer: bytes) -> Behave:
    return lambda connection: connection.sendall(answer)


BEHAVIORS: dict[str, tuple[Behave, int]] = {
    "it hangs": (hang, 0),
    "its headers do not end": (drip, 0),
    "it goes on processing": (go_on(b""), 0),
    "its body does not end": (go_on(OK + b"\r\n"), 200),
    "it closes": (say(b""), 0),
    "it talks nonsense": (say(b"\x00\xff" * 100), 0),
    "it redirects to another machine": (say(b"HTTP/1.1 307 x\r\nlocation: http://example.com/\r\n\r\n"), 307),
    "it redirects to nowhere": (say(b"HTTP/1.1 302 x\r\nlocation: http://[\r\n\r\n"), 302),
    "its status is none": (say(b"HTTP/1.1 999 x\r\n\r\n"), 999),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "INTERVAL", 0.01)
    monkeypatch.setattr(webhooks, "PATIENCE", 0.2)
    monkeypatch.setattr(webhooks, "DELAYS", ())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.mark.parametrize(("behave", "status"), BEHAVIORS.values(), ids=BEHAVIORS.keys())
def test_whatever_a_receiver_does_each_event_ends(
    behave: Behave, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with behaving(behave) as (url, _), Sandbox(seed=1, webhook=url) as api:
        for _ in range(webhooks.MOST_AT_ONCE + 2):
            OpenAI().responses.create(**RESPONSE, background=True)
        until(lambda: len(api.deliveries) == webhooks.MOST_AT_ONCE + 2)
        assert {delivery.status for delivery in api.deliveries} == {status}
    assert not caplog.records


def test_a_sandbox_ends_while_a_receiver_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "PATIENCE", SECONDS)
    with behaving(hang) as (url, seen):
        with Sandbox(seed=1, webhook=url):
            OpenAI().responses.create(**RESPONSE, background=True)
            until(lambda: seen)
            begun = time.monotonic()
        assert time.monotonic() - begun < SECONDS / 4


def test_an_interrupt_ends_a_server_whose_receiver_hangs(served: Served) -> None:
    with behaving(hang) as (url, seen):
        base_url, process = served("--webhook", url)
        with OpenAI(base_url=base_url, api_key=API_KEY) as client:
            client.responses.create(**RESPONSE, background=True)
        until(lambda: seen)
        process.send_signal(signal.SIGINT)
        _, problems = process.communicate(timeout=SECONDS / 2)
        assert process.returncode == 0 and "Traceback" not in problems


def test_cookies_of_a_receiver_are_not_kept() -> None:
    answer = OK + b"set-cookie: a=b; path=/\r\ncontent-length: 0\r\n\r\n"
    with behaving(say(answer)) as (url, seen), Sandbox(seed=1, webhook=url):
        OpenAI().responses.create(**RESPONSE, background=True)
        until(lambda: len(seen) == 1)
        OpenAI().responses.create(**RESPONSE, background=True)
        until(lambda: len(seen) == 2)
        assert not [request for request in seen if b"cookie" in request.lower()]


def test_a_step_and_a_log_that_fail_end_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Sandbox(seed=1, webhook=receiver.url) as api:
        advance = api.core.advance

        def failing() -> None:
            monkeypatch.setattr(api.core, "advance", advance)
            raise RuntimeError("a step")

        monkeypatch.setattr(api.core, "advance", failing)
        OpenAI().responses.create(**RESPONSE, background=True)
        receiver.wait(lambda: bool(receiver.told))
    assert ["a step" in record.getMessage() for record in caplog.records] == [True]

    def log(_: object) -> None:
        raise ValueError("a log")

    async def tell() -> None:
        webhook = Webhook(receiver.url)
        running = asyncio.create_task(webhook.run(Core(), log))
        for number in (2, 3):
            webhook.tell(WebhookEvent(f"evt_{number}", f"wh_{number}", "response.completed", 0, "resp_1"))
            while len(webhook.deliveries) < number - 1:
                await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(tell())


def test_events_that_nobody_takes_take_no_more_memory_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST_UNDER_WAY", 5)
    monkeypatch.setattr(webhooks, "DELAYS", (SECONDS,))

    async def tell(url: str) -> None:
        webhook = Webhook(url)
        for number in range(50):
            webhook.tell(WebhookEvent(f"evt_{number}", f"wh_{number}", "response.completed", 0, "resp_1"))
        before = len(asyncio.all_tasks())
        running = asyncio.create_task(webhook.run(Core()))
        while len(webhook.deliveries) < 5:
            await asyncio.sleep(0.01)
        # The task itself, those that are under way, and one step.
        assert len(asyncio.all_tasks()) - before <= 1 + 5 + 1
        assert len(webhook.deliveries) == 5
        running.cancel()

    with behaving(say(b"")) as (url, _):
        asyncio.run(tell(url))


def test_a_batch_that_waits_for_an_mcp_server_holds_up_no_event(receiver: Receiver) -> None:
    with hanging() as (url, asked), Sandbox(seed=1, webhook=receiver.url):
        client = OpenAI()
        body = LUNA | {"input": "Hi", "tools": [tool_at(url)]}
        line = json.dumps({"custom_id": "1", "method": "POST", "url": RESPONSES, "body": body})
        file: Any = client.files.create(file=("a.jsonl", line.encode()), purpose="batch")
        client.batches.create(input_file_id=file.id, endpoint=RESPONSES, completion_window="24h")
        assert asked.acquire(timeout=SECONDS)
        client.responses.create(**RESPONSE, background=True)
        receiver.wait(lambda: receiver.types == ["response.completed"])
