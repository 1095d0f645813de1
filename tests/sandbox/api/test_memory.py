"""What is kept between requests takes a bounded amount of memory, whatever is sent."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from openai_sandbox.api.shared.bounded import MOST_BYTES, Bounded, Charge, Ledger
from openai_sandbox.api.shared.store import StoredResponse
from openai_sandbox.core import Core

from ...good_requests import CHAT, COMPLETION, CONVERSATIONS, LUNA, RESPONSE, RESPONSES
from ..client import ask

LARGE = "word " * 6_000


def grown(send: Callable[[int], Any], times: int) -> int:
    """Return how many bytes more are in use after so many requests."""
    send(0)
    gc.collect()
    tracemalloc.start()
    for number in range(times):
        send(number)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (RESPONSES, {**LUNA, "input": LARGE}),
        (CHAT, {**LUNA, "messages": [{"role": "user", "content": LARGE}], "store": True}),
        (CONVERSATIONS, {"items": [{"role": "user", "content": LARGE}]}),
    ],
)
def test_large_requests_are_kept_up_to_so_many_bytes(path: str, body: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    core = Core(seed=1)
    store = core.state.store
    for kind in (store.responses, store.completions, store.conversations):
        kind.most_bytes = 200_000
    core.requests._most_bytes = 200_000
    assert grown(lambda number: ask(core, "POST", path, json=body | {"metadata": {"n": str(number)}}), 30) < 1_500_000
    assert 1 <= len(core.requests) <= 7
    kept = len(store.responses) + len(store.completions) + len(store.conversations)
    assert 1 <= kept <= 7


def test_too_many_responses_drop_the_oldest_of_all_and_not_every_conversation() -> None:
    core = Core(seed=1)
    core.state.store.responses.most_bytes = core.state.store.conversations.most_bytes = 300_000
    for number in range(60):
        ask(core, "POST", RESPONSES, json={**LUNA, "input": f"{number} {'word ' * 500}"})
        ask(core, "POST", CONVERSATIONS, json={"items": [{"role": "user", "content": f"{number}"}]})
    responses, conversations = len(core.state.store.responses), len(core.state.store.conversations)
    assert 10 < responses < 60
    assert abs(responses - conversations) <= 1


def test_a_prompt_of_a_megabyte_of_short_words_is_answered() -> None:
    text = "a 722230225 "
    reply = ask(Core(seed=1), "POST", RESPONSES, json={**LUNA, "input": text * (1_000_000 // len(text))})
    assert reply.status_code == 200


def test_what_a_later_response_continues_counts_for_as_long_as_it_is_needed() -> None:
    ledger = Ledger()
    kept: Bounded[StoredResponse] = Bounded(most_bytes=1000, ledger=ledger)

    def response(id: str, previous: StoredResponse | None = None) -> StoredResponse:
        return StoredResponse({"id": id, "output": []}, [], previous, charges=(Charge(ledger, 300),))

    kept.add(response("a"))
    kept.add(response("b", kept.get("a")))
    kept.add(response("c", kept.get("b")))
    kept.add(response("d"))
    # The first two are dropped, but the third still needs them; so it goes, too.
    assert ([one.id for one in kept], ledger.size) == (["d"], 300)


def test_a_conversation_may_be_long_and_its_first_response_is_still_there() -> None:
    core = Core(seed=1)
    conversation = ask(core, "POST", CONVERSATIONS, json={}).json()["id"]
    ids = [
        ask(core, "POST", RESPONSES, json=RESPONSE | {"conversation": conversation}).json()["id"] for _ in range(150)
    ]
    assert ask(core, "GET", f"{RESPONSES}/{ids[0]}").status_code == 200
    assert core.state.store.responses.ledger.size < MOST_BYTES / 10


def test_a_deleted_conversation_counts_until_no_response_needs_it() -> None:
    core = Core(seed=1)
    ledger = core.state.store.responses.ledger
    body = {"items": [{"role": "user", "content": LARGE}]}
    conversation = ask(core, "POST", CONVERSATIONS, json=body).json()["id"]
    id = ask(core, "POST", RESPONSES, json=RESPONSE | {"conversation": conversation}).json()["id"]
    ask(core, "DELETE", f"{CONVERSATIONS}/{conversation}")
    assert ledger.size > len(LARGE)
    ask(core, "DELETE", f"{RESPONSES}/{id}")
    assert ledger.size == 0


def test_a_very_long_chain_is_forgotten_without_harm() -> None:
    ledger = Ledger()
    last = None
    for number in range(100_000):
        last = StoredResponse({"id": str(number), "output": []}, [], last, charges=(Charge(ledger, 1),))
    assert ledger.size == 100_000
    del last
    assert ledger.size == 0


@pytest.mark.parametrize("text", ["a" * 3_000, " ".join(f"w{n}" for n in range(1000))])
def test_what_is_worked_out_once_is_not_kept_for_every_prompt(text: str) -> None:
    core = Core(seed=1)
    core.state.store.responses.most_bytes = core.requests._most_bytes = 100_000

    def send(number: int) -> None:
        schema = {"type": "object", "properties": {f"{number}{'k' * 9_000}": {"type": "string", "minLength": 10_000}}}
        form = {"type": "json_schema", "name": "a", "schema": schema | {"required": [*schema["properties"]]}}
        body = {**LUNA, "input": f"{number} {text}", "text": {"format": form}}
        assert ask(core, "POST", RESPONSES, json=body).status_code == 200

    assert grown(send, 12) < 1_500_000


def test_completions_that_are_not_stored_are_not_kept() -> None:
    core = Core(seed=1)
    ask(core, "POST", CHAT, json=COMPLETION)
    assert core.state.store.completions.ledger.size == 0
    assert json.dumps(COMPLETION)
