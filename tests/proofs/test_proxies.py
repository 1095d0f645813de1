"""How a client gets to know a proxy."""

import socket
import threading
from collections.abc import Iterator

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpx2Client, DefaultHttpx2Client, OpenAI

ADDRESS = "https://api.example.com/v1"


class Proxy:
    """A proxy that notes the first line of what it is sent, and refuses."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.asked: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(4096).decode().partition("\r\n")[0])
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    found = Proxy()
    yield found
    found.close()


def call(client: OpenAI) -> None:
    with client, pytest.raises(openai.APIConnectionError) as caught:
        client.models.list()
    assert isinstance(caught.value.__cause__, httpx2.ProxyError)


@pytest.mark.proves("proxy-ways")
def test_a_client_obeys_the_variable_that_was_set_when_it_was_made(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    client = OpenAI(base_url=ADDRESS, max_retries=0)
    monkeypatch.delenv("HTTPS_PROXY")
    call(client)
    assert proxy.asked == ["CONNECT api.example.com:443 HTTP/1.1"]


@pytest.mark.proves("proxy-ways")
@pytest.mark.anyio
@pytest.mark.parametrize("way", ["variable", "proxy", "mounts"])
async def test_the_asynchronous_client_knows_the_same_ways(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    http_client = None
    if way == "variable":
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    elif way == "proxy":
        http_client = DefaultAsyncHttpx2Client(proxy=proxy.address)
    else:
        http_client = DefaultAsyncHttpx2Client(mounts={"https://": httpx2.AsyncHTTPTransport(proxy=proxy.address)})
    async with AsyncOpenAI(base_url=ADDRESS, max_retries=0, http_client=http_client) as client:
        with pytest.raises(openai.APIConnectionError):
            await client.models.list()
    assert proxy.asked == ["CONNECT api.example.com:443 HTTP/1.1"]


@pytest.mark.proves("proxy-ways")
@pytest.mark.parametrize("way", ["proxy", "mounts"])
def test_an_http_client_may_know_the_proxy(proxy: Proxy, way: str) -> None:
    if way == "proxy":
        http_client = DefaultHttpx2Client(proxy=proxy.address)
    else:
        http_client = DefaultHttpx2Client(mounts={"https://": httpx2.HTTPTransport(proxy=proxy.address)})
    call(OpenAI(base_url=ADDRESS, max_retries=0, http_client=http_client))
    assert proxy.asked == ["CONNECT api.example.com:443 HTTP/1.1"]


@pytest.mark.proves("proxy-ways")
@pytest.mark.parametrize(
    ("hosts", "way", "exempt"),
    [
        ("127.0.0.1", "variable", True),
        ("127.0.0.1", "mounts", True),
        ("127.0.0.1", "proxy", False),
        ("*", "variable", True),
        ("*", "mounts", False),
        ("*", "proxy", False),
    ],
)
def test_no_proxy_exempts_a_host_from_the_variable_and_from_a_mount_alone(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, hosts: str, way: str, exempt: bool
) -> None:
    monkeypatch.setenv("NO_PROXY", hosts)
    http_client = None
    if way == "variable":
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    elif way == "mounts":
        http_client = DefaultHttpx2Client(mounts={"https://": httpx2.HTTPTransport(proxy=proxy.address)})
    else:
        http_client = DefaultHttpx2Client(proxy=proxy.address)
    client = OpenAI(base_url="https://127.0.0.1:1/v1", max_retries=0, http_client=http_client)
    with client, pytest.raises(openai.APIConnectionError):
        client.models.list()
    assert proxy.asked == ([] if exempt else ["CONNECT 127.0.0.1:1 HTTP/1.1"])
