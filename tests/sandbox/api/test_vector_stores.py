"""/v1/vector_stores through the real SDK: files and batches, states, search, filters, pages, and `file_search`."""

from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types import VectorStore, VectorStoreDeleted
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from openai_sandbox.api.shared.store import StoredFile
from openai_sandbox.core import Core

from ...good_requests import LUNA, VECTOR_STORES
from ..client import Ask, ask, store_of
from ..event_stream import events_of

FRANCE = "Paris is the capital of France. It is known for the Eiffel Tower."
GERMANY = "Berlin is the capital of Germany. It is known for the Brandenburg Gate."
QUESTION = "What is the capital of France?"


@pytest.fixture
def two(openai_client: OpenAI) -> list[str]:
    """Return the ids of two uploaded texts."""
    return [uploaded(openai_client, "france.md", FRANCE), uploaded(openai_client, "germany.txt", GERMANY)]


def uploaded(client: OpenAI, name: str, text: str | bytes) -> str:
    content = text.encode() if isinstance(text, str) else text
    return client.files.create(file=(name, content), purpose="assistants").id


@pytest.mark.simulates("strict-objects")
def test_a_store_is_described_strictly_and_gone_once_deleted(client: Ask) -> None:
    body = {"name": "a", "metadata": {"k": "v"}, "expires_after": {"anchor": "last_active_at", "days": 2}}
    made = client("POST", VECTOR_STORES, json=body).json()
    store = VectorStore.model_validate(made, strict=True)
    assert store.expires_at == store.created_at + 2 * 86_400
    assert (store.status, store.usage_bytes, store.file_counts.total) == ("completed", 0, 0)
    assert client("GET", f"{VECTOR_STORES}/{store.id}").json() == made
    changed = client("POST", f"{VECTOR_STORES}/{store.id}", json={"name": "b", "expires_after": None}).json()
    assert (changed["name"], changed["expires_at"], changed["metadata"]) == ("b", None, {"k": "v"})
    assert client("GET", VECTOR_STORES).json()["data"] == [changed]
    gone = client("DELETE", f"{VECTOR_STORES}/{store.id}").json()
    assert VectorStoreDeleted.model_validate(gone, strict=True).deleted
    assert client("GET", f"{VECTOR_STORES}/{store.id}").status_code == 404


@pytest.mark.simulates("vector-store-looks")
def test_a_file_is_in_progress_until_somebody_looks(openai_client: OpenAI, two: list[str]) -> None:
    stores = openai_client.vector_stores
    store = stores.create(file_ids=two)
    assert (store.status, store.file_counts.in_progress) == ("in_progress", 2)
    assert [one.status for one in stores.list()] == ["in_progress"]  # a list moves nothing
    seen = stores.files.retrieve(two[0], vector_store_id=store.id)
    assert (seen.status, seen.last_error, seen.usage_bytes > len(FRANCE)) == ("completed", None, True)
    assert seen.chunking_strategy
    assert stores.retrieve(store.id).file_counts.completed == 2
    assert stores.files.content(two[0], vector_store_id=store.id).data[0].text == FRANCE


