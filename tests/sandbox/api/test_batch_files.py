"""The files of batches: what of an input file is refused, and what output and error files hold."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from openai.types import Batch

import openai_sandbox as package
from openai_sandbox import Sandbox
from openai_sandbox.api import batch_file

from ...good_requests import CHAT, HI, RESPONSE, RESPONSES
from ..client import MakeSandbox, store_of
from .batch_runs import finish, line, rows, start, upload


def problems(batch: Batch) -> list[tuple[int | None, str | None, str | None]]:
    assert batch.status == "failed"
    assert batch.errors
    assert batch.errors.data
    return [(problem.line, problem.code, problem.param) for problem in batch.errors.data]


@pytest.mark.simulates("batch-partial")
def test_refused_requests_go_to_the_error_file_and_the_batch_completes_all_the_same(openai_client: OpenAI) -> None:
    bad = RESPONSE | {"temperature": 9}
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
    batch = finish(openai_client, start(openai_client, line("1"), line("2", RESPONSE | {"top_p": 9}), **options))
    files = openai_client.files.list(purpose="batch_output").data
    assert {file.id for file in files} == {batch.output_file_id, batch.error_file_id}
    assert {file.filename for file in files} == {f"{batch.id}_output.jsonl", f"{batch.id}_error.jsonl"}
    assert all(file.expires_at == file.created_at + 3600 for file in files)
    plain = finish(openai_client, start(openai_client, line()))
    assert plain.output_file_id
    assert openai_client.files.retrieve(plain.output_file_id).expires_at is None


@pytest.mark.simulates("batch-validation")
def test_bad_lines_fail_the_batch_each_with_its_error(openai_client: OpenAI, api: Sandbox) -> None:
    chat = {"model": "gpt-6-luna", "messages": [HI]}
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
    assert [kept.content for kept in store_of(api).batches] == [b""]
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


def test_models_of_other_endpoints_and_those_shut_down_are_not_found(sandbox: MakeSandbox) -> None:
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


def test_every_error_of_batch_files_is_used_and_says_how_it_is_known() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(package.__file__).parent.rglob("*.py"))
    for id, row in batch_file.catalog().items():
        assert f'batch_error("{id}"' in source, id
        assert row["evidence"] in ("recorded", "specified", "pasted", "inferred")
        assert row["source"]
