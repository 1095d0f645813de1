"""What was recorded of an API is answered again: by a sandbox that knows nothing but the cassette."""

import asyncio
import io
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.transport import SandboxTransport
from openai_sandbox.wire.messages import Reply, Request

from ...good_requests import COMPLETION, KEY, RESPONSE, RESPONSES, SMALL
from ..client import MakeSandbox, Served, ask, reply_of, watch, whole
from .recorded import Calls, exchange, exchanges, record, replay, write


def plain(client: OpenAI) -> Any:
    return client.responses.create(**RESPONSE), client.chat.completions.create(**COMPLETION)


def streams(client: OpenAI) -> Any:
    events = list(client.responses.create(**RESPONSE, stream=True))
    return events, list(client.chat.completions.create(**COMPLETION, stream=True))


def refused(client: OpenAI) -> Any:
    said = []
    for model in ("gpt-nope", 7):
        with pytest.raises(openai.BadRequestError) as caught:
            client.responses.create(**RESPONSE | {"model": model})
        said.append((caught.value.body, caught.value.request_id))
    with pytest.raises(openai.NotFoundError) as missing:
        client.responses.retrieve("resp_nope")
    return said, missing.value.body


def files(client: OpenAI) -> Any:
    uploaded = client.files.create(file=("a.jsonl", io.BytesIO(b'{"a": 1}\n')), purpose="batch")
    picture = client.files.create(file=("a.png", b"\x89PNG\xff\x00"), purpose="user_data")
    contents = [client.files.content(uploaded.id).read()]
    return uploaded, picture, contents, client.files.list().data, client.files.delete(picture.id)


def embeddings(client: OpenAI) -> Any:
    base64 = client.embeddings.create(**SMALL, input=["Hi", "Hello"])
    return base64.data, client.embeddings.create(**SMALL, input="Hi", encoding_format="float").data


def background(client: OpenAI) -> Any:
    response = client.responses.create(**RESPONSE, background=True)
    seen = [response.status]
    while response.status in ("queued", "in_progress"):
        response = client.responses.retrieve(response.id)
        seen.append(response.status)
    return seen, response.output_text


def paged(client: OpenAI) -> Any:
    return [model.id for model in client.models.list()]


@pytest.mark.simulates("replay")
@pytest.mark.parametrize("calls", [plain, streams, refused, files, embeddings, background, paged])
def test_what_was_recorded_is_answered_again(calls: Calls, tmp_path: Path) -> None:
    cassette = tmp_path / "a.json"
    then, back = record(cassette, calls)
    assert len(exchanges(cassette)) == len(back.requests) > 0
    assert replay(cassette, calls) == then


def test_the_async_client_gets_it_too(tmp_path: Path) -> None:
    cassette = tmp_path / "a.json"
    then, _ = record(cassette, lambda client: client.responses.create(**RESPONSE).id)

    async def call() -> str:
        async with openai.AsyncOpenAI() as client:
            return str((await client.responses.create(**RESPONSE)).id)

    with Sandbox(replay=cassette):
        assert asyncio.run(call()) == then


def test_retries_are_recorded_and_replayed_one_by_one(tmp_path: Path) -> None:
    def calls(client: OpenAI) -> Any:
        return client.responses.create(**RESPONSE)

    cassette = tmp_path / "a.json"
    then, back = record(cassette, calls, "rate_limit x2 retry_after_ms=1")
    assert [one.status for one in back.requests] == [429, 429, 200]
    assert [one["response"]["status"] for one in exchanges(cassette)] == [429, 429, 200]
    with Sandbox(replay=cassette) as api, OpenAI() as client:
        assert calls(client) == then
    assert [one.status for one in api.requests] == [429, 429, 200]


@pytest.mark.simulates("replay")
@pytest.mark.parametrize("fault", ["cut_stream", "cut_stream after=3", "end_early after=4", "end_early"])
def test_a_fault_that_breaks_an_answer_is_in_front_of_recording_and_replaying(fault: str, tmp_path: Path) -> None:
    def calls(client: OpenAI) -> list[str]:
        arrived: list[str] = []
        try:
            arrived.extend(event.type for event in client.responses.create(**RESPONSE, stream=True))
        except openai.APIConnectionError:
            arrived.append("broken")
        return arrived

    cassette = tmp_path / "a.json"
    with (
        Sandbox(set_environment=False, seed=7) as back,
        Sandbox(fault, upstream=back.base_url, record=cassette),
        OpenAI() as client,
    ):
        then = calls(client)
    assert "response.completed" not in then
    assert exchanges(cassette)[0]["response"]["events"][-1]["event"] == "response.completed"  # all of it
    if "after" in fault:
        assert replay(cassette, calls, faults=fault) == then
    assert replay(cassette, calls)[-1] == "response.completed"


