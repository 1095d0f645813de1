"""Who may talk to the server, and what it may send."""

import signal
from collections.abc import Iterator

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.core import Core
from openai_sandbox.http.access import MOST_BYTES, Access, check_length
from openai_sandbox.http.address import API_KEY
from openai_sandbox.http.connection import Connection
from openai_sandbox.http.server import application
from openai_sandbox.wire.errors import APIError

from ...good_requests import KEY, MODELS, RESPONSE, RESPONSES
from ..client import MakeSandbox, Served, ask
from .raw_connection import Wire, only_reply

PAGE = "http://localhost:3000"


def check(access: Access, method: str = "GET", **headers: str) -> APIError | None:
    """Return the refusal of a request with these headers, if there is one."""
    try:
        access.check(method, {"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()})
    except APIError as refusal:
        return refusal
    return None


@pytest.mark.simulates("host-names")
@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8787",
        "localhost.",
        "127.0.0.1:8787",
        "127.4.4.4",
        "[::1]:8787",
        "[::1]",
        "api.localhost",
    ],
)
def test_names_of_this_machine_are_answered(host: str) -> None:
    assert check(Access(), host=host) is None


@pytest.mark.simulates("host-names")
@pytest.mark.parametrize(
    "host",
    ["example.com", "example.com:8787", "localhost.example.com", "127.0.0.1.example.com", "192.168.1.5", "0.0.0.0"],
)
def test_other_names_are_not(host: str) -> None:
    refusal = check(Access(), host=host)
    assert refusal
    assert (refusal.status, refusal.code) == (403, "host_refused")


@pytest.mark.simulates("host-names")
@pytest.mark.parametrize("host", ["", "localhost, localhost", "localhost, example.com"])
def test_no_name_and_two_names_are_refused(host: str) -> None:
    refusal = check(Access(), host=host)
    assert refusal
    assert (refusal.status, refusal.code) == (400, "invalid_host")


@pytest.mark.parametrize(
    ("request_line", "hosts", "status"),
    [
        ("GET /v1/models HTTP/1.1", [], 400),
        ("GET /v1/models HTTP/1.1", ["localhost", "localhost"], 400),
        ("GET /v1/models HTTP/1.1", ["localhost", "evil.example"], 400),
        ("GET http://evil.example/v1/models HTTP/1.1", ["localhost"], 403),
        ("GET http://localhost@evil.example/v1/models HTTP/1.1", ["localhost"], 403),
        ("GET http://localhost:1/v1/models HTTP/1.1", ["localhost"], 200),
        ("GET http://localhost/v1/models HTTP/1.1", ["evil.example"], 200),
        ("GET http://[::1]:80/v1/models HTTP/1.1", ["localhost"], 200),
        ("GET http://localhost/v1/models HTTP/1.1", ["localhost", "localhost"], 400),
    ],
)
def test_a_request_names_one_host_of_this_machine(
    api: Sandbox, request_line: str, hosts: list[str], status: int
) -> None:
    named = "".join(f"Host: {host}\n" for host in hosts)
    asked = f"{request_line}\n{named}Authorization: Bearer {API_KEY}\nConnection: close\n\n"
    assert only_reply(api, asked)[0] == status


def test_a_refused_name_stays_refused() -> None:
    access = Access()
    assert [check(access, host="example.com") is None for _ in range(3)] == [False, False, False]


@pytest.mark.simulates("host-names")
def test_a_name_can_be_allowed() -> None:
    access = Access(allow_hosts=["Host.docker.internal", "sandbox:8787", "2001:db8::1"])
    for host in ("host.docker.internal:8787", "sandbox", "[2001:db8::1]:80"):
        assert check(access, host=host) is None
    assert check(access, host="docker.internal")


@pytest.mark.simulates("host-names")
def test_the_address_it_listens_on_is_answered() -> None:
    access = Access("192.168.1.5")
    assert check(access, host="192.168.1.5:8787") is None
    assert check(access, host="192.168.1.6:8787")


@pytest.mark.simulates("host-names")
@pytest.mark.parametrize("bound", ["0.0.0.0", "::"])
def test_a_server_on_all_addresses_answers_under_any_address_but_no_name(bound: str) -> None:
    assert check(Access(bound), host="192.168.1.5:8787") is None
    assert check(Access(bound), host="[2001:db8::1]:8787") is None
    assert check(Access(bound), host="example.com")


