"""Vector stores, uploads and batches that are asked for too much: each request takes as much work as it may, no more.

Work is counted, not timed: what is refused here is refused on every machine.
"""

import json
from typing import Any

import pytest

from openai_sandbox.api.shared.bounded import MOST_BYTES
from openai_sandbox.api.shared.store import StoredFile
from openai_sandbox.core import Core

from ...good_requests import BATCH, BATCHES, FILES, LUNA, RESPONSES, VECTOR_STORES, form
from ..client import ask, store_of

OVER = (400, "sandbox_over_budget")
MANY = [f"value {number}" for number in range(20_000)]
CHUNKS = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}}

TEXTS = {
    "one letter": "a" * 300_000,
    "spaces": " " * 300_000,
    "line breaks": "\r\n" * 150_000,
    "letters and digits": "a1" * 100_000,
    "emoji that are joined": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 10_000,
    "marks on a letter": ("e" + "\u0301" * 50) * 3_000,
    "Chinese": "\u6f22\u5b57" * 40_000,
    "from right to left": "\u202e\u0600" * 40_000,
    "what is no text": "\ufffd" * 100_000,
    "nothing": "",
    "a byte order mark": "\ufeff",
}


@pytest.fixture
def core() -> Core:
    return Core(seed=1, now=0)


def put(core: Core, *contents: bytes) -> list[str]:
    """Keep files, and return their ids."""
    ids = [core.state.ids.alphanumeric("file") for _ in contents]
    for id, content in zip(ids, contents, strict=True):
        store_of(core).files.add(StoredFile(id, 0, "a.txt", "assistants", content))
    return ids


def made(core: Core, **body: Any) -> str:
    """Make a store, and return its path."""
    return f"{VECTOR_STORES}/{ask(core, 'POST', VECTOR_STORES, json=body).json()['id']}"


def told(core: Core, path: str, body: Any) -> tuple[int, Any]:
    """Send a body, and return status and code of the answer."""
    reply = ask(core, "POST", path, json=body)
    core.requests.clear()
    return reply.status_code, (reply.json().get("error") or {}).get("code")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_is_read_or_fails_in_some_looks(text: str, core: Core) -> None:
    path = made(core, file_ids=put(core, text.encode()), chunking_strategy=CHUNKS)
    for _ in range(60):
        seen = ask(core, "GET", path)
        assert seen.status_code == 200
        if seen.json()["status"] == "completed":
            break
    assert seen.json()["file_counts"]["in_progress"] == 0
    assert ask(core, "POST", f"{path}/search", json={"query": text[:1000]}).status_code == 200


@pytest.mark.parametrize("kind", ["in", "nin"])
def test_a_filter_with_very_many_values_is_refused_and_with_some_is_not(kind: str, core: Core) -> None:
    path = made(core, file_ids=put(core, *[b"Hello there"] * 200))
    body = {"query": "Hello", "filters": {"type": kind, "key": "a", "value": MANY}}
    assert told(core, f"{path}/search", body) == OVER
    body["filters"] = {"type": kind, "key": "a", "value": MANY[:100]}
    assert told(core, f"{path}/search", body) == (200, None)


@pytest.mark.parametrize("wide", [True, False])
def test_wide_and_deep_filters_are_refused_or_taken(wide: bool, core: Core) -> None:
    path = made(core, file_ids=put(core, *[b"Hello there"] * 20))
    filters: Any = {"type": "eq", "key": "a", "value": "b"}
    for _ in range(85):
        filters = {"type": "and", "filters": [filters]}
    if wide:
        filters = {"type": "or", "filters": [filters["filters"][0]] * 500}
    status, code = told(core, f"{path}/search", {"query": "Hello", "filters": filters})
    assert (status, code) in ((200, None), OVER)


def test_a_large_file_that_is_named_very_often_is_refused(core: Core) -> None:
    (id,) = put(core, b"x" * 50_000_000)
    assert told(core, VECTOR_STORES, {"file_ids": [id] * 500}) == OVER
    path = made(core)
    assert told(core, f"{path}/file_batches", {"file_ids": [id] * 500}) == OVER
    assert ask(core, "GET", path).json()["file_counts"]["total"] == 0
    assert told(core, f"{path}/file_batches", {"file_ids": [id]}) == (200, None)