@pytest.mark.simulates("vector-store-search")
def test_a_search_finds_the_nearest_parts_of_files(openai_client: OpenAI, two: list[str]) -> None:
    store = openai_client.vector_stores.create(file_ids=two)
    page = openai_client.vector_stores.search(store.id, query=QUESTION)
    assert [one.file_id for one in page] == two
    first, second = page.data
    assert 1 >= first.score > second.score >= 0
    assert first.content[0].text == FRANCE
    assert len(openai_client.vector_stores.search(store.id, query=QUESTION, max_num_results=1).data) == 1
    ranked = openai_client.vector_stores.search(
        store.id, query=[QUESTION], ranking_options={"score_threshold": first.score}
    )
    assert [one.file_id for one in ranked] == two[:1]
    for ignored in ({"rewrite_query": True}, {"ranking_options": {"ranker": "none"}}):
        options: Any = ignored
        assert openai_client.vector_stores.search(store.id, query=QUESTION, **options).data == page.data


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"type": "eq", "key": "country", "value": "fr"}, "f"),
        ({"type": "ne", "key": "country", "value": "fr"}, "g"),
        ({"type": "eq", "key": "missing", "value": "fr"}, ""),
        ({"type": "ne", "key": "missing", "value": "fr"}, "fg"),
        ({"type": "gt", "key": "year", "value": 1800}, "f"),
        ({"type": "gte", "key": "year", "value": 1791}, "fg"),
        ({"type": "lt", "key": "year", "value": 1889}, "g"),
        ({"type": "lte", "key": "year", "value": "1889"}, ""),
        ({"type": "gt", "key": "country", "value": "de"}, "f"),
        ({"type": "eq", "key": "old", "value": True}, "g"),
        ({"type": "eq", "key": "old", "value": 1}, ""),
        ({"type": "in", "key": "country", "value": ["fr", "de"]}, "fg"),
        ({"type": "nin", "key": "country", "value": ["fr"]}, "g"),
        ({"type": "and", "filters": []}, "fg"),
        ({"type": "or", "filters": []}, ""),
        (
            {
                "type": "and",
                "filters": [
                    {"type": "gt", "key": "year", "value": 1700},
                    {"type": "or", "filters": [{"type": "eq", "key": "country", "value": "de"}]},
                ],
            },
            "g",
        ),
    ],
)
def test_filters_compare_attributes(openai_client: OpenAI, two: list[str], filters: Any, found: str) -> None:
    store = openai_client.vector_stores.create()
    files = openai_client.vector_stores.files
    files.create(store.id, file_id=two[0], attributes={"country": "fr", "year": 1889, "old": False})
    files.create(store.id, file_id=two[1], attributes={"country": "de", "year": 1791, "old": True})
    page = openai_client.vector_stores.search(store.id, query=QUESTION, filters=filters)
    assert sorted(one.filename[0] for one in page) == sorted(found)


@pytest.mark.parametrize(
    ("filters", "param"),
    [
        ({"type": "and", "filters": [5]}, "filters.filters[0]"),
        ({"type": "or", "filters": [{"type": "and", "filters": [{"type": "eq", "key": "a"}]}]}, None),
    ],
)
def test_a_broken_filter_is_named_however_deep_it_is(openai_client: OpenAI, filters: Any, param: str | None) -> None:
    store = openai_client.vector_stores.create()
    with pytest.raises(BadRequestError) as caught:
        openai_client.vector_stores.search(store.id, query="x", filters=filters)
    assert caught.value.param == (param or "filters.filters[0].filters[0].value")


@pytest.mark.simulates("vector-store-looks")
def test_batches_add_many_files_and_a_cancelled_one_adds_no_more(openai_client: OpenAI, two: list[str]) -> None:
    store = openai_client.vector_stores.create()
    batches = openai_client.vector_stores.file_batches
    pdf = uploaded(openai_client, "a.pdf", b"%PDF-1.4")
    done = batches.create_and_poll(store.id, file_ids=[two[0], pdf], attributes={"a": "b"})
    assert (done.status, done.file_counts.completed, done.file_counts.failed) == ("completed", 1, 1)
    (failed,) = batches.list_files(done.id, vector_store_id=store.id, filter="failed")
    assert failed.last_error
    assert failed.last_error.code == "unsupported_file"
    begun = batches.create(store.id, files=[{"file_id": two[1], "attributes": {"c": 1}}])
    assert begun.status == "in_progress"
    cancelled = batches.cancel(begun.id, vector_store_id=store.id)
    assert (cancelled.status, cancelled.file_counts.cancelled) == ("cancelled", 1)
    assert [one.file_id for one in openai_client.vector_stores.search(store.id, query=QUESTION)] == two[:1]


def test_what_is_out_of_bounds_in_a_batch_is_named(openai_client: OpenAI, two: list[str]) -> None:
    store = openai_client.vector_stores.create()
    small: Any = {"type": "static", "static": {"max_chunk_size_tokens": 99, "chunk_overlap_tokens": 1}}
    negative: Any = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": -1}}
    for one, param in (
        ({"chunking_strategy": small}, "chunking_strategy.static.max_chunk_size_tokens"),
        ({"chunking_strategy": negative}, "chunking_strategy.static.chunk_overlap_tokens"),
        ({"attributes": {"a": "x" * 513}}, "attributes.a"),
    ):
        file: Any = {"file_id": two[0]} | one
        with pytest.raises(BadRequestError) as caught:
            openai_client.vector_stores.file_batches.create(store.id, files=[{"file_id": two[1]}, file])
        assert caught.value.param == f"files[1].{param}"
    with pytest.raises(BadRequestError, match="2000"):
        openai_client.vector_stores.file_batches.create(store.id, files=[{"file_id": two[0]}] * 2001)


