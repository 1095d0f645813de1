"""No key, no cookie and no id of an account gets into a cassette, however it is dressed up."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from openai_sandbox import Sandbox
from openai_sandbox.cassettes.messages import Sent, of_request
from openai_sandbox.cassettes.recorder import Recorder
from openai_sandbox.cassettes.scrubbing import Scrubber
from openai_sandbox.wire.messages import Request

from ...good_requests import RESPONSE, RESPONSES, form
from ..client import ask
from .recorded import exchanges

KEY = "sk-proj-" + "Q7xk2ZbWm9Lr4TnV" * 4 + "_A-9"
PLAIN = "correct-horse-7-battery"  # a credential that looks like nothing
ORGANIZATION, PROJECT, MEMBER = (
    "org-a1B2c3D4e5F6g7H8i9J0k1L2",
    "proj_Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2",
    "user-m1N2b3V4c5X6z7L8k9J0h1G2",
)
MINE = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def say(text: str) -> dict[str, Any]:
    return {"json": RESPONSE | {"input": text}}


# Where and how secrets are sent.
SENT: dict[str, dict[str, Any]] = {
    "authorization": {},
    "a key of another shape": {"headers": MINE | {"authorization": f"Bearer {PLAIN}"}, **say(f"I am {PLAIN}")},
    "without Bearer": {"headers": MINE | {"authorization": PLAIN}, **say(PLAIN)},
    "basic": {"headers": MINE | {"authorization": f"Basic {packed(f'me:{PLAIN}')}"}, **say(PLAIN)},
    "api-key": {"headers": MINE | {"api-key": PLAIN}, **say(f"key={PLAIN}")},
    "a header of any name": {"headers": MINE | {"x-gateway-token": PLAIN, "x-note": KEY}},
    "cookie": {"headers": MINE | {"cookie": f"session={PLAIN}"}},
    "organization": {"headers": MINE | {"openai-organization": ORGANIZATION}, **say(f"of {ORGANIZATION}")},
    "organization by name": {"headers": MINE | {"openai-organization": "acme-corp-1"}, **say("acme-corp-1")},
    "project": {"headers": MINE | {"openai-project": PROJECT}, **say(f"of {PROJECT}.")},
    "ids in a text": say(f"{ORGANIZATION}, {PROJECT} and {MEMBER}"),
    "prompt": say(f"My key is {KEY}."),
    "escaped": {"content": b'{"input": "\\u0073%b"}' % KEY[1:].encode()},
    "in the name of a member": {"json": RESPONSE | {"metadata": {KEY: "1"}}},
    "a member that is a secret": {"json": RESPONSE | {"tools": [{"type": "mcp", "authorization": PLAIN}]}},
    "headers of an MCP server": {"json": RESPONSE | {"tools": [{"type": "mcp", "headers": {"X-My-Key": PLAIN}}]}},
    "JSON in a text": say(json.dumps({"password": PLAIN, "again": f"it is {PLAIN}"})),
    "JSON in JSON in a text": say(json.dumps({"a": json.dumps({"client_secret": PLAIN})})),
    "base64": say(packed(f"the key is {KEY}, do not tell")),
    "a data URL": say(f"data:text/plain;base64,{packed(f'OPENAI_API_KEY={KEY} # mine')}"),
    "percent": say(f"https://x.test/?u={quote(f'{KEY} ', safe='')}".replace("-", "%2D")),
    "query": {"path": f"{RESPONSES}?api_key={PLAIN}&k={KEY}"},
    "path": {"path": f"/v1/responses/{KEY}/cancel"},
    "encoded path": {"path": f"/v1/responses/{quote(KEY).replace('-', '%2D')}"},
    "Bearer in a text": say(f"curl -H 'Authorization: Bearer {PLAIN}'"),
    "webhook secret": say(f"whsec_{'a1b2c3d4' * 4}{KEY}"),
    "no JSON": {"content": f"key: {KEY}\nanother: {KEY}".encode()},
    "no text": {"content": b"\xff\xfe" + KEY.encode() + b"\x00"},
    "field of a form": form(b"x", password=PLAIN, note=KEY),
    "file of a form": form(f"KEY={KEY}\n".encode(), purpose="batch"),
    "file with lines of JSON": form(
        "\n".join(json.dumps({"body": {"api_key": PLAIN, "n": n}}) for n in (1, 2)).encode(), purpose="batch"
    ),
    "file that is no text": form(b"\xff\xd8" + KEY.encode() + b"\x00", purpose="batch"),
    "name of a file": form(b"x", filename=f"{KEY}.txt"),
}
SECRETS = (KEY[8:-4], PLAIN, ORGANIZATION, PROJECT, MEMBER, "acme-corp-1", packed(KEY)[4:-4])


@pytest.fixture
def back() -> Iterator[Sandbox]:
    with Sandbox(set_environment=False, contract=True) as api:
        yield api


def decoded(text: str) -> str:
    """Return a text, and all that it says in base64."""
    found = [text]
    for word in text.replace('"', " ").replace(",", " ").split():
        try:
            found.append(base64.b64decode(word).decode("latin-1"))
        except ValueError:
            continue
    return " ".join(found)


@pytest.mark.simulates("scrubbed")
@pytest.mark.parametrize("disguise", SENT)
def test_nothing_secret_that_was_sent_is_in_the_file(disguise: str, back: Sandbox, tmp_path: Path) -> None:
    options = {"path": RESPONSES, "headers": MINE} | SENT[disguise]
    if not {"json", "content"} & options.keys():
        options["json"] = RESPONSE
    cassette = tmp_path / "a.json"
    with Sandbox(upstream=back.base_url, record=cassette) as front:
        ask(front, "POST", options.pop("path"), headers=MINE | options.pop("headers"), **options)
    written = decoded(cassette.read_text("utf-8"))
    assert [secret for secret in SECRETS if secret in written] == []
    assert len(exchanges(cassette)) == 1


@pytest.mark.parametrize("disguise", SENT)
def test_what_was_scrubbed_is_found_again_though_the_secret_is_another(disguise: str) -> None:
    options = {"path": RESPONSES, "headers": MINE} | SENT[disguise]
    content = options.get("content") or json.dumps(options.get("json", RESPONSE)).encode()

    def scrubbed(change: Any) -> Sent:
        where, _, query = change(options["path"]).partition("?")
        headers = {name: change(value) for name, value in (MINE | options["headers"]).items()}
        body = change(content.decode("latin-1")).encode("latin-1")
        request = Request("POST", where, headers, body, query)
        return Scrubber().request(of_request(request), headers)

    once = scrubbed(str)
    assert Scrubber().request(once, {}) == once
    other = "another-5-credential"
    pairs = {packed(f"me:{PLAIN}"): packed(f"me:{other}"), PLAIN: other, KEY: f"{KEY}B"}

    def change(text: str) -> str:
        for old, new in pairs.items():
            text = text.replace(old, new)
        return text

    assert scrubbed(change) == once


def test_a_request_without_secrets_stays_as_it_is() -> None:
    texts = [
        "org-mode and user-defined names",
        "sk-learn",
        "Bearer of news",
        "data:image/png;base64,iVBORw0KGgo=",
        "a%20b",
        '{"token": "Hello", "max_output_tokens": 5}',
        "task-force and risk-assessment-of-the-year",
        "",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    ]
    body = RESPONSE | {"input": texts, "text": {"format": {"schema": {"properties": {"password": {"type": "string"}}}}}}
    sent: Sent = {
        "method": "POST",
        "path": "/v1/responses/resp_1/input_items",
        "query": "limit=2&after=a",
        "json": body,
    }
    assert Scrubber().request(sent, {}) == sent


def answered(tmp_path: Path, body: bytes, headers: dict[str, str], sent: Request) -> str:
    """Record an answer, and return the file's text."""
    recorder = Recorder(tmp_path / "a.json", Scrubber())
    take = recorder.begin(sent)
    take.answered(200, [(name.encode(), value.encode()) for name, value in headers.items()])
    for start in range(0, len(body), 7):
        take.piece(body[start : start + 7])
    take.end()
    return (tmp_path / "a.json").read_text("utf-8")


