"""/v1/files through the real SDK: uploads, downloads, pages, expiry, bounds and refusals."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI
from openai.types import FileDeleted, FileObject

from openai_sandbox import Sandbox
from openai_sandbox.api.shared.bounded import Bounded, Charge
from openai_sandbox.api.shared.store import StoredFile
from openai_sandbox.core import Core

from ...good_requests import FILES, form
from ..client import Ask, MakeSandbox, ask, store_of
from ..clock import Clock

NOTES: Any = {"file": ("notes.txt", b"some notes"), "purpose": "fine-tune"}
ROW = b'{"custom_id": "1"}\n'
DAY = 24 * 3600


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Ask) -> None:
    upload = {"files": {"file": ("a.jsonl", ROW)}, "data": {"purpose": "batch"}}
    made = client("POST", FILES, **upload).json()
    file = FileObject.model_validate(made, strict=True)
    assert re.fullmatch(r"file-[A-Za-z0-9]{22}", file.id)
    assert client("GET", f"/v1/files/{file.id}").json() == made
    page = client("GET", FILES).json()
    assert page == {"object": "list", "data": [made], "first_id": file.id, "last_id": file.id, "has_more": False}
    gone = client("DELETE", f"/v1/files/{file.id}").json()
    assert FileDeleted.model_validate(gone, strict=True).deleted


@pytest.mark.simulates("file-kept")
def test_a_file_is_processed_at_once_and_comes_back_as_it_was(openai_client: OpenAI, tmp_path: Path) -> None:
    binary = bytes(range(256)) * 40 + b"\r\n--boundary--\r\n"
    path = tmp_path / 'naïve "quoted" 日本.bin'
    path.write_bytes(binary)
    given: list[Any] = [path, ("x.bin", binary), ("x.bin", BytesIO(binary), "image/png"), BytesIO(binary), binary]
    for one in given:
        file = openai_client.files.create(file=one, purpose="vision")
        assert (file.bytes, file.status, file.purpose) == (len(binary), "processed", "vision")
        assert openai_client.files.wait_for_processing(file.id) == file
        assert openai_client.files.content(file.id).read() == binary
    names = [file.filename for file in openai_client.files.list(order="asc")]
    assert names[1:3] == ["x.bin", "x.bin"]
    assert "日本" in names[0]


def test_the_deprecated_method_gives_the_text(openai_client: OpenAI) -> None:
    file = openai_client.files.create(**NOTES)
    with pytest.warns(DeprecationWarning):
        assert openai_client.files.retrieve_content(file.id) == "some notes"


def test_a_download_is_bytes_and_says_so(openai_client: OpenAI, client: Ask) -> None:
    file = openai_client.files.create(**NOTES)
    reply = client("GET", f"/v1/files/{file.id}/content")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-length"] == "10"
    with openai_client.files.with_streaming_response.content(file.id) as stream:
        assert b"".join(stream.iter_bytes()) == b"some notes"


@pytest.mark.anyio
async def test_it_works_async_and_fifty_uploads_at_once_lose_nothing(api: Sandbox) -> None:
    async with AsyncOpenAI() as client:
        made = await asyncio.gather(
            *(client.files.create(file=(f"{n}.txt", f"file {n}".encode()), purpose="vision") for n in range(50))
        )
        contents = await asyncio.gather(*(client.files.content(file.id) for file in made))
        assert [content.text for content in contents] == [f"file {n}" for n in range(50)]
        listed = [file.id async for file in client.files.list()]
    assert len({file.id for file in made}) == 50
    assert set(listed) == {file.id for file in made}


def test_fifty_threads_lose_nothing_either() -> None:
    core = Core(seed=7)

    def upload(number: int) -> str:
        id: str = ask(core, "POST", FILES, **form(b"%d" % number, purpose="vision")).json()["id"]
        return id

    with ThreadPoolExecutor(50) as pool:
        ids = list(pool.map(upload, range(50)))
    kept = {file.id: file.content for file in store_of(core).files}
    assert [kept[id] for id in ids] == [b"%d" % number for number in range(50)]


@pytest.mark.simulates("file-kept")
def test_files_expire_after_the_time_asked_for_and_those_of_batches_after_thirty_days(
    sandbox: MakeSandbox, clock: Clock
) -> None:
    with sandbox(now=clock), OpenAI(max_retries=0) as client:
        stays = client.files.create(**NOTES)
        short = client.files.create(**NOTES, expires_after={"anchor": "created_at", "seconds": 3600})
        batch = client.files.create(file=("a.jsonl", ROW), purpose="batch")
        assert (stays.expires_at, short.expires_at) == (None, short.created_at + 3600)
        assert batch.expires_at == batch.created_at + 30 * DAY
        clock.time += 3599
        assert client.files.retrieve(short.id) == short
        clock.time += 1
        with pytest.raises(NotFoundError):
            client.files.retrieve(short.id)
        clock.time += 31 * DAY
        assert [file.id for file in client.files.list()] == [stays.id]


def test_pages_go_forward_from_a_cursor_in_both_orders_and_by_purpose(openai_client: OpenAI) -> None:
    for number in range(7):
        purpose: Any = "vision" if number % 2 else "assistants"
        openai_client.files.create(file=(f"{number}", b"x"), purpose=purpose)
    assert [file.filename for file in openai_client.files.list()] == list("6543210")
    page = openai_client.files.list(limit=3, order="asc")
    assert [file.filename for file in page.data] == list("012")
    assert page.has_next_page()
    assert [file.filename for file in page] == list("0123456")
    assert [file.filename for file in openai_client.files.list(limit=2, purpose="vision")] == list("531")
    assert not openai_client.files.list(purpose="evals").data


@pytest.mark.parametrize(
    ("query", "status", "code", "param"),
    [
        ("limit=0", 400, "integer_below_min_value", "limit"),
        ("limit=10001", 400, "integer_above_max_value", "limit"),
        ("limit=x", 400, "invalid_type", "limit"),
        ("order=up", 400, "invalid_value", "order"),
        ("after=file-no", 404, None, "id"),
    ],
)
def test_a_bad_query_is_refused(client: Ask, query: str, status: int, code: str | None, param: str) -> None:
    reply = client("GET", f"/v1/files?{query}")
    assert (reply.status_code, reply.json()["error"]["code"], reply.json()["error"]["param"]) == (status, code, param)


def test_an_unknown_or_deleted_file_is_not_found_on_every_route(openai_client: OpenAI, client: Ask) -> None:
    deleted = openai_client.files.create(**NOTES).id
    openai_client.files.delete(deleted)
    for id in ("file-no", deleted):
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/content")):
            reply = client(method, f"/v1/files/{id}{path}")
            assert reply.status_code == 404
            assert reply.json()["error"] == {
                "message": f"No such File object: {id}",
                "type": "invalid_request_error",
                "param": "id",
                "code": None,
            }
    assert client("POST", "/v1/files/file-no").json()["error"]["message"] == "Invalid URL (POST /v1/files/file-no)"


@pytest.mark.simulates("file-download")
def test_files_for_assistants_and_user_data_cannot_be_downloaded(openai_client: OpenAI) -> None:
    for purpose in ("assistants", "user_data"):
        file = openai_client.files.create(**NOTES | {"purpose": purpose})
        with pytest.raises(BadRequestError, match=f"Not allowed to download files of purpose: {purpose}"):
            openai_client.files.content(file.id)


def refusal(client: Ask, file: Any = ("a.txt", b"x"), **fields: Any) -> dict[str, Any]:
    files = {"file": file} if file else {"no": ("a.txt", b"x")}
    reply = client("POST", FILES, files=files, data={"purpose": "vision"} | fields)
    assert reply.status_code in (200, 400)
    error: dict[str, Any] = reply.json().get("error", {})
    return error


def test_a_bad_upload_is_refused(client: Ask) -> None:
    assert refusal(client) == {}
    assert refusal(client, file=None)["message"] == "'file' is a required property"
    assert refusal(client, purpose="batch")["message"] == "Invalid file format for Batch API. Must be .jsonl"
    for content in (b"", b"\n\n", b"{broken\n", b"\xff\xfe"):
        refused = refusal(client, file=("a.jsonl", content), purpose="batch")
        assert refused["message"] == "Invalid file format for Batch API. Must be .jsonl"
    assert refusal(client, file=("a.txt", b""))["message"] == "File is empty."
    unknown = refusal(client, purpose="vector_store")
    assert unknown["param"] == "purpose"
    assert unknown["message"] == (
        "'vector_store' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'"
    )
    assert refusal(client, purpose="evals")["code"] == "sandbox_unsupported"
    assert refusal(client, shape="round")["message"] == "Additional properties are not allowed ('shape' was unexpected)"
    reply = client("POST", FILES, files={"file": ("a.txt", b"x")})
    assert reply.json()["error"]["message"] == "'purpose' is a required property"
    reply = client("POST", FILES, files={"purpose": (None, "vision"), "file": (None, "text, not a file")})
    assert reply.json()["error"]["message"] == "'file' is a required property"


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"expires_after[seconds]": "3600"}, "missing_required_parameter", "expires_after.anchor"),
        ({"expires_after[anchor]": "created_at"}, "missing_required_parameter", "expires_after.seconds"),
        ({"expires_after": "soon"}, "invalid_type", "expires_after"),
        ({"anchor": "now", "seconds": "3600"}, "invalid_value", "expires_after.anchor"),
        ({"anchor": "created_at", "seconds": "soon"}, "invalid_type", "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": "9" * 5000}, "invalid_type", "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": "\u0663\u0666\u0660\u0660"}, "invalid_type", "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": "3599"}, "integer_below_min_value", "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": "2592001"}, "integer_above_max_value", "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": "3600", "zone": "x"}, "unknown_parameter", "expires_after.zone"),
    ],
)
def test_a_bad_lifetime_is_refused(client: Ask, fields: dict[str, str], code: str, param: str) -> None:
    named = {name if "expires" in name else f"expires_after[{name}]": value for name, value in fields.items()}
    refused = refusal(client, **named)
    assert (refused["code"], refused["param"]) == (code, param)


def test_the_journal_keeps_fields_names_and_sizes_but_not_the_bytes(openai_client: OpenAI, api: Sandbox) -> None:
    openai_client.files.create(
        file=("secret.txt", b"nobody may read this"),
        purpose="vision",
        expires_after={"anchor": "created_at", "seconds": 3600},
    )
    assert api.requests[-1].body == {
        "purpose": "vision",
        "expires_after": {"anchor": "created_at", "seconds": "3600"},
        "file": {"filename": "secret.txt", "bytes": 20},
    }
    assert "nobody" not in repr(api.requests)


def test_the_oldest_files_are_dropped_where_there_are_too_many_or_too_many_bytes() -> None:
    kept: Bounded[StoredFile] = Bounded(most=3, most_bytes=10)

    def file(id: str, size: int) -> StoredFile:
        return StoredFile(id, 0, "a", "vision", b"x" * size, charge=Charge(kept.ledger, size))

    for id in "abcd":
        kept.add(file(id, 2))
    assert [one.id for one in kept] == list("bcd")
    kept.add(file("e", 7))
    assert ([one.id for one in kept], kept.ledger.size) == (["d", "e"], 9)
    assert kept.delete("e")
    assert not kept.delete("e")
    assert kept.ledger.size == 2
    kept.add(file("f", 99))
    assert ([one.id for one in kept], kept.ledger.size) == (["f"], 99)


def test_a_file_larger_than_all_that_is_kept_is_refused(openai_client: OpenAI, api: Sandbox) -> None:
    store_of(api).files.most_bytes = 9
    with pytest.raises(Exception, match="keeps at most 9 bytes of files, but this file has 10") as caught:
        openai_client.files.create(**NOTES)
    assert getattr(caught.value, "status_code", None) == 413
    assert not list(openai_client.files.list())


def test_a_file_larger_than_a_request_may_be_is_taken(openai_client: OpenAI) -> None:
    content = b'{"custom_id": "1"}\n' * 632_000
    file = openai_client.files.create(file=("large.jsonl", content), purpose="batch")
    assert file.bytes == len(content) > 12_000_000
    assert openai_client.files.content(file.id).read() == content
