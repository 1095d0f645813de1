"""/v1/uploads through the real SDK: a file in parts."""

import hashlib
from typing import Any

import pytest
from openai import BadRequestError, OpenAI
from openai.types import Upload
from openai.types.uploads import UploadPart

from openai_sandbox.api.uploads import MOST_PARTS
from openai_sandbox.core import Core

from ...good_requests import form
from ..client import Ask, ask

WHOLE = b"hello world " * 100
NEW: Any = {"bytes": 3, "filename": "a.txt", "mime_type": "text/plain", "purpose": "vision"}


@pytest.mark.simulates("uploads")
def test_parts_become_a_file_in_the_order_of_their_ids(openai_client: OpenAI) -> None:
    uploads = openai_client.uploads
    made = uploads.create(**NEW | {"bytes": 6})
    assert (made.status, made.expires_at - made.created_at, made.file) == ("pending", 3600, None)
    ids = [uploads.parts.create(made.id, data=part).id for part in (b"def", b"abc")]
    done = uploads.complete(made.id, part_ids=ids[::-1], md5=hashlib.md5(b"abcdef").hexdigest())  # noqa: S324
    assert done.status == "completed"
    assert done.file
    assert openai_client.files.content(done.file.id).read() == b"abcdef"


def test_the_helper_of_the_sdk_uploads_in_parts(openai_client: OpenAI) -> None:
    done = openai_client.uploads.upload_file_chunked(
        file=WHOLE, filename="x.txt", bytes=len(WHOLE), mime_type="text/plain", purpose="vision", part_size=500
    )
    assert done.file
    assert openai_client.files.content(done.file.id).read() == WHOLE


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid_and_a_cancelled_upload_takes_no_more(client: Ask) -> None:
    upload = Upload.model_validate(client("POST", "/v1/uploads", json=NEW).json(), strict=True)
    path = f"/v1/uploads/{upload.id}"
    sent = client("POST", f"{path}/parts", files={"data": ("part", b"abc")}).json()
    assert UploadPart.model_validate(sent, strict=True).upload_id == upload.id
    assert Upload.model_validate(client("POST", f"{path}/cancel").json(), strict=True).status == "cancelled"
    assert client("POST", f"{path}/parts", files={"data": ("part", b"abc")}).status_code == 400


@pytest.mark.parametrize("size", [0, -1])
def test_an_upload_of_nothing_is_refused(client: Ask, size: int) -> None:
    refused = client("POST", "/v1/uploads", json=NEW | {"bytes": size})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "bytes")


def test_an_upload_takes_no_empty_parts_and_no_more_than_are_kept() -> None:
    core = Core(seed=1, now=0)
    path = "/v1/uploads/" + ask(core, "POST", "/v1/uploads", json=NEW | {"bytes": 20_000}).json()["id"]
    assert ask(core, "POST", f"{path}/parts", **form(b"", field="data")).status_code == 400
    for _ in range(MOST_PARTS):
        assert ask(core, "POST", f"{path}/parts", **form(b"x", field="data")).status_code == 200
    refused = ask(core, "POST", f"{path}/parts", **form(b"x", field="data"))
    assert refused.json()["error"]["code"] == "sandbox_over_budget"


@pytest.mark.simulates("uploads")
def test_an_upload_expires_after_an_hour() -> None:
    time = [0.0]
    core = Core(seed=1, now=lambda: time[0])
    path = "/v1/uploads/" + ask(core, "POST", "/v1/uploads", json=NEW).json()["id"]
    time[0] = 3600.0
    refused = ask(core, "POST", f"{path}/parts", **form(b"abc", field="data"))
    assert (refused.status_code, "'expired'" in refused.text) == (400, True)


def test_a_purpose_checks_what_was_put_together(openai_client: OpenAI) -> None:
    made = openai_client.uploads.create(**NEW | {"purpose": "batch"})
    part = openai_client.uploads.parts.create(made.id, data=b"abc")
    with pytest.raises(BadRequestError):
        openai_client.uploads.complete(made.id, part_ids=[part.id])