ASKED = Request("POST", RESPONSES, MINE, json.dumps(RESPONSE).encode())


@pytest.mark.simulates("scrubbed")
@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"message": f"Rate limit reached in organization {ORGANIZATION} for {PROJECT}"}},
        {"output": [{"text": f"You said {KEY}"}]},
        {"client_secret": {"value": f"ek_{KEY[8:]}"}},
        {"value": KEY, "owner": {"id": MEMBER}},
        {"redacted": False, "api_key": PLAIN},
    ],
)
def test_nothing_secret_that_was_answered_is_in_the_file(answer: Any, tmp_path: Path) -> None:
    text = answered(tmp_path, json.dumps(answer).encode(), {"content-type": "application/json"}, ASKED)
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.simulates("scrubbed")
def test_headers_of_an_answer_that_name_the_account_are_scrubbed_and_request_ids_stay(tmp_path: Path) -> None:
    headers = {
        "content-type": "application/json",
        "openai-organization": "acme-corp-1",
        "openai-project": PROJECT,
        "set-cookie": f"__cf_bm={PLAIN}",
        "x-auth-token": PLAIN,
        "x-request-id": "req_123",
        "x-echo": f"of {MEMBER}",
        "x-ratelimit-limit-tokens": "30000",
    }
    text = answered(tmp_path, b'{"message": "acme-corp-1 has no credit"}', headers, ASKED)
    assert [secret for secret in SECRETS if secret in text] == []
    kept = exchanges(tmp_path / "a.json")[0]["response"]["headers"]
    assert (kept["x-request-id"], kept["x-ratelimit-limit-tokens"]) == ("req_123", "30000")
    assert "acme" not in text


