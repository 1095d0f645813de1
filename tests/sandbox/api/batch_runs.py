"""Runs batches, from the upload of their lines to the rows of their output."""

import json
from typing import Any

from openai import OpenAI
from openai.types import Batch

from ...good_requests import RESPONSE, RESPONSES


def line(custom_id: Any = "1", body: Any = None, url: Any = RESPONSES, **change: Any) -> dict[str, Any]:
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": body or RESPONSE} | change


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