def test_pages_go_forward_and_backward(openai_client: OpenAI) -> None:
    ids = [openai_client.vector_stores.create(name=str(number)).id for number in range(5)]
    assert [store.id for store in openai_client.vector_stores.list(limit=2, order="asc")] == ids
    back = openai_client.vector_stores.list(limit=2, order="asc", before=ids[3])
    assert ([store.id for store in back.data], back.has_more) == (ids[1:3], True)
    with pytest.raises(NotFoundError):
        openai_client.vector_stores.list(before="vs_x")


def test_chunks_overlap_and_hold_the_whole_text(openai_client: OpenAI) -> None:
    text = " ".join(f"word{number}" for number in range(1_000))
    file = uploaded(openai_client, "long.txt", text)
    store = openai_client.vector_stores.create(
        file_ids=[file],
        chunking_strategy={"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}},
    )
    chunks = [
        one.content[0].text for one in openai_client.vector_stores.search(store.id, query="w", max_num_results=50)
    ]
    assert len(chunks) == 39
    assert all(chunk in text for chunk in chunks)
    assert openai_client.vector_stores.files.content(file, vector_store_id=store.id).data[0].text == text


@pytest.mark.simulates("vector-store-looks")
def test_a_large_file_is_read_over_several_looks_and_one_that_is_too_large_fails() -> None:
    core = Core(seed=1, now=0)
    looks = []
    for content in (b"some words and more of them " * 30_000, b"\x00"):
        file = _stored(core, content)
        store = ask(core, "POST", VECTOR_STORES, json={"file_ids": [file]}).json()["id"]
        statuses = [ask(core, "GET", f"{VECTOR_STORES}/{store}").json()["status"] for _ in range(12)]
        looks.append(statuses.index("completed") + 1)
    assert looks[0] > 1
    assert looks[1] == 1
    small: Any = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}}
    made = {"file_ids": [_stored(core, b"a b c d e f g h " * 90_000)], "chunking_strategy": small}
    store = ask(core, "POST", VECTOR_STORES, json=made).json()["id"]
    counts: Any = {"in_progress": 1}
    while counts["in_progress"]:
        counts = ask(core, "GET", f"{VECTOR_STORES}/{store}").json()["file_counts"]
    assert counts["failed"] == 1


def test_a_search_has_work_left_however_much_is_still_to_be_read() -> None:
    core = Core(seed=1, now=0)
    files = [_stored(core, b"alpha beta gamma " * 3_000) for _ in range(60)]
    store = ask(core, "POST", VECTOR_STORES, json={"file_ids": files}).json()["id"]
    for _ in range(20):
        assert ask(core, "POST", f"{VECTOR_STORES}/{store}/search", json={"query": "alpha"}).status_code == 200
    counts = ask(core, "GET", f"{VECTOR_STORES}/{store}").json()["file_counts"]
    assert counts["completed"] > 1
    tool = {"type": "file_search", "vector_store_ids": [store] * 100}
    body = LUNA | {"input": "Search for alpha", "tools": [tool]}
    assert ask(core, "POST", "/v1/responses", json=body).status_code == 200


def test_the_largest_chunks_are_read_without_a_refusal() -> None:
    core = Core(seed=1, now=0)
    large: Any = {"type": "static", "static": {"max_chunk_size_tokens": 4096, "chunk_overlap_tokens": 0}}
    for content in (b"a" * 2_000_000, b"".join(b"w%d " % number for number in range(60_000)), b"\xff" * 300_000):
        made = {"file_ids": [_stored(core, content)], "chunking_strategy": large}
        path = f"{VECTOR_STORES}/" + ask(core, "POST", VECTOR_STORES, json=made).json()["id"]
        while (seen := ask(core, "GET", path)).json()["status"] == "in_progress":
            assert seen.status_code == 200, seen.text


