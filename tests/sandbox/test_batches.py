"""/v1/batches through the real SDK: from the file of requests to the files of answers, and what stops one."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI, BadRequestError, ConflictError, NotFoundError, OpenAI
from openai.types import Batch, CreateEmbeddingResponse, ModerationCreateResponse
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

import openai_sandbox as package
from openai_sandbox import Sandbox
from openai_sandbox.api import batch_file, batches
from openai_sandbox.stages.rate_limit import RateLimit

RESPONSES: Any = "/v1/responses"
CHAT: Any = "/v1/chat/completions"
HELLO: dict[str, Any] = {"model": "gpt-6-luna", "input": "Say hello"}


def line(custom_id: Any = "1", body: Any = None, url: Any = RESPONSES, **change: Any) -> dict[str, Any]:
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": body or HELLO} | change


def upload(client: OpenAI, *lines: Any) -> str:
    """Upload lines, given as objects or as they stand in the file, and return the file's id."""
    text = "\n".join(given if isinstance(given, str) else json.dumps(given) for given in lines)
    return client.files.create(file=("batch.jsonl", text.encode()), purpose="batch").id


def start(client: OpenAI, *lines: Any, endpoint: Any = RESPONSES, **options: Any) -> Batch:
    file = upload(client, *lines)
    return client.batches.create(input_file_id=file, endpoint=endpoint, completion_window="24h", **options)


def finish(client: OpenAI, batch: Batch) -> Batch:
    """Poll until the batch has ended."""
    for _ in range(20):
        if batch.status in ("completed", "failed", "expired", "cancelled"):
            return batch
        batch = client.batches.retrieve(batch.id)
    raise AssertionError(f"{batch.id} never ended: {batch.status}")


def rows(client: OpenAI, file: str | None) -> list[dict[str, Any]]:
    assert file
    return [json.loads(row) for row in client.files.content(file).text.splitlines()]


def problems(batch: Batch) -> list[tuple[int | None, str | None, str | None]]:
    assert batch.status == "failed"
    assert batch.errors
    assert batch.errors.data
    return [(problem.line, problem.code, problem.param) for problem in batch.errors.data]


@pytest.fixture
def clock() -> Iterator[list[float]]:
    """The time, to be changed."""
    yield [1_800_000_000.0]


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Callable[..., httpx2.Response], openai_client: OpenAI) -> None:
    for lines in ([line("1"), line("2", HELLO | {"temperature": 9})], [line(), line()]):
        body = {"input_file_id": upload(openai_client, *lines), "endpoint": RESPONSES, "completion_window": "24h"}
        made = client("POST", "/v1/batches", json=body | {"metadata": {"a": "b"}}).json()
        for _ in range(5):
            batch = Batch.model_validate(made, strict=True)
            made = client("GET", f"/v1/batches/{batch.id}").json()
        page = client("GET", "/v1/batches").json()
        assert page["data"][0] == made
        assert (page["object"], page["first_id"], page["has_more"]) == ("list", made["id"], False)
    third = start(openai_client, line())
    cancelled = client("POST", f"/v1/batches/{third.id}/cancel").json()
    assert Batch.model_validate(cancelled, strict=True).status == "cancelling"


@pytest.mark.simulates("batch-steps")
def test_each_retrieve_moves_a_batch_one_step_also_while_the_clock_stands_still(openai_client: OpenAI) -> None:
    batch = start(openai_client, line("a"), line("b"), metadata={"topic": "demo"})
    assert (batch.status, batch.model, batch.expires_at) == ("validating", None, batch.created_at + 24 * 3600)
    seen = []
    for _ in range(4):
        assert openai_client.batches.list().data[0].status == batch.status
        batch = openai_client.batches.retrieve(batch.id)
        assert batch.request_counts
        seen.append((batch.status, batch.request_counts.total, batch.request_counts.completed, batch.output_file_id))
    assert [row[:3] for row in seen] == [
        ("in_progress", 2, 0),
        ("finalizing", 2, 2),
        ("completed", 2, 2),
        ("completed", 2, 2),
    ]
    assert [bool(row[3]) for row in seen] == [False, False, True, True]
    assert (batch.model, batch.metadata, batch.errors) == ("gpt-6-luna", {"topic": "demo"}, None)
    assert batch.in_progress_at == batch.finalizing_at == batch.completed_at == batch.created_at