@pytest.mark.parametrize("host", ["http://example.com", "*", "*.example.com", "", "a b"])
def test_what_is_no_name_of_a_host_is_refused_with_the_remedy(host: str) -> None:
    with pytest.raises(ValueError, match="give its name alone, such as host"):
        Access(allow_hosts=[host])


@pytest.mark.parametrize("origin", ["*", "localhost:3000", "http://*.example.com", "file:///x", "null", ""])
def test_what_is_no_origin_is_refused_with_the_remedy(origin: str) -> None:
    with pytest.raises(ValueError, match="give scheme, host and port, such as http://localhost:3000"):
        Access(cors=[origin])


def test_an_origin_has_no_path() -> None:
    with pytest.raises(ValueError, match="leave out everything after http://localhost:3000"):
        Access(cors=[f"{PAGE}/app"])


@pytest.mark.simulates("host-names")
def test_a_web_page_whose_name_was_made_to_point_here_is_refused(api: Sandbox) -> None:
    status, headers, body = only_reply(
        api,
        f"GET /v1/models HTTP/1.1\nHost: rebound.example.com\nAuthorization: Bearer {API_KEY}\nConnection: close\n\n",
    )
    assert (status, headers["x-sandbox"]) == (403, "1")
    assert body["error"].keys() == {"message", "type", "param", "code"}
    assert "--allow-host rebound.example.com" in body["error"]["message"]
    assert [exchange.status for exchange in api.requests] == [403]


def test_a_sandbox_can_be_given_another_name() -> None:
    request = f"GET /v1/models HTTP/1.1\nHost: my.test\nAuthorization: Bearer {API_KEY}\nConnection: close\n\n"
    with Sandbox(allow_hosts=["my.test"]) as api:
        assert only_reply(api, request)[0] == 200


def preflight(origin: str) -> str:
    return (
        "OPTIONS /v1/responses HTTP/1.1\nHost: localhost\nConnection: close\n"
        f"Origin: {origin}\nAccess-Control-Request-Method: POST\nAccess-Control-Request-Headers: authorization,x-a\n\n"
    )


@pytest.mark.simulates("cors")
def test_web_pages_may_use_it_only_if_their_origin_is_named() -> None:
    with Sandbox(cors=[PAGE]) as api:
        status, headers, _ = only_reply(api, preflight(PAGE))
        assert status == 200
        assert headers["access-control-allow-origin"] == PAGE
        assert "post" in headers["access-control-allow-methods"]
        assert headers["access-control-allow-headers"] == "authorization,x-a"
        assert "access-control-allow-credentials" not in headers
        assert not api.requests

        status, headers, body = only_reply(api, preflight("http://localhost:4000"))
        assert status == 403
        assert not any(name.startswith("access-control-") for name in headers)
        assert body["error"]["message"].endswith("--cors http://localhost:4000")


@pytest.mark.simulates("cors")
def test_replies_and_errors_carry_the_origin_that_was_named_and_no_other() -> None:
    with Sandbox(cors=[PAGE]) as api:
        for path in (MODELS, "/v1/nothing"):
            named = ask(api, "GET", path, headers=KEY | {"origin": PAGE}).headers
            assert named["access-control-allow-origin"] == PAGE
            assert named["access-control-expose-headers"] == "*"
            assert named["vary"] == "origin"
            other = ask(api, "GET", path, headers=KEY | {"origin": "http://localhost:4000"}).headers
            assert "access-control-allow-origin" not in other
            assert other["vary"] == "origin"


@pytest.mark.simulates("cors")
def test_without_named_origins_no_reply_speaks_of_them(api: Sandbox) -> None:
    assert only_reply(api, preflight(PAGE))[0] == 403
    reply = ask(api, "GET", MODELS, headers=KEY | {"origin": PAGE})
    assert reply.status_code == 403
    assert not any(name.startswith("access-control-") or name == "vary" for name in reply.headers)


@pytest.mark.simulates("cross-site")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "content-type": "text/plain"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
@pytest.mark.parametrize("cors", [(), (PAGE,)])
@pytest.mark.parametrize("upstream", [False, True])
def test_what_a_page_of_another_site_sends_is_refused_before_anything_happens(
    sandbox: MakeSandbox, headers: dict[str, str], cors: tuple[str, ...], upstream: bool
) -> None:
    with (
        sandbox(set_environment=False) as back,
        sandbox(cors=cors, upstream=back.base_url if upstream else None) as api,
    ):
        for method, path in (("POST", RESPONSES), ("GET", MODELS)):
            reply = ask(api, method, path, content="{}" if method == "POST" else None, headers=KEY | headers)
            assert (reply.status_code, reply.json()["error"]["code"]) == (403, "origin_refused")
        assert [one.status for one in api.requests] == [403, 403]
        assert not back.requests