@pytest.mark.simulates("replay")
def test_a_fault_with_an_answer_of_its_own_comes_before_a_recording(tmp_path: Path) -> None:
    cassette = write(tmp_path / "a.json", exchange(RESPONSE, {"id": "resp_recorded"}))
    with Sandbox("rate_limit retry_after_ms=1", replay=cassette) as api, OpenAI() as client:
        assert client.responses.create(**RESPONSE).id == "resp_recorded"
    assert [(one.status, one.fault) for one in api.requests] == [(429, "rate_limit"), (200, None)]


@pytest.mark.simulates("replay")
def test_rate_limits_apply_to_a_replay(tmp_path: Path) -> None:
    cassette = write(tmp_path / "a.json", exchange(RESPONSE, {"id": "resp_1"}))
    reply = ask(Core(replay=cassette, tier=1), "POST", RESPONSES, json=RESPONSE)
    assert reply.json() == {"id": "resp_1"}
    assert "x-ratelimit-limit-requests" in reply.headers


@pytest.mark.simulates("replay")
def test_a_reply_says_that_it_was_replayed_and_any_key_will_do(tmp_path: Path) -> None:
    cassette = write(tmp_path / "a.json", exchange(RESPONSE, {}))
    reply = ask(Core(replay=cassette), "POST", RESPONSES, json=RESPONSE, headers={})
    assert (reply.status_code, reply.headers["x-sandbox"]) == (200, "replay")


def test_a_stream_that_the_upstream_broke_off_breaks_off_again(tmp_path: Path) -> None:
    def calls(client: OpenAI) -> int:
        count = 0
        with pytest.raises(openai.APIConnectionError):
            for _ in client.responses.create(**RESPONSE, stream=True):
                count += 1
        return count

    cassette = tmp_path / "a.json"
    then, _ = record(cassette, calls, "cut_stream after=3")
    assert exchanges(cassette)[0]["response"]["ending"] == "cut"
    assert replay(cassette, calls) == then == 3


def test_a_plain_answer_that_the_upstream_broke_off_breaks_off_again(tmp_path: Path) -> None:
    def calls(client: OpenAI) -> None:
        with pytest.raises(openai.APIConnectionError):
            client.with_options(max_retries=0).responses.create(**RESPONSE)

    record(tmp_path / "a.json", calls, "cut_stream")
    replay(tmp_path / "a.json", calls)


def test_of_a_stream_that_its_reader_left_the_beginning_is_recorded(tmp_path: Path) -> None:
    def calls(client: OpenAI) -> list[str]:
        with client.responses.create(**RESPONSE, stream=True) as stream:
            return [event.type for event, _ in zip(stream, range(4), strict=False)]

    cassette = tmp_path / "a.json"
    with (
        Sandbox("ok latency=0", set_environment=False, latency="realistic") as back,
        Sandbox(upstream=back.base_url, record=cassette),
        OpenAI() as client,
    ):
        then = calls(client)
    assert replay(cassette, calls) == then


STREAM = [{"after": 0.0, "json": {"n": 0}}, {"after": 0.25, "json": {"n": 1}}, {"after": 0.5, "data": "[DONE]"}]


def streamed(folder: Path) -> Path:
    answer = {"status": 200, "after": 0.125, "headers": {"content-type": "text/event-stream"}, "events": STREAM}
    request = {"method": "POST", "path": RESPONSES, "json": RESPONSE}
    return write(folder / "a.json", {"request": request, "response": answer})


@pytest.mark.simulates("replay-times")
@pytest.mark.parametrize(
    ("latency", "first", "between"),
    [(None, 0.0, [0.0, 0.0, 0.0]), ("realistic", 0.125, [0.0, 0.25, 0.5]), (0.3, 0.3, [0.0, 0.0, 0.0])],
)
def test_a_stream_comes_at_once_or_with_the_recorded_gaps(
    tmp_path: Path, latency: Any, first: float, between: list[float]
) -> None:
    core = Core(replay=streamed(tmp_path), latency=latency)
    reply = reply_of(core, Request("POST", RESPONSES, KEY, json.dumps(RESPONSE).encode()))
    assert not isinstance(reply.body, bytes)
    pieces = list(reply.body)
    assert reply.delay == first
    assert [delay for delay, _ in pieces] == between
    assert b"".join(piece for _, piece in pieces) == (b'data: {"n":0}\n\ndata: {"n":1}\n\ndata: [DONE]\n\n')