def test_times_are_when_each_step_was_taken(sandbox: Callable[..., Sandbox], clock: list[float]) -> None:
    with sandbox(now=lambda: clock[0]), OpenAI() as client:
        batch = start(client, line())
        for _ in range(3):
            clock[0] += 60
            batch = client.batches.retrieve(batch.id)
        times = (batch.in_progress_at, batch.finalizing_at, batch.completed_at)
        assert [time and time - batch.created_at for time in times] == [60, 120, 180]


def test_answers_are_what_the_endpoints_give_and_usage_is_their_sum(openai_client: OpenAI) -> None:
    asked: dict[Any, tuple[Any, dict[str, Any]]] = {
        RESPONSES: (Response, HELLO),
        CHAT: (ChatCompletion, {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Say hello"}]}),
        "/v1/embeddings": (CreateEmbeddingResponse, {"model": "text-embedding-3-small", "input": "hello"}),
        "/v1/moderations": (ModerationCreateResponse, {"input": "hello"}),
    }
    for endpoint, (type, body) in asked.items():
        given = (line("b", body, endpoint), line("a", body, endpoint))
        batch = finish(openai_client, start(openai_client, *given, endpoint=endpoint))
        assert batch.error_file_id is None
        answers = rows(openai_client, batch.output_file_id)
        assert [row["custom_id"] for row in answers] == ["b", "a"]
        for row in answers:
            assert row.keys() == {"id", "custom_id", "response", "error"}
            assert (row["response"]["status_code"], row["error"]) == (200, None)
            type.model_validate(row["response"]["body"], strict=True)
        used = [row["response"]["body"].get("usage") or {"total_tokens": 0} for row in answers]
        assert batch.usage
        assert batch.usage.total_tokens == sum(usage["total_tokens"] for usage in used)
        assert batch.usage.total_tokens == batch.usage.input_tokens + batch.usage.output_tokens
    assert batch.model is None


def test_a_snapshot_answers_for_its_alias(openai_client: OpenAI) -> None:
    batch = finish(openai_client, start(openai_client, line("1", HELLO | {"model": "gpt-4.1"})))
    assert batch.model == "gpt-4.1-2025-04-14"


def test_the_same_batch_gives_the_same_answers_in_every_run(sandbox: Callable[..., Sandbox]) -> None:
    found = []
    for _ in range(2):
        with sandbox(seed=3), OpenAI() as client:
            found.append(rows(client, finish(client, start(client, line("1"), line("2"))).output_file_id))
    assert found[0] == found[1]


def test_stored_answers_can_be_retrieved(openai_client: OpenAI) -> None:
    batch = finish(openai_client, start(openai_client, line()))
    body = rows(openai_client, batch.output_file_id)[0]["response"]["body"]
    assert openai_client.responses.retrieve(body["id"]).output_text


@pytest.mark.simulates("batch-partial")
def test_refused_requests_go_to_the_error_file_and_the_batch_completes_all_the_same(openai_client: OpenAI) -> None:
    bad = HELLO | {"temperature": 9}
    batch = finish(openai_client, start(openai_client, line("good"), line("bad", bad)))
    assert batch.status == "completed"
    assert batch.request_counts
    counts = batch.request_counts
    assert (counts.total, counts.completed, counts.failed) == (2, 1, 1)
    (refused,) = rows(openai_client, batch.error_file_id)
    assert (refused["custom_id"], refused["error"], refused["response"]["status_code"]) == ("bad", None, 400)
    assert refused["response"]["body"]["error"]["param"] == "temperature"
    assert [row["custom_id"] for row in rows(openai_client, batch.output_file_id)] == ["good"]

    batch = finish(openai_client, start(openai_client, line("bad", bad)))
    assert (batch.status, batch.output_file_id) == ("completed", None)
    assert batch.error_file_id


def test_output_files_are_listed_and_expire_when_asked_to(openai_client: OpenAI) -> None:
    options: Any = {"output_expires_after": {"anchor": "created_at", "seconds": 3600}}
    batch = finish(openai_client, start(openai_client, line("1"), line("2", HELLO | {"top_p": 9}), **options))
    files = openai_client.files.list(purpose="batch_output").data
    assert {file.id for file in files} == {batch.output_file_id, batch.error_file_id}
    assert {file.filename for file in files} == {f"{batch.id}_output.jsonl", f"{batch.id}_error.jsonl"}
    assert all(file.expires_at == file.created_at + 3600 for file in files)
    plain = finish(openai_client, start(openai_client, line()))
    assert plain.output_file_id
    assert openai_client.files.retrieve(plain.output_file_id).expires_at is None


def test_requests_of_a_batch_are_not_in_the_journal_and_count_against_no_limit(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(limits=RateLimit(1, 1000)) as api, OpenAI(max_retries=0) as client:
        batch = finish(client, start(client, *(line(str(number)) for number in range(5))))
        assert batch.request_counts
        assert batch.request_counts.completed == 5
        assert {exchange.path for exchange in api.requests} == {"/v1/files", "/v1/batches", f"/v1/batches/{batch.id}"}
        client.responses.create(**HELLO)


def test_faults_meet_the_poll_and_not_the_requests_of_the_batch(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error after=2") as api, OpenAI(max_retries=1) as client:
        batch = finish(client, start(client, line()))
        assert batch.request_counts
        assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 0)
        assert [exchange.fault for exchange in api.requests].count("server_error") == 1


def test_a_large_batch_takes_several_steps(openai_client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "REQUESTS_A_STEP", 2)
    batch = start(openai_client, *(line(str(number)) for number in range(5)))
    seen = []
    while batch.status != "completed":
        batch = openai_client.batches.retrieve(batch.id)
        assert batch.request_counts
        seen.append((batch.status, batch.request_counts.completed))
    assert seen == [("in_progress", 0), ("in_progress", 2), ("in_progress", 4), ("finalizing", 5), ("completed", 5)]


@pytest.mark.anyio
async def test_it_works_async(api: Sandbox) -> None:
    async with AsyncOpenAI() as client:
        file = await client.files.create(file=("b.jsonl", json.dumps(line()).encode()), purpose="batch")
        batch = await client.batches.create(input_file_id=file.id, endpoint=RESPONSES, completion_window="24h")
        while batch.status != "completed":
            batch = await client.batches.retrieve(batch.id)
        assert batch.output_file_id
        assert json.loads((await client.files.content(batch.output_file_id)).text)["custom_id"] == "1"
        assert [one.id async for one in client.batches.list()] == [batch.id]


@pytest.mark.simulates("batch-validation")
def test_bad_lines_fail_the_batch_each_with_its_error(openai_client: OpenAI, api: Sandbox) -> None:
    chat = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hi"}]}
    good = line("good", chat, CHAT)
    lines = [
        good,
        "{broken",
        "[]",
        "",
        {name: value for name, value in good.items() if name != "custom_id"},
        {name: value for name, value in line("2", chat, CHAT).items() if name != "method"},
        {name: value for name, value in line("3", chat, CHAT).items() if name != "url"},
        {name: value for name, value in line("4", chat, CHAT).items() if name != "body"},
        line("good", chat, CHAT),
        line("5", chat, RESPONSES),
        line("6", chat, CHAT, method="GET"),
        line("7", chat | {"model": "gpt-5.5"}, CHAT),
        line("8", chat | {"model": "gpt-9"}, CHAT),
        line("9", {"messages": []}, CHAT),
        line("10", {"model": "gpt-6-luna"}, CHAT),
        line("11", chat | {"stream": True}, CHAT),
        line(12, chat, CHAT),
        line("13", chat, CHAT) | {"body": []},
        line("14", chat | {"model": 7}, CHAT),
    ]
    batch = finish(openai_client, start(openai_client, *lines, endpoint=CHAT))
    assert problems(batch) == [
        (2, "invalid_json_line", None),
        (3, "invalid_json_line", None),
        (5, "missing_required_parameter", "custom_id"),
        (6, "missing_required_parameter", "method"),
        (7, "missing_required_parameter", "url"),
        (8, "missing_required_parameter", "body"),
        (9, "duplicate_custom_id", "custom_id"),
        (10, "invalid_url", "url"),
        (11, "invalid_value", "method"),
        (12, "mismatched_model", "body.model"),
        (13, "model_not_found", "body.model"),
        (14, "invalid_request", "body.model"),
        (15, "invalid_request", "body.messages"),
        (16, "streaming_unsupported", "body.stream"),
        (17, "invalid_type", "custom_id"),
        (18, "invalid_type", "body"),
        (19, "invalid_type", "body.model"),
    ]
    assert batch.failed_at
    assert [kept.waiting for kept in api.core.store.batches] == [[]]
    assert (batch.output_file_id, batch.error_file_id, batch.model) == (None, None, "gpt-6-luna")
    assert batch.request_counts
    assert batch.request_counts.total == 0


def test_an_input_file_that_cannot_be_used_fails_the_batch_and_not_the_call(openai_client: OpenAI) -> None:
    options: Any = {"endpoint": RESPONSES, "completion_window": "24h"}
    unknown = finish(openai_client, openai_client.batches.create(input_file_id="file-no", **options))
    assert problems(unknown) == [(None, "invalid_request", "file_id")]
    assert unknown.errors
    assert unknown.errors.data
    assert unknown.errors.data[0].message == (
        "Cannot find file file-no, or organization org-sandbox does not have access to it."
    )
    other = openai_client.files.create(file=("a.jsonl", json.dumps(line()).encode()), purpose="user_data").id
    assert problems(finish(openai_client, openai_client.batches.create(input_file_id=other, **options)))
    deleted = upload(openai_client, line())
    batch = openai_client.batches.create(input_file_id=deleted, **options)
    openai_client.files.delete(deleted)
    assert problems(finish(openai_client, batch)) == [(None, "invalid_request", "file_id")]


def test_a_file_deleted_while_its_batch_runs_does_not_stop_it(openai_client: OpenAI) -> None:
    batch = start(openai_client, line())
    openai_client.batches.retrieve(batch.id)
    openai_client.files.delete(batch.input_file_id)
    assert finish(openai_client, batch).status == "completed"


def test_too_many_requests_fail_the_batch(openai_client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_file, "MOST_REQUESTS", 2)
    assert finish(openai_client, start(openai_client, line("1"), line("2"))).status == "completed"
    failed = finish(openai_client, start(openai_client, line("1"), line("2"), line("3")))
    assert problems(failed) == [(None, "too_many_tasks", None)]


def test_models_of_other_endpoints_and_those_shut_down_are_not_found(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(today=date(2027, 1, 14)), OpenAI() as client:
        for endpoint, model in (
            (RESPONSES, "gpt-4.1"),
            (RESPONSES, "text-embedding-3-small"),
            ("/v1/embeddings", "gpt-6-luna"),
            ("/v1/moderations", "text-moderation-latest"),
        ):
            given = line("1", {"model": model, "input": "x"}, endpoint)
            batch = finish(client, start(client, given, endpoint=endpoint))
            if endpoint == "/v1/moderations":
                assert rows(client, batch.error_file_id)[0]["response"]["status_code"] == 400
            else:
                assert problems(batch) == [(1, "model_not_found", "body.model")]


def test_a_canceled_batch_keeps_what_was_run(openai_client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "REQUESTS_A_STEP", 2)
    batch = start(openai_client, *(line(str(number)) for number in range(5)))
    openai_client.batches.retrieve(batch.id)
    openai_client.batches.retrieve(batch.id)
    batch = openai_client.batches.cancel(batch.id)
    assert batch.status == "cancelling"
    assert openai_client.batches.cancel(batch.id).status == "cancelling"
    batch = openai_client.batches.retrieve(batch.id)
    assert batch.status == "cancelled"
    assert batch.cancelled_at
    assert batch.request_counts
    assert (batch.request_counts.total, batch.request_counts.completed) == (5, 2)
    assert len(rows(openai_client, batch.output_file_id)) == 2
    assert openai_client.batches.cancel(batch.id) == batch


def test_a_batch_canceled_at_once_has_no_files(openai_client: OpenAI) -> None:
    batch = start(openai_client, line())
    openai_client.batches.cancel(batch.id)
    batch = finish(openai_client, batch)
    assert (batch.status, batch.output_file_id, batch.error_file_id) == ("cancelled", None, None)


def test_a_batch_that_has_ended_cannot_be_canceled(openai_client: OpenAI) -> None:
    for lines, status in (([line()], "completed"), ([line(), line()], "failed")):
        batch = finish(openai_client, start(openai_client, *lines))
        with pytest.raises(ConflictError, match=f"Cannot cancel a batch with status '{status}'."):
            openai_client.with_options(max_retries=0).batches.cancel(batch.id)


@pytest.mark.simulates("batch-expiry")
def test_after_a_day_what_was_not_run_is_in_the_error_file(
    sandbox: Callable[..., Sandbox], clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "REQUESTS_A_STEP", 1)
    with sandbox(now=lambda: clock[0]), OpenAI() as client:
        batch = start(client, line("1"), line("2"), line("3"))
        for _ in range(2):
            client.batches.retrieve(batch.id)
        clock[0] += 24 * 3600
        batch = client.batches.retrieve(batch.id)
        assert (batch.status, batch.expired_at) == ("expired", int(clock[0]))
        assert [row["custom_id"] for row in rows(client, batch.output_file_id)] == ["1"]
        late = rows(client, batch.error_file_id)
        assert [(row["custom_id"], row["response"], row["error"]["code"]) for row in late] == [
            ("2", None, "batch_expired"),
            ("3", None, "batch_expired"),
        ]
        with pytest.raises(ConflictError):
            client.with_options(max_retries=0).batches.cancel(batch.id)


def test_pages_go_forward_from_a_cursor_newest_first(openai_client: OpenAI) -> None:
    made = [start(openai_client, line()).id for _ in range(5)]
    page = openai_client.batches.list(limit=2)
    assert [batch.id for batch in page.data] == made[:2:-1]
    assert page.has_next_page()
    assert [batch.id for batch in page] == made[::-1]
    with pytest.raises(NotFoundError, match="No batch found with id 'batch_no'"):
        openai_client.batches.list(after="batch_no")


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x"])
def test_a_bad_query_is_refused(client: Callable[..., httpx2.Response], query: str) -> None:
    reply = client("GET", f"/v1/batches?{query}")
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "limit")


def test_an_unknown_batch_is_not_found_on_every_route(client: Callable[..., httpx2.Response]) -> None:
    for method, path in (("GET", ""), ("POST", "/cancel")):
        reply = client(method, f"/v1/batches/batch_no{path}")
        assert reply.status_code == 404
        assert reply.json()["error"]["message"] == "No batch found with id 'batch_no'."


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"input_file_id": None}, "invalid_type", "input_file_id"),
        ({"input_file_id": 7}, "invalid_type", "input_file_id"),
        ({"endpoint": "/v1/invalid"}, "invalid_value", "endpoint"),
        ({"endpoint": "/v1/images/generations"}, "sandbox_unsupported", "endpoint"),
        ({"completion_window": "1h"}, "invalid_value", "completion_window"),
        ({"completion_window": 24}, "invalid_type", "completion_window"),
        ({"metadata": {"tags": ["a"]}}, "invalid_type", "metadata.tags"),
        ({"metadata": {str(i): "v" for i in range(17)}}, "object_above_max_properties", "metadata"),
        ({"output_expires_after": 3600}, "invalid_type", "output_expires_after"),
        ({"output_expires_after": {"seconds": 3600}}, "missing_required_parameter", "output_expires_after.anchor"),
        (
            {"output_expires_after": {"anchor": "created_at", "seconds": 60}},
            "integer_below_min_value",
            "output_expires_after.seconds",
        ),
        ({"window": "24h"}, "unknown_parameter", "window"),
    ],
)
def test_a_bad_body_is_refused(
    client: Callable[..., httpx2.Response], change: dict[str, Any], code: str, param: str
) -> None:
    body = {"input_file_id": "file-no", "endpoint": RESPONSES, "completion_window": "24h"}
    reply = client("POST", "/v1/batches", json=body | change)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["param"]) == (400, code, param)
    for name in body:
        missing = client("POST", "/v1/batches", json={key: value for key, value in body.items() if key != name})
        assert (missing.status_code, missing.json()["error"]["param"]) == (400, name)
    assert client("POST", "/v1/batches", content=b"").status_code == 400


def test_the_only_window_is_named(openai_client: OpenAI) -> None:
    wrong: Any = "48h"
    with pytest.raises(BadRequestError, match=r"Invalid value: '48h'\. Supported values are: '24h'\."):
        openai_client.batches.create(input_file_id="file-no", endpoint=RESPONSES, completion_window=wrong)


def test_every_error_of_batch_files_is_used_and_says_how_it_is_known() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(package.__file__).parent.rglob("*.py"))
    for id, row in batch_file.catalog().items():
        assert f'problem("{id}"' in source, id
        assert row["evidence"] in ("recorded", "specified", "pasted", "inferred")
        assert row["source"]
