"""/v1/batches through the real SDK: from the file of requests to the files of answers, and what stops one."""

import json
from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError, ConflictError, NotFoundError, OpenAI
from openai.types import Batch, CreateEmbeddingResponse, ModerationCreateResponse
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from openai_sandbox import Sandbox
from openai_sandbox.api import batches
from openai_sandbox.api.shared.call import Call
from openai_sandbox.api.shared.result import Result
from openai_sandbox.api.shared.state import State
from openai_sandbox.stages.rate_limit import RateLimit

from ...good_requests import BATCH, BATCHES, CHAT, HELLO, RESPONSE, RESPONSES, closed
from ..client import Ask, MakeSandbox
from ..clock import Clock
from .batch_runs import finish, line, rows, start, upload


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Ask, openai_client: OpenAI) -> None:
    for lines in ([line("1"), line("2", RESPONSE | {"temperature": 9})], [line(), line()]):
        body = {"input_file_id": upload(openai_client, *lines), "endpoint": RESPONSES, "completion_window": "24h"}
        made = client("POST", BATCHES, json=body | {"metadata": {"a": "b"}}).json()
        for _ in range(5):
            batch = Batch.model_validate(made, strict=True)
            made = client("GET", f"/v1/batches/{batch.id}").json()
        page = client("GET", BATCHES).json()
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


def test_times_are_when_each_step_was_taken(sandbox: MakeSandbox, clock: Clock) -> None:
    with sandbox(now=clock), OpenAI() as client:
        batch = start(client, line())
        for _ in range(3):
            clock.time += 60
            batch = client.batches.retrieve(batch.id)
        times = (batch.in_progress_at, batch.finalizing_at, batch.completed_at)
        assert [time and time - batch.created_at for time in times] == [60, 120, 180]


def test_answers_are_what_the_endpoints_give_and_usage_is_their_sum(openai_client: OpenAI) -> None:
    asked: dict[Any, tuple[Any, dict[str, Any]]] = {
        RESPONSES: (Response, RESPONSE),
        CHAT: (ChatCompletion, {"model": "gpt-4.1", "messages": [HELLO]}),
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
    batch = finish(openai_client, start(openai_client, line("1", RESPONSE | {"model": "gpt-4.1"})))
    assert batch.model == "gpt-4.1-2025-04-14"


def test_the_same_batch_gives_the_same_answers_in_every_run(sandbox: MakeSandbox) -> None:
    found = []
    for _ in range(2):
        with sandbox(seed=3), OpenAI() as client:
            found.append(rows(client, finish(client, start(client, line("1"), line("2"))).output_file_id))
    assert found[0] == found[1]


def test_stored_answers_can_be_retrieved(openai_client: OpenAI) -> None:
    batch = finish(openai_client, start(openai_client, line()))
    body = rows(openai_client, batch.output_file_id)[0]["response"]["body"]
    assert openai_client.responses.retrieve(body["id"]).output_text


def test_requests_of_a_batch_are_not_in_the_journal_and_count_against_no_limit(sandbox: MakeSandbox) -> None:
    with sandbox(tier=RateLimit(1, 1000)) as api, OpenAI(max_retries=0) as client:
        batch = finish(client, start(client, *(line(str(number)) for number in range(5))))
        assert batch.request_counts
        assert batch.request_counts.completed == 5
        assert {exchange.path for exchange in api.requests} == {"/v1/files", "/v1/batches", f"/v1/batches/{batch.id}"}
        client.responses.create(**RESPONSE)


def test_faults_meet_the_poll_and_not_the_requests_of_the_batch(sandbox: MakeSandbox) -> None:
    with sandbox("server_error after=2") as api, OpenAI(max_retries=1) as client:
        batch = finish(client, start(client, line()))
        assert batch.request_counts
        assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 0)
        assert [exchange.fault for exchange in api.requests].count("server_error") == 1


@pytest.mark.simulates("batch-steps")
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
    sandbox: MakeSandbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "REQUESTS_A_STEP", 1)
    with sandbox(now=clock), OpenAI() as client:
        batch = start(client, line("1"), line("2"), line("3"))
        for _ in range(2):
            client.batches.retrieve(batch.id)
        clock.time += 24 * 3600
        batch = client.batches.retrieve(batch.id)
        assert (batch.status, batch.expired_at) == ("expired", int(clock.time))
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
def test_a_bad_query_is_refused(client: Ask, query: str) -> None:
    reply = client("GET", f"/v1/batches?{query}")
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "limit")