def test_a_store_takes_no_more_than_it_may_keep(core: Core) -> None:
    path = made(core)
    statuses = []
    for _ in range(4):
        ids = put(core, b"x" * (MOST_BYTES // 3))
        statuses.append(told(core, f"{path}/files", {"file_id": ids[0]})[0])
        store_of(core).files.delete(ids[0])
    assert statuses[0] == 200 and statuses[-1] == 400
    assert store_of(core).vector_stores.ledger.size < 1.1 * MOST_BYTES


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        (VECTOR_STORES, "vector_stores", {"name": ...}),
        (VECTOR_STORES, "vector_stores", {"description": ...}),
        ("/v1/uploads", "uploads", {"filename": ..., "bytes": 1, "mime_type": "a", "purpose": "vision"}),
    ],
)
def test_long_names_are_charged(path: str, kind: str, body: dict[str, Any], core: Core) -> None:
    filled = {name: "x" * 1_000_000 if value is ... else value for name, value in body.items()}
    for _ in range(3):
        assert told(core, path, filled)[0] == 200
    assert getattr(store_of(core), kind).ledger.size > 3_000_000


def test_a_long_name_that_a_store_gets_later_is_charged_too(core: Core) -> None:
    assert told(core, made(core), {"name": "x" * 1_000_000})[0] == 200
    assert store_of(core).vector_stores.ledger.size > 1_000_000


def test_a_part_that_is_named_very_often_is_not_put_together(core: Core) -> None:
    begun = {"bytes": 20_000_000, "filename": "a.txt", "mime_type": "text/plain", "purpose": "vision"}
    path = f"/v1/uploads/{ask(core, 'POST', '/v1/uploads', json=begun).json()['id']}"
    part = ask(core, "POST", f"{path}/parts", **form(b"x" * 20_000_000, field="data")).json()["id"]
    # Together they would have 2 TB.
    refused = ask(core, "POST", f"{path}/complete", json={"part_ids": [part] * 100_000})
    assert refused.status_code == 400 and "2000000000000 bytes" in refused.json()["error"]["message"]
    assert ask(core, "POST", f"{path}/complete", json={"part_ids": [part]}).json()["status"] == "completed"


def test_a_heavy_line_of_a_batch_after_many_blank_ones_is_checked_and_run(core: Core) -> None:
    line = {"custom_id": "1", "method": "POST", "url": RESPONSES, "body": LUNA | {"input": "Hi", "zz": [0] * 150_000}}
    content = b"\n" * 7_100_000 + json.dumps(line).encode()
    file = ask(core, "POST", FILES, **form(content, "a.jsonl", purpose="batch")).json()["id"]
    path = f"{BATCHES}/{ask(core, 'POST', BATCHES, json=BATCH | {'input_file_id': file}).json()['id']}"
    for _ in range(10):
        seen = ask(core, "GET", path).json()
        if seen["status"] == "completed":
            break
    assert seen["request_counts"] == {"total": 1, "completed": 0, "failed": 1}


def test_a_batch_with_heavy_lines_expires(core: Core) -> None:
    time = [0.0]
    core = Core(seed=1, now=lambda: time[0])
    line = {"method": "POST", "url": RESPONSES, "body": LUNA | {"input": "Hi", "zz": [0] * 150_000}}
    content = b"\n".join(json.dumps(line | {"custom_id": str(number)}).encode() for number in range(5))
    file = ask(core, "POST", FILES, **form(content, "a.jsonl", purpose="batch")).json()["id"]
    path = f"{BATCHES}/{ask(core, 'POST', BATCHES, json=BATCH | {'input_file_id': file}).json()['id']}"
    while ask(core, "GET", path).json()["status"] != "in_progress":
        pass
    time[0] = 25 * 3600.0
    replies = [ask(core, "GET", path) for _ in range(6)]
    assert {reply.status_code for reply in replies} == {200}
    assert (replies[-1].json()["status"], replies[-1].json()["request_counts"]["failed"]) == ("expired", 5)