def test_files_that_were_replaced_or_removed_take_no_room_though_batches_name_them() -> None:
    core = Core(seed=1, now=0)
    text = b"alpha beta " * 20_000
    file = _stored(core, text)
    path = f"{VECTOR_STORES}/" + ask(core, "POST", VECTOR_STORES, json={}).json()["id"]
    first, *_ = [ask(core, "POST", f"{path}/file_batches", json={"file_ids": [file]}).json() for _ in range(50)]
    ledger = store_of(core).vector_stores.ledger
    store = store_of(core).vector_stores.get(path.rpartition("/")[2])
    assert store
    assert sum(len(one.text or "") for batch in store.batches.values() for one in batch.files) == len(text)
    seen = ask(core, "GET", f"{path}/file_batches/{first['id']}").json()
    assert seen["file_counts"]["cancelled"] == 1
    ask(core, "DELETE", f"{path}/files/{file}")
    assert ledger.size < len(text)
    for _ in range(60):
        ask(core, "POST", f"{path}/file_batches", json={"file_ids": []})
    assert len(store.batches) == 100
    assert ask(core, "GET", f"{path}/file_batches/{first['id']}").status_code == 404


def _stored(core: Core, content: bytes) -> str:
    id = f"file-{len(store_of(core).files)}"
    store_of(core).files.add(StoredFile(id, 0, "a.txt", "assistants", content))
    return id


@pytest.mark.simulates("file-search")
def test_file_search_answers_from_the_files_and_cites_them(openai_client: OpenAI, two: list[str]) -> None:
    store = openai_client.vector_stores.create(file_ids=two)
    tool: Any = {"type": "file_search", "vector_store_ids": [store.id], "max_num_results": 1}
    said = openai_client.responses.create(
        **LUNA, input=QUESTION, tools=[tool], include=["file_search_call.results"], reasoning={"effort": "none"}
    )
    call, message = said.output
    assert call.type == "file_search_call"
    assert message.type == "message"
    assert call.queries == [QUESTION]
    assert call.results
    assert [(one.file_id, one.text) for one in call.results] == [(two[0], FRANCE)]
    (part,) = message.content
    assert part.type == "output_text"
    assert part.text == "Paris is the capital of France."
    (cited,) = part.annotations
    assert cited.type == "file_citation"
    assert (cited.file_id, cited.filename, cited.index) == (two[0], "france.md", 30)
    again: Any = [item.to_dict() for item in said.output]
    later = openai_client.responses.create(
        **LUNA, input=[{"role": "user", "content": QUESTION}, *again, {"role": "user", "content": "2+2?"}], tools=[tool]
    )
    assert "file_search_call" not in [item.type for item in later.output]


def test_a_streamed_file_search_has_the_recorded_events(client: Ask, openai_client: OpenAI, two: list[str]) -> None:
    store = openai_client.vector_stores.create(file_ids=two)
    tool = {"type": "file_search", "vector_store_ids": [store.id]}
    body = {"model": "gpt-4.1", "input": QUESTION, "tools": [tool], "stream": True}
    events = events_of(client("POST", "/v1/responses", json=body).text)
    for event in events:
        TypeAdapter(ResponseStreamEvent).validate_python(event, strict=True)
    names = [event["type"] for event in events]
    assert names[2:7] == [
        "response.output_item.added",
        "response.file_search_call.in_progress",
        "response.file_search_call.searching",
        "response.file_search_call.completed",
        "response.output_item.done",
    ]
    assert (events[2]["item"]["queries"], events[2]["item"]["results"]) == ([], None)
    at = names.index("response.output_text.annotation.added")
    assert "".join(event.get("delta", "") for event in events[:at]) == "Paris is the capital of France"


@pytest.mark.simulates("file-search")
def test_a_search_in_a_store_that_is_not_there_is_refused(openai_client: OpenAI) -> None:
    tool: Any = {"type": "file_search", "vector_store_ids": ["vs_1"]}
    with pytest.raises(NotFoundError, match="Vector store with id"):
        openai_client.responses.create(**LUNA, input="Hi", tools=[tool])