def test_gaps_of_a_stream_are_recorded(tmp_path: Path) -> None:
    def calls(client: OpenAI) -> float:
        started = time.monotonic()
        list(client.responses.create(**RESPONSE | {"reasoning": {"effort": "none"}}, stream=True))
        return time.monotonic() - started

    cassette = tmp_path / "a.json"
    with (
        Sandbox(set_environment=False, latency="realistic", seed=7) as back,
        Sandbox(upstream=back.base_url, record=cassette),
        OpenAI() as client,
    ):
        took = calls(client)
    (found,) = exchanges(cassette)
    gaps = [event["after"] for event in found["response"]["events"]]
    assert found["response"]["after"] >= 0.4
    assert sum(gap >= 0.01 for gap in gaps) > 3
    assert found["response"]["after"] + sum(gaps) <= took


def test_recording_does_not_keep_a_stream_back(
    sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended = threading.Event()

    def watch_the_end(reply: Reply) -> None:
        body = reply.body
        assert not isinstance(body, bytes)

        def pieces() -> Iterator[tuple[float, bytes]]:
            yield from body
            ended.set()

        reply.body = pieces()

    with sandbox(latency="realistic", set_environment=False) as back:
        watch(back, monkeypatch, watch_the_end)
        with (
            Sandbox(upstream=back.base_url, record=tmp_path / "a.json"),
            OpenAI(max_retries=0) as client,
            client.responses.create(**RESPONSE, stream=True) as stream,
        ):
            assert next(iter(stream)).type == "response.created"
            assert not ended.is_set()


def test_curl_gets_what_python_recorded(tmp_path: Path, served: Served) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    cassette = tmp_path / "a.json"
    then, _ = record(cassette, lambda client: client.responses.create(**RESPONSE).output_text)
    base_url, _server = served("--replay", str(cassette))
    command = ["curl", "-s", "-d", json.dumps(RESPONSE), f"{base_url}/responses"]
    assert then in subprocess.run(command, capture_output=True, text=True, check=True).stdout


NODE = """
import OpenAI, { toFile } from "openai";
const client = new OpenAI();
const said = [(await client.responses.create({ model: "gpt-6-luna", input: "Say hello" })).output_text];
for await (const event of await client.responses.create({ model: "gpt-6-luna", input: "Say hello", stream: true }))
  said.push(event.type);
said.push((await client.files.create({ file: await toFile(Buffer.from("hello"), "a.txt"), purpose: "user_data" })).id);
said.push((await client.embeddings.create({ model: "text-embedding-3-small", input: "Hi" })).data[0].embedding[0]);
console.log(JSON.stringify(said));
"""


def test_node_records_and_gets_it_again_and_python_does_too(tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node or not (ROOT / "node_modules" / "openai").is_dir():
        pytest.skip("Node or its openai package is not installed")

    def calls(_: OpenAI) -> str:
        command = [node, "--input-type=module", "--eval", NODE]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    cassette = tmp_path / "a.json"
    then, _back = record(cassette, calls)
    assert len(exchanges(cassette)) == 4
    assert replay(cassette, calls) == then

    def in_python(client: OpenAI) -> list[Any]:
        said: list[Any] = [client.responses.create(**RESPONSE).output_text]
        said += [event.type for event in client.responses.create(**RESPONSE, stream=True)]
        said.append(client.files.create(file=("b.txt", b"hello"), purpose="user_data").id)
        return [*said, client.embeddings.create(**SMALL, input="Hi").data[0].embedding[0]]

    assert replay(cassette, in_python) == json.loads(then)


def test_the_transport_without_a_server_replays(tmp_path: Path) -> None:
    cassette = tmp_path / "a.json"
    then, _ = record(cassette, streams)
    http = httpx2.Client(transport=SandboxTransport(Core(replay=cassette)))
    with OpenAI(http_client=http) as client:
        assert streams(client) == then


def test_a_body_that_is_no_json_is_replayed(tmp_path: Path) -> None:
    sent = {"method": "POST", "path": "/v1/x", "text": "a=1"}
    answer = {"status": 200, "after": 0.0, "headers": {"content-type": "audio/mpeg"}, "base64": "//s="}
    cassette = write(tmp_path / "a.json", {"request": sent, "response": answer})
    reply = whole(reply_of(Core(replay=cassette), Request("POST", "/v1/x", {}, b"a=1")))
    assert (reply.content, reply.headers["content-type"]) == (b"\xff\xfb", "audio/mpeg")
