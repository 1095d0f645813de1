"""The journal: what it keeps, for how long, and what other threads may do to it."""

import json
import threading

from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.stages.body import EMPTY, Body
from openai_sandbox.stages.journal import Exchange, Journal
from openai_sandbox.wire.messages import Request

from ...good_requests import RESPONSE, RESPONSES
from ..client import ask


def recorded(journal: Journal, *paths: str) -> None:
    for path in paths:
        journal.record(Request("GET", path), EMPTY, 200)


def test_a_journal_keeps_the_newest_entries() -> None:
    journal = Journal(most=2)
    recorded(journal, "/1", "/2", "/3")
    assert [exchange.path for exchange in journal] == ["/2", "/3"]


def test_a_journal_of_nothing_keeps_nothing_and_still_returns_the_entry() -> None:
    journal = Journal(most=0)
    assert journal.record(Request("GET", "/1"), EMPTY, 404).status == 404
    assert not journal


def test_a_journal_keeps_no_more_bytes_than_it_may() -> None:
    journal = Journal(most_bytes=10_000)
    for number in range(10):
        journal.record(Request("POST", f"/{number}"), Body({}, weight=1_500), 200)
    assert [exchange.path for exchange in journal] == ["/8", "/9"]
    journal.record(Request("POST", "/large"), Body({}, weight=1_000_000), 200)
    assert [exchange.path for exchange in journal] == ["/large"]
    journal.clear()
    recorded(journal, "/1", "/2")
    assert len(journal) == 2


def test_a_very_heavy_body_is_not_kept() -> None:
    body = json.dumps({"model": "gpt-6-luna", "input": "Hi", "metadata": {"a": ["b"] * 250_000}}).encode()
    core = Core()
    ask(core, "POST", RESPONSES, content=body)
    ask(core, "POST", RESPONSES, json=RESPONSE)
    assert [exchange.body for exchange in core.requests] == [None, RESPONSE]


def test_a_journal_is_read_like_a_list() -> None:
    journal = Journal()
    assert journal == []
    recorded(journal, "/1", "/2", "/3")
    assert [len(journal), journal[0].path, journal[-1].path] == [3, "/1", "/3"]
    assert [exchange.path for exchange in journal[1:]] == ["/2", "/3"]
    assert journal == [Exchange("GET", path, {}, None, 200) for path in ("/1", "/2", "/3")]
    assert "/2" in repr(journal)
    journal.clear()
    assert journal == []


def test_a_journal_may_grow_while_it_is_read() -> None:
    journal = Journal()
    recorded(journal, "/1", "/2")
    for exchange in journal:
        recorded(journal, f"{exchange.path}/again")
    assert len(journal) == 4


def test_clearing_the_journal_during_requests_loses_no_reply() -> None:
    with Sandbox(seed=1) as api, OpenAI(max_retries=0) as client:
        stop = threading.Event()

        def clear() -> None:
            while not stop.is_set():
                api.requests.clear()

        clearing = threading.Thread(target=clear)
        clearing.start()
        try:
            answers = [client.responses.create(model="gpt-6-luna", input="Say hello") for _ in range(50)]
        finally:
            stop.set()
            clearing.join()
    assert all(answer.output_text for answer in answers)
