"""Where the sandbox listens, and the key it accepts."""

import os
import socket
from ipaddress import ip_address

API_KEY = "sk-sandbox-0000000000000000"
WEBHOOK_SECRET = "whsec_c2FuZGJveC0wMDAwMDAwMDAwMDAwMDAw"  # noqa: S105 - not a secret
"""What the sandbox signs webhooks with: public, like its key."""

HOST = "127.0.0.1"
BACKLOG = 2048
LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing listens there because of this
"""The address by which a client on this machine reaches a server that listens on all addresses."""


def listen(host: str = HOST, port: int = 0) -> socket.socket:
    """Open a listening socket. Port 0 takes a free port. Connections wait in the socket until a server takes over.

    Raises:
        OSError: the address is taken or not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # TCP is named because only then does asyncio turn off Nagle's algorithm, which costs 40 ms per reply.
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


def is_loopback(sock: socket.socket) -> bool:
    """Tell whether only this machine can reach a listening socket."""
    return ip_address(sock.getsockname()[0]).is_loopback


def is_loopback_host(host: str) -> bool:
    """Tell whether a URL's host is certainly this machine: a loopback address or `localhost`, but no name below it."""
    try:
        # With a zone, `::1%x`, it is a name that has to be looked up.
        return "%" not in host and ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(sock: socket.socket, tls: bool = False) -> str:
    """Return the base URL an SDK on this machine needs for a listening socket."""
    scheme = "https" if tls else "http"
    host, port = sock.getsockname()[:2]
    host = LOOPBACK_OF.get(host, host)
    return f"{scheme}://[{host}]:{port}/v1" if ":" in host else f"{scheme}://{host}:{port}/v1"