def test_an_unknown_batch_is_not_found_on_every_route(client: Ask) -> None:
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
def test_a_bad_body_is_refused(client: Ask, change: dict[str, Any], code: str, param: str) -> None:
    body = BATCH
    reply = client("POST", BATCHES, json=body | change)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["param"]) == (400, code, param)
    for name in body:
        missing = client("POST", BATCHES, json={key: value for key, value in body.items() if key != name})
        assert (missing.status_code, missing.json()["error"]["param"]) == (400, name)
    assert client("POST", BATCHES, content=b"").status_code == 400


def test_the_only_window_is_named(openai_client: OpenAI) -> None:
    wrong: Any = "48h"
    with pytest.raises(BadRequestError, match=r"Invalid value: '48h'\. Supported values are: '24h'\."):
        openai_client.batches.create(input_file_id="file-no", endpoint=RESPONSES, completion_window=wrong)


HARD = {
    **RESPONSE,
    "text": {
        "format": {
            "type": "json_schema",
            "name": "a",
            "strict": True,
            "schema": closed({"x": {"type": "string", "pattern": "(a+)+" * 2_000}}),
        }
    },
}


def test_a_line_that_is_too_much_work_fails_alone(openai_client: OpenAI) -> None:
    batch = finish(openai_client, start(openai_client, line("1"), line("2", HARD), line("3"), line("4", HARD)))
    assert batch.status == "completed"
    assert sorted(row["custom_id"] for row in rows(openai_client, batch.output_file_id)) == ["1", "3"]
    refused = rows(openai_client, batch.error_file_id)
    assert [(row["custom_id"], row["response"]["body"]["error"]["code"]) for row in refused] == [
        ("2", "sandbox_over_budget"),
        ("4", "sandbox_over_budget"),
    ]


def test_a_line_on_which_the_sandbox_fails_fails_alone(
    openai_client: OpenAI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = batches.RUNS[RESPONSES]

    def failing(state: State, call: Call) -> Result:
        if call.json()["input"] == "fail":
            raise RuntimeError
        return run(state, call)

    monkeypatch.setitem(batches.RUNS, RESPONSES, failing)
    batch = finish(openai_client, start(openai_client, line("1", RESPONSE | {"input": "fail"}), line("2")))
    assert [row["custom_id"] for row in rows(openai_client, batch.output_file_id)] == ["2"]
    (row,) = rows(openai_client, batch.error_file_id)
    assert (row["response"]["status_code"], row["response"]["body"]["error"]["code"]) == (500, "sandbox_failed")
    assert "RuntimeError" in caplog.text


def test_a_batch_is_checked_and_run_in_steps_of_bounded_work(openai_client: OpenAI) -> None:
    padding = "\n" * 12_000_000
    batch = start(openai_client, line("1"), padding, line("2"))
    seen: list[str] = []
    while batch.status != "completed":
        assert len(seen) < 50
        batch = openai_client.batches.retrieve(batch.id)
        seen.append(batch.status)
    assert seen.count("validating") > 0
    assert seen.count("in_progress") > 1
    assert [row["custom_id"] for row in rows(openai_client, batch.output_file_id)] == ["1", "2"]


def test_the_numbers_of_lines_are_right_after_many_blank_ones(openai_client: OpenAI) -> None:
    batch = finish(openai_client, start(openai_client, line("1"), "\n" * 9_000_000, "{"))
    assert batch.errors
    assert batch.errors.data
    assert [problem.line for problem in batch.errors.data] == [9_000_003]


def test_a_line_that_is_too_large_fails_the_batch(openai_client: OpenAI) -> None:
    batch = finish(openai_client, start(openai_client, line("1"), line("2", RESPONSE | {"input": "a" * 20_000_000})))
    assert batch.errors
    assert batch.errors.data
    assert [(problem.code, problem.line) for problem in batch.errors.data] == [("sandbox_over_budget", 2)]
