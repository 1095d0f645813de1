"""The network that programs see: the sandbox at its address, and nothing else.

Natively, the operating system and httpx2's connections do what is imitated here: a port to each connection, refused
connections, certificates, header values that HTTP/1.1 does not allow, and connections that belong to the event loop
they were opened in.
"""

import asyncio
import itertools
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Never

import httpx2

from openai_sandbox.api.shared.mcp_servers import McpServerError
from openai_sandbox.core import Core
from openai_sandbox.transport import AsyncSandboxTransport, SandboxTransport

HOST, PORT = "127.0.0.1", 8080
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
UNSENDABLE = re.compile(rb"[\x00\r\n]|^[ \t]|[ \t]$")

NO_SOCKS = (
    "Using SOCKS proxy, but the 'socksio' package is not installed. "
    "Make sure to install httpx using `pip install httpx[socks]`."
)
UNTRUSTED = (
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1032)"
)
AUTHORITY = Path("/etc/sandbox-authority.pem")
"""The certificate of the authority that programs have to trust when the sandbox speaks HTTPS. It has no content that
matters: no certificate is checked here, only whether the program named this one."""

_ports = itertools.count(40_000)


class NoMcpServers:
    """The MCP servers that can be reached from a page: none."""

    def list_tools(self, url: str, headers: Mapping[str, str]) -> Never:
        """Fail as a connection does that nobody accepts."""
        raise McpServerError("All connection attempts failed")

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> Never:
        """Fail as a connection does that nobody accepts."""
        raise McpServerError("All connection attempts failed")


class Network:
    """The servers that listen while a program runs, by their ports; `tls` tells which of them speak HTTPS."""

    cores: ClassVar[dict[int, Core]] = {}
    tls: ClassVar[set[int]] = set()

    @classmethod
    def listen(cls, core: Core, tls: bool = False, port: int = PORT) -> str:
        """Let a core answer at a port. Returns the base URL that reaches it."""
        while port in cls.cores:
            port += 1
        cls.cores[port] = core
        if tls:
            cls.tls.add(port)
        return f"http{'s' * tls}://{HOST}:{port}/v1"

    @classmethod
    def close(cls, core: Core) -> None:
        """Stop answering for a core."""
        for port in [port for port, other in cls.cores.items() if other is core]:
            del cls.cores[port]
            cls.tls.discard(port)

    @classmethod
    def close_all(cls) -> None:
        """Stop answering at all."""
        cls.cores.clear()
        cls.tls.clear()


class Connection:
    """Carries the requests of one client's transport."""

    def __init__(self, verify: Any, proxy: Any) -> None:
        self._verify, self._proxy = verify, proxy
        if proxy is not None and _url_of(proxy).scheme.startswith("socks"):
            raise ImportError(NO_SOCKS)
        self._port = next(_ports)
        self._loop: asyncio.AbstractEventLoop | None = None

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request.

        Raises:
            httpx2.TransportError: it is not for the sandbox, or HTTP/1.1 cannot carry it.
        """
        return self._told(SandboxTransport(self._core_for(request)).handle_request(request))

    async def answer_async(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request.

        Raises:
            httpx2.TransportError: it is not for the sandbox, or HTTP/1.1 cannot carry it.
            RuntimeError: the event loop in which the connection was opened is closed.
        """
        if self._loop and self._loop.is_closed():
            self._loop = None
            raise RuntimeError("Event loop is closed")
        self._loop = asyncio.get_running_loop()
        return self._told(await AsyncSandboxTransport(self._core_for(request)).handle_async_request(request))

    def _core_for(self, request: httpx2.Request) -> Core:
        if self._proxy is not None:
            _refuse(request, "[Errno 111] Connection refused")
        host, port = request.url.host, request.url.port
        if host not in LOOPBACK:
            _refuse(request, "[Errno -2] Name or service not known")
        core = Network.cores.get(port or 80)
        if core is None or host in ("[::1]", "::1"):
            _refuse(request, "[Errno 111] Connection refused")
        if port in Network.tls and not self._trusts_sandbox():
            _refuse(request, UNTRUSTED)
        for _, value in request.headers.raw:
            if UNSENDABLE.search(value):
                raise httpx2.LocalProtocolError(f"Illegal header value {value!r}", request=request)
        return core

    def _trusts_sandbox(self) -> bool:
        if isinstance(self._verify, str):
            return self._verify == str(AUTHORITY)
        if isinstance(self._verify, ssl.SSLContext):
            unchecked = self._verify.verify_mode == ssl.CERT_NONE
            return unchecked or getattr(self._verify, "_ca_data", None) == AUTHORITY.read_text()
        return not self._verify

    def _told(self, response: httpx2.Response) -> httpx2.Response:
        response.extensions["network_stream"] = self
        response.extensions["http_version"] = b"HTTP/1.1"
        return response

    def get_extra_info(self, name: str) -> Any:
        """Return what is known about the connection, as a network stream of httpcore2 does."""
        return {"client_addr": (HOST, self._port), "server_addr": (HOST, PORT)}.get(name)


def _url_of(proxy: Any) -> httpx2.URL:
    return proxy.url if isinstance(proxy, httpx2.Proxy) else httpx2.URL(proxy)


def _refuse(request: httpx2.Request, message: str) -> Never:
    raise httpx2.ConnectError(message, request=request)
