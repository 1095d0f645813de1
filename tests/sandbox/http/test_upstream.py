"""A sandbox in front of another server. Here that server is a second sandbox, which answers as a real one would."""

import http.client
import json
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.core import Reply, Request
from openai_sandbox.http.address import API_KEY
from openai_sandbox.http.upstream import Upstream
from openai_sandbox.stages.latency import Latency
from openai_sandbox.stages.rate_limit import RateLimit
from openai_sandbox.wire.events import Events

from ...good_requests import MODELS, RESPONSE, RESPONSES
from ..client import MakeSandbox, Served, ask, watch

THEIR_KEY = "sk-sandbox-" + "Q7xk2ZbWm9Lr4TnV" * 3
HIDDEN = THEIR_KEY[8:-4]
MINE = {"authorization": f"Bearer {THEIR_KEY}"}


@pytest.fixture
def back(sandbox: MakeSandbox) -> Iterator[Sandbox]:
    """The upstream."""
    with sandbox(set_environment=False) as api:
        yield api


def post(api: Sandbox, **options: Any) -> httpx2.Response:
    """Ask for a response with the key of another server."""
    given: dict[str, Any] = {"headers": MINE} | options
    return ask(api, "POST", RESPONSES, **given if "content" in given else {"json": RESPONSE} | given)


@pytest.mark.simulates("upstream")
def test_the_upstream_answers_and_the_reply_says_so(back: Sandbox) -> None:
    with Sandbox(upstream=back.base_url) as front, OpenAI() as client:
        reply = client.responses.with_raw_response.create(**RESPONSE)
        assert reply.headers["x-sandbox"] == "upstream"
        assert client.responses.retrieve(reply.parse().id).output_text == reply.parse().output_text
        for api in (front, back):
            assert [(one.method, one.status) for one in api.requests] == [("POST", 200), ("GET", 200)]
            assert api.requests[0].body == RESPONSE


def test_a_reply_comes_through_as_it_was_sent(sandbox: MakeSandbox) -> None:
    for body in (RESPONSE, RESPONSE | {"stream": True}):
        with sandbox(set_environment=False) as back:
            direct = post(back, json=body)
        with sandbox(set_environment=False) as back, Sandbox(upstream=back.base_url) as front:
            passed_on = post(front, json=body)
        assert passed_on.content == direct.content
        changing = {"x-sandbox", "openai-processing-ms"}
        for name in direct.headers.keys() - changing:
            assert passed_on.headers[name] == direct.headers[name]
        assert passed_on.headers.keys() == direct.headers.keys()


