"""Where the sandbox listens, and the key it takes."""

import os
import socket
from collections.abc import Mapping

API_KEY = "sk-sandbox-0000000000000000"
HOST = "127.0.0.1"
CA_FILE = "CORPORATE_CA_FILE"
BACKLOG = 2048


def listen(host: str = HOST, port: int = 0) -> socket.socket:
    """Open a listening socket. Port 0 takes a free one. Connections wait in it until a server takes over.

    Raises:
        OSError: the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP: only then does asyncio switch off Nagle's algorithm, which costs 40 ms a reply.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def base_url(sock: socket.socket, tls: bool = False) -> str:
    """Return the base URL an SDK needs for a listening socket."""
    scheme = "https" if tls else "http"
    host, port = sock.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}/v1" if ":" in host else f"{scheme}://{host}:{port}/v1"


def environment(base_url: str, before: Mapping[str, str], ca_file: str | None = None) -> dict[str, str]:
    """Return the variables that point an SDK at the sandbox.

    Beside address and key these are the exceptions from a proxy, added to those in `before`: a proxy that the
    environment names cannot reach this machine's own ports. `ca_file` is the certificate of the authority behind HTTPS:
    no client reads its variable by itself.
    """
    variables = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": API_KEY}
    if ca_file:
        variables[CA_FILE] = ca_file
    for name in ("NO_PROXY", "no_proxy"):
        variables[name] = ",".join(filter(None, [before.get(name), HOST]))
    return variables