@pytest.mark.simulates("cross-site")
def test_pages_of_its_own_address_and_named_ones_may_use_it(api: Sandbox) -> None:
    own = api.base_url.removesuffix("/v1")
    for headers in ({"origin": own}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}):
        assert ask(api, "GET", MODELS, headers=KEY | headers).status_code == 200
    with Sandbox(cors=[PAGE]) as named:
        sent = KEY | {"origin": PAGE, "sec-fetch-site": "cross-site"}
        assert ask(named, "GET", MODELS, headers=sent).status_code == 200


def test_a_body_just_small_enough_is_read() -> None:
    assert check(Access(), content_length=str(MOST_BYTES)) is None
    refusal = check(Access(), content_length=str(MOST_BYTES + 1))
    assert refusal
    assert refusal.status == 413


@pytest.mark.simulates("body-limit")
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_10_mb_is_refused(api: Sandbox, chunked: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(12):
            yield b" " * 1_000_000

    body = pieces() if chunked else b" " * 12_000_000
    reply = ask(api, "POST", RESPONSES, content=body)
    assert reply.status_code == 413
    assert reply.json()["error"]["code"] == "body_too_large"
    assert ask(api, "GET", MODELS).status_code == 200
    assert [exchange.status for exchange in api.requests] == [413, 200]


@pytest.mark.simulates("body-limit")
@pytest.mark.anyio
@pytest.mark.parametrize("announced", [False, True])
async def test_of_a_body_that_is_too_large_no_more_is_waited_for_than_the_limit(announced: bool) -> None:
    client = Wire()
    connection = Connection(application(Core()), set())
    connection.connection_made(client)
    length = "content-length: 999999999999" if announced else "transfer-encoding: chunked"
    connection.data_received(f"POST /v1/responses HTTP/1.1\r\nhost: localhost\r\n{length}\r\n\r\n".encode())
    piece, read = b" " * 1_000_000, 0
    while not client.received and read < 2 * MOST_BYTES:
        connection.data_received(b"%x\r\n%b\r\n" % (len(piece), piece))
        read += len(piece)
    assert client.received.startswith(b"HTTP/1.1 413 ")
    assert read == (0 if announced else MOST_BYTES + 1_000_000)


@pytest.mark.simulates("body-limit")
@pytest.mark.parametrize(("kind", "most"), [("application/json", 10), ("multipart/form-data; boundary=a", 101)])
def test_a_form_may_be_larger_than_another_body(kind: str, most: int) -> None:
    check_length(most * 1_000_000, {"content-type": kind})
    with pytest.raises(APIError, match=f"up to {most} MB"):
        check_length(most * 1_000_000 + 1, {"content-type": kind})


@pytest.mark.simulates("content-encoding")
def test_a_compressed_body_is_refused_and_not_misread(api: Sandbox) -> None:
    for encoding, status in (("gzip", 415), ("zstd", 415), ("identity", 200)):
        reply = ask(api, "POST", RESPONSES, json=RESPONSE, headers=KEY | {"content-encoding": encoding})
        assert reply.status_code == status
    reply = ask(api, "POST", RESPONSES, content=b"x", headers=KEY | {"content-encoding": "gzip"})
    assert "content-encoding 'gzip'" in reply.json()["error"]["message"]


def test_the_sdk_is_let_in_as_it_is(api: Sandbox) -> None:
    with OpenAI() as client:
        assert client.models.list().data


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--allow-host", "http://x"], "'http://x' is not a host: give its name alone"),
        (["--cors", "*"], "'*' is not an origin: give scheme, host and port"),
    ],
)
def test_a_mistake_on_the_command_line_is_named(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_serve_takes_names_and_origins(served: Served) -> None:
    url, server = served("--allow-host", "my.test", "--cors", PAGE)
    for host, status in (("my.test", 200), ("other.test", 403)):
        assert ask(url, "GET", MODELS, headers=KEY | {"host": host}).status_code == status
    assert ask(url, "GET", MODELS, headers=KEY | {"origin": PAGE}).headers["access-control-allow-origin"] == PAGE
    server.send_signal(signal.SIGINT)
    assert server.stderr
    assert "GET /v1/models 403\n" in server.stderr.read()