def frames(*events: dict[str, Any]) -> bytes:
    return b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in events)


def chunk(text: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}}]}


def arguments(text: str) -> dict[str, Any]:
    return {"type": "response.function_call_arguments.delta", "item_id": "fc_1", "output_index": 0, "delta": text}


@pytest.mark.simulates("scrubbed")
@pytest.mark.parametrize("size", [1, 3, 5, 16, 200])
@pytest.mark.parametrize("event", [chunk, arguments])
@pytest.mark.parametrize("text", [f"Your key is {KEY}, right?", f"{ORGANIZATION} and {KEY} {MEMBER}"])
def test_a_secret_that_is_spread_over_events_is_found(tmp_path: Path, size: int, event: Any, text: str) -> None:
    pieces = [event(text[start : start + size]) for start in range(0, len(text), size)]
    written = answered(tmp_path, frames(*pieces), {"content-type": "text/event-stream"}, ASKED)
    events = exchanges(tmp_path / "a.json")[0]["response"]["events"]
    assert len(events) == len(pieces)
    whole = "".join(
        one["json"]["delta"] if "delta" in one["json"] else one["json"]["choices"][0]["delta"]["content"]
        for one in events
    )
    expected = text.replace(KEY, "scrubbed").replace(ORGANIZATION, "org-scrubbed").replace(MEMBER, "user-scrubbed")
    assert whole == expected
    assert [secret for secret in SECRETS if secret in written] == []


def test_a_secret_argument_of_a_call_is_scrubbed_in_its_pieces_too(tmp_path: Path) -> None:
    text = json.dumps({"user": "me", "password": PLAIN})
    done = {"type": "response.function_call_arguments.done", "item_id": "fc_1", "output_index": 0, "arguments": text}
    pieces = [arguments(text[start : start + 3]) for start in range(0, len(text), 3)]
    answered(tmp_path, frames(*pieces, done), {"content-type": "text/event-stream"}, ASKED)
    events = exchanges(tmp_path / "a.json")[0]["response"]["events"]
    assert "".join(one["json"].get("delta", "") for one in events) == text.replace(PLAIN, "scrubbed")
    assert json.loads(events[-1]["json"]["arguments"]) == {"user": "me", "password": "scrubbed"}


def test_texts_of_two_choices_are_kept_apart(tmp_path: Path) -> None:
    events = [{"choices": [{"index": index % 2, "delta": {"content": "ab"[index % 2]}}]} for index in range(4)]
    answered(tmp_path, frames(*events), {"content-type": "text/event-stream"}, ASKED)
    assert [one["json"] for one in exchanges(tmp_path / "a.json")[0]["response"]["events"]] == events


@pytest.mark.simulates("scrubbed")
def test_what_else_is_secret_is_named_by_a_pattern_and_taken_out_of_both(back: Sandbox, tmp_path: Path) -> None:
    cassette = tmp_path / "a.json"
    with Sandbox(upstream=back.base_url, record=cassette, scrub=r"customer \d+") as front:
        said = ask(front, "POST", RESPONSES, json=RESPONSE | {"input": "I am customer 4711"}).json()
    assert "4711" not in cassette.read_text("utf-8")
    with Sandbox(replay=cassette, scrub=[r"customer \d+"]) as api:
        again = ask(api, "POST", RESPONSES, json=RESPONSE | {"input": "I am customer 42"})
    assert again.json()["id"] == said["id"]


def test_a_pattern_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match=r"scrub: '\(' is not a regular expression"):
        Sandbox(replay=[], scrub="(")
