"""Forms, which files are uploaded in: what is read from one, and what is not a form."""

import pytest

from openai_sandbox.wire.form import read

from ...good_requests import EMBEDDINGS, FILES, KEY
from ..client import Ask


@pytest.mark.parametrize(
    ("content_type", "body", "message"),
    [
        ("multipart/form-data", b"--x--", "Could not parse multipart form"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--", "Could not parse multipart form"),
        ("multipart/form-data; boundary=x", b"", "Could not parse multipart form"),
        ("multipart/form-data; boundary=x", b"no boundary", "Could not parse multipart form"),
        ("multipart/form-data; boundary=x", b"--x\r\nbad header\r\n\r\n--x--", "Could not parse multipart form"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\ncut off',
            "Could not parse multipart form",
        ),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nnameless\r\n--x--\r\n", "'file' is a required property"),
        ("application/json", b'{"purpose": "vision"}', "'file' is a required property"),
        ("multipart/form-dataXX; boundary=x", b"--x--\r\n", "We could not parse the JSON body of your request."),
        ("text/plain", b"hello", "We could not parse the JSON body of your request."),
    ],
)
def test_what_is_no_form_is_refused(client: Ask, content_type: str, body: bytes, message: str) -> None:
    reply = client("POST", FILES, content=body, headers=KEY | {"content-type": content_type})
    assert reply.status_code == 400
    assert reply.json()["error"]["message"].startswith(message)


def test_a_form_sent_to_an_endpoint_that_takes_json_is_refused(client: Ask) -> None:
    reply = client("POST", EMBEDDINGS, files={"file": ("a", b"x")}, data={"model": "text-embedding-3-small"})
    assert reply.status_code == 400
    assert "could not parse the JSON body" in reply.json()["error"]["message"]


def test_a_form_field_can_be_part_of_an_object_and_the_last_of_a_name_counts() -> None:
    def part(name: str, value: str) -> bytes:
        return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()

    body = part("a[b]", "1") + part("a[c]", "2") + part("d", "3") + part("d", "4") + part("d[e]", "5") + b"--b--\r\n"
    read_form = read('multipart/form-data; boundary="b"', body)
    assert read_form
    assert read_form.fields == {"a": {"b": "1", "c": "2"}, "d": {"e": "5"}}
    assert read("application/json", body) is None