@pytest.mark.simulates("upstream")
def test_the_clients_key_reaches_the_upstream_and_nothing_else(
    back: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    seen = watch(back, monkeypatch)
    with caplog.at_level(logging.DEBUG), Sandbox(upstream=back.base_url) as front:
        ask_silently(front, "POST", f"/v1/responses?api_key={THEIR_KEY}")
        ask_silently(front, "GET", f"/v1/responses/{THEIR_KEY}")
    assert seen[0].headers["authorization"] == f"Bearer {THEIR_KEY}"
    assert seen[0].query == f"api_key={THEIR_KEY}"
    assert seen[1].path == f"/v1/responses/{THEIR_KEY}"
    assert len(caplog.records) > 0  # httpx2 does log
    for shown in (repr(front.requests), caplog.text, *capfd.readouterr()):
        assert HIDDEN not in shown


def ask_silently(api: Sandbox, method: str, path: str) -> None:
    """Send a request with a client that logs nothing and knows no proxy by itself, unlike httpx2."""
    with closing(http.client.HTTPConnection(api.base_url.split("/")[2], timeout=30)) as connection:
        connection.request(method, path, b"{}", MINE)
        connection.getresponse().read()


@pytest.mark.simulates("upstream-faults")
@pytest.mark.parametrize(
    ("fault", "exception"),
    [
        ("rate_limit", openai.RateLimitError),
        ("bad_key", openai.AuthenticationError),
        ("server_error", openai.InternalServerError),
        ("http_error status=409", openai.ConflictError),
        ("malformed_json", json.JSONDecodeError),
        ("timeout", openai.APITimeoutError),
        ("connection_drop", openai.APIConnectionError),
    ],
)
def test_a_fault_comes_before_the_upstream(back: Sandbox, fault: str, exception: type[Exception]) -> None:
    with Sandbox(fault, upstream=back.base_url) as front, OpenAI(max_retries=0, timeout=0.5) as client:
        with pytest.raises(exception):
            client.models.list()
        assert not back.requests
        client = client.with_options(timeout=30)
        assert client.models.list().data
        assert [one.fault for one in front.requests] == [fault.split()[0], None]


def test_a_stream_of_the_upstream_can_end_early(back: Sandbox) -> None:
    with Sandbox("end_early after=3; end_early; end_early", upstream=back.base_url) as front, OpenAI() as client:
        assert len(list(client.responses.create(**RESPONSE, stream=True))) == 3
        halfway = [event.type for event in client.responses.create(**RESPONSE, stream=True)]
        assert "response.completed" not in halfway
        assert client.responses.create(**RESPONSE).output_text
        assert [one.fault for one in front.requests] == ["end_early"] * 3
    assert len(back.requests) == 3


def test_an_unverified_organization_still_gets_whole_answers_of_the_upstream(back: Sandbox) -> None:
    with Sandbox("organization_unverified x2", upstream=back.base_url) as front:
        refused, answered = post(front, json=RESPONSE | {"stream": True}), post(front)
    assert [reply.headers["x-sandbox"] for reply in (refused, answered)] == ["1", "upstream"]
    assert (refused.status_code, answered.status_code) == (400, 200)
    assert len(back.requests) == 1


def test_a_refusal_is_the_sandboxs_own_answer(back: Sandbox) -> None:
    with Sandbox("refusal", upstream=back.base_url) as front:
        refused, answered = post(front), post(front)
    assert [reply.headers["x-sandbox"] for reply in (refused, answered)] == ["1", "upstream"]
    assert '"refusal"' in refused.text
    assert len(back.requests) == 1


def test_faults_are_retried_against_the_upstream(back: Sandbox) -> None:
    with Sandbox("rate_limit x2 retry_after_ms=1", upstream=back.base_url) as front, OpenAI() as client:
        assert client.responses.create(**RESPONSE).output_text
    assert [one.status for one in front.requests] == [429, 429, 200]
    assert [one.status for one in back.requests] == [200]


@pytest.mark.simulates("upstream-faults")
@pytest.mark.parametrize("slow", [{"latency": 0.3}, {"faults": "ok latency=0.3"}])
def test_latency_comes_on_top(back: Sandbox, slow: dict[str, Any]) -> None:
    with Sandbox(upstream=back.base_url, **slow) as front:
        started = time.monotonic()
        assert post(front).status_code == 200
    assert time.monotonic() - started >= 0.3


def events(client: OpenAI) -> Iterator[str]:
    """Yield the types of a stream's events."""
    return (event.type for event in client.responses.create(**RESPONSE, stream=True))


def cut_short(client: OpenAI) -> list[str]:
    """Return the events of a stream that arrive before it is cut."""
    arrived: list[str] = []
    with pytest.raises(openai.APIConnectionError):
        arrived.extend(events(client))
    return arrived


@pytest.mark.parametrize("count", [0, 3, 8])
def test_a_forwarded_stream_is_cut_after_so_many_events(back: Sandbox, count: int) -> None:
    with Sandbox(f"ok; cut_stream after={count}", upstream=back.base_url), OpenAI() as client:
        whole = list(events(client))
        assert cut_short(client) == whole[:count]
        assert list(events(client))[-1] == "response.completed"


def test_without_a_number_the_cut_is_halfway(back: Sandbox) -> None:
    with Sandbox("ok; cut_stream", upstream=back.base_url), OpenAI() as client:
        whole = list(events(client))
        assert 3 < len(cut_short(client)) < len(whole) - 3


def test_a_plain_answer_of_the_upstream_can_be_cut_too(back: Sandbox) -> None:
    with (
        Sandbox("cut_stream", upstream=back.base_url),
        OpenAI(max_retries=0) as client,
        pytest.raises(openai.APIConnectionError),
    ):
        client.responses.create(**RESPONSE)
    assert [one.status for one in back.requests] == [200]


@pytest.mark.simulates("upstream")
def test_the_first_event_arrives_before_the_last_is_sent(sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def watch_the_end(reply: Reply) -> None:
        body = reply.body
        assert not isinstance(body, bytes)

        def pieces() -> Iterator[tuple[float, bytes]]:
            try:
                yield from body
            finally:
                ended.set()

        reply.body = pieces()

    # It reasons before the first word, for some seconds. With the second event that nobody takes it notices.
    with sandbox(latency=Latency(0.0, 0.05), set_environment=False) as back:
        watch(back, monkeypatch, watch_the_end)
        with Sandbox(upstream=back.base_url), OpenAI(max_retries=0, timeout=20) as client:
            stream = client.responses.create(**RESPONSE, stream=True)
            assert next(iter(stream)).type == "response.created"
            assert not ended.is_set()
            stream.close()
            # The client is gone, so the upstream is told to stop: what nobody reads need not be paid for.
            assert ended.wait(10)


def test_a_client_that_goes_away_before_the_answer_takes_its_request_with_it() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Sandbox(upstream=f"http://127.0.0.1:{silent.getsockname()[1]}/v1") as front,
    ):
        with OpenAI(max_retries=0, timeout=0.3) as client, pytest.raises(openai.APITimeoutError):
            client.models.list()
        connection, _ = silent.accept()
        with connection:
            connection.settimeout(10)
            while connection.recv(65536):
                pass  # until it is closed: the sandbox itself would wait ten minutes
        assert [one.status for one in front.requests] == [0]


def test_headers_of_the_connection_are_not_passed_on(back: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(reply: Reply) -> None:
        reply.headers |= {"connection": "x-hop", "x-hop": "1", "keep-alive": "timeout=5", "x-end": "2"}
        reply.headers |= {"access-control-allow-origin": "*", "alt-svc": "h3"}

    seen = watch(back, monkeypatch, add)
    mine = {"connection": "x-mine, te", "x-mine": "1", "te": "trailers", "proxy-authorization": "x", "x-far": "2"}
    with Sandbox(upstream=back.base_url) as front:
        reply = post(front, headers=MINE | mine)
    assert reply.headers["x-end"] == "2"
    for name in ("x-hop", "keep-alive", "access-control-allow-origin", "alt-svc"):
        assert name not in reply.headers
    assert seen[0].headers["x-far"] == "2"
    assert seen[0].headers["host"] == back.base_url.split("/")[2]
    assert not seen[0].headers.keys() & {"x-mine", "te", "proxy-authorization"}


@pytest.mark.simulates("upstream")
def test_no_cookie_is_passed_on_in_either_direction(back: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def sets_cookies(reply: Reply) -> None:
        reply.headers |= {"set-cookie": "__cf_bm=1; HttpOnly", "set-cookie2": "a=b"}

    seen = watch(back, monkeypatch, sets_cookies)
    with Sandbox(upstream=back.base_url) as front:
        reply = ask(front, "GET", MODELS, headers=MINE | {"cookie": "session=mine", "x-kept": "1"})
    assert not any("cookie" in name for name in {*seen[0].headers, *reply.headers})
    assert seen[0].headers["x-kept"] == "1"


@pytest.mark.parametrize(
    "url", ["http://host_name/v1", "http://[::1]:8000/v1", "https://ü.example/v1", "http://a.b./v1"]
)
def test_unusual_addresses_of_servers_are_taken(url: str) -> None:
    assert Upstream(url).url


def test_a_body_that_is_no_json_is_passed_on_too(back: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = watch(back, monkeypatch)
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--x--"
    with Sandbox(upstream=back.base_url) as front:
        reply = post(front, content=body, headers=MINE | {"content-type": "multipart/form-data; boundary=x"})
    assert reply.headers["x-sandbox"] == "upstream"
    assert seen[0].body == body
    assert seen[0].headers["content-type"] == "multipart/form-data; boundary=x"
    assert front.requests[0].body is None


def test_the_upstreams_errors_are_passed_on(sandbox: MakeSandbox) -> None:
    with sandbox("rate_limit retry_after=7", set_environment=False) as back, Sandbox(upstream=back.base_url) as front:
        reply = post(front)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "7")
    assert reply.json()["error"]["code"] == "rate_limit_exceeded"
    assert (front.requests[0].status, front.requests[0].fault) == (429, None)


@pytest.mark.simulates("upstream-failed")
def test_an_upstream_that_is_not_there_is_a_502() -> None:
    with Sandbox(upstream="http://127.0.0.1:9/v1") as front:
        reply = post(front)
        with OpenAI(max_retries=0) as client, pytest.raises(openai.InternalServerError) as caught:
            client.models.list()
    assert (reply.status_code, reply.headers["x-sandbox"]) == (502, "1")
    assert reply.json()["error"].keys() == {"message", "type", "param", "code"}
    assert "no answer from its upstream http://127.0.0.1:9/v1: " in caught.value.message
    assert "Is that server running" in caught.value.message
    assert [one.status for one in front.requests] == [502, 502]


@pytest.mark.simulates("upstream-failed")
@pytest.mark.parametrize("fault", ["connection_drop", "timeout"])
def test_an_upstream_that_does_not_answer_is_a_502(
    sandbox: MakeSandbox, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai_sandbox.http.upstream.PATIENCE", httpx2.Timeout(0.2))
    with sandbox(fault, set_environment=False) as back, Sandbox(upstream=back.base_url) as front:
        reply = post(front)
    assert reply.status_code == 502
    assert reply.json()["error"]["code"] == "upstream_failed"


def test_an_upstream_that_breaks_off_breaks_the_stream_off(
    sandbox: MakeSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        sandbox("cut_stream after=3", set_environment=False) as back,
        Sandbox(upstream=back.base_url),
        OpenAI() as client,
    ):
        assert len(cut_short(client)) == 3
    assert "the upstream broke off" in caplog.text


@pytest.mark.simulates("upstream-faults")
def test_rate_limits_come_before_the_upstream(back: Sandbox) -> None:
    with Sandbox(upstream=back.base_url, tier=RateLimit(1, 100_000)) as front:
        allowed, refused = post(front), post(front)
    assert allowed.headers["x-sandbox"] == "upstream"
    assert allowed.headers["x-ratelimit-limit-requests"] == "1"
    assert (refused.status_code, refused.headers["x-sandbox"]) == (429, "1")
    assert len(back.requests) == 1


def test_what_is_not_let_in_is_not_passed_on(back: Sandbox) -> None:
    with Sandbox(upstream=back.base_url) as front:
        assert post(front, headers=MINE | {"host": "example.com"}).status_code == 403
    assert not back.requests


def test_web_pages_that_may_use_the_sandbox_may_read_what_the_upstream_answers(back: Sandbox) -> None:
    page = "http://localhost:3000"
    with Sandbox(upstream=back.base_url, cors=[page]) as front:
        reply = post(front, headers=MINE | {"origin": page})
    assert reply.headers["access-control-allow-origin"] == page


def test_the_key_of_the_environment_stays_where_there_is_an_upstream(
    back: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", THEIR_KEY)
    with Sandbox(upstream=back.base_url) as front:
        assert os.environ["OPENAI_API_KEY"] == THEIR_KEY
        assert os.environ["OPENAI_BASE_URL"] == front.base_url
    assert os.environ["OPENAI_API_KEY"] == THEIR_KEY


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    back: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Sandbox(upstream=back.base_url, set_environment=False) as front:
        ask_silently(front, "GET", "/v1/models")
    assert [one.status for one in front.requests] == [200]


def test_a_sandbox_with_an_upstream_can_be_used_again(back: Sandbox) -> None:
    front = Sandbox(upstream=back.base_url)
    for _ in range(2):
        with front, OpenAI() as client:
            assert client.models.list().data
    assert len(front.requests) == 2


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://localhost:8000/v1", b"/v1/models/a%2Fb"),
        ("http://localhost:8000/v1/", b"/v1/models/a%2Fb"),
        ("http://localhost:8000", b"/v1/models/a%2Fb"),
        ("http://localhost:8000/openai/deployments", b"/openai/deployments/models/a%2Fb"),
    ],
)
def test_paths_are_put_below_the_base_url(url: str, target: bytes) -> None:
    request = Upstream(url)._request(Request("GET", "/v1/models/a/b", {}, b"", ""), b"/v1/models/a%2Fb")
    assert request.extensions["target"] == target
    assert request.headers["host"] == "localhost:8000"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost:8000", "is not the base URL of a server, such as http://127.0.0.1:8000/v1"),
        ("ftp://localhost", "is not the base URL of a server"),
        ("", "is not the base URL of a server"),
        ("http://[::1", "is not the base URL of a server"),
        ("http://[", "is not the base URL of a server"),
        ("http://a b", "is not the base URL of a server"),
        ("http://a..b/v1", "is not the base URL of a server"),
        ("http://-a/v1", "is not the base URL of a server"),
        ("http://127.0.0.1:99999", "is not the base URL of a server"),
        ("http://127.0.0.1:0", "is not the base URL of a server"),
        ("http://127.0.0.1:port", "is not the base URL of a server"),
        (f"http://{'a' * 64}.example", "is not the base URL of a server"),
        (f"http://me:{THEIR_KEY}@localhost/v1", "may have no user, query or fragment: send keys as a header"),
        (f"http://localhost/v1?key={THEIR_KEY}", "may have no user, query or fragment"),
    ],
)
def test_what_is_no_base_url_is_named_with_the_remedy(
    url: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=message.split(",")[0]):
        Sandbox(upstream=url)
    assert main(["serve", "--port", "0", "--upstream", url]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert HIDDEN not in err


def test_serve_passes_on_with_the_key_it_is_sent(back: Sandbox, served: Served) -> None:
    url, server = served("--upstream", back.base_url, "--fault", "rate_limit")
    assert [ask(url, "GET", MODELS, headers=MINE).status_code for _ in range(2)] == [429, 200]
    server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=30)
    assert API_KEY not in out  # the upstream would not know it
    assert f"# Answers of {back.base_url}, for the key that you send." in err
    assert err.splitlines()[-2:] == ["GET /v1/models 429 (rate_limit)", "GET /v1/models 200"]
    assert HIDDEN not in out + err


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\r\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_events_are_told_apart_however_they_arrive(end: bytes, size: int) -> None:
    stream = b"event: a\ndata: 1" + end + b": still there" + end + b"data: 2" + end + b"data: 3"
    cutter, found = Events(), list[bytes]()
    for at in range(0, len(stream), size):
        found += cutter.feed(stream[at : at + size])
    assert found == [b"event: a\ndata: 1" + end, b": still there" + end, b"data: 2" + end]
