"""Who may talk to the server: which hosts a request may name, which web pages may use it, and what they may send.

Sans-IO: it only reads headers. Any web page can make its visitor's browser send requests to this machine. The page
cannot read the answers, unless its own name is made to point here (DNS rebinding). The `Host` header reveals that: it
holds the name that the browser thinks it is talking to.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from ..wire.errors import error
from ..wire.form import is_form

MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1_000_000
MOST_UPLOADED_MEGABYTES = 101
"""The limit for a request that uploads a file: the size of file that the sandbox keeps, and room for the form around
it."""

METHODS = "DELETE, GET, POST"


class Access:
    """What a server allows.

    Args:
        bound: the name or address the server listens on. Requests may name it. If it means all addresses of the
            machine, as 0.0.0.0 does, they may name any address, but no host name.
        allow_hosts: other names or addresses that requests may name.
        cors: origins, such as `http://localhost:3000`, whose web pages may use the server. By default there are none.

    Raises:
        ValueError: one of them cannot be understood. The message says how to fix it.
    """

    def __init__(self, bound: str = "127.0.0.1", allow_hosts: Iterable[str] = (), cors: Iterable[str] = ()) -> None:
        self._hosts = {_bare(bound), *(_named(host) for host in allow_hosts)}
        self._any_address = _is_wildcard(bound)
        self._origins = frozenset(_origin(origin) for origin in cors)
        self._let_in: set[str] = set()

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Check a request before its body is read.

        Raises:
            APIError: it is not allowed.
        """
        host = headers.get("host", "")
        if host not in self._let_in:
            self._check_host(host)
        if "origin" in headers or "sec-fetch-site" in headers:
            self._check_site(headers)
        encoding = headers.get("content-encoding", "identity")
        if encoding.strip().lower() not in ("", "identity"):
            raise error("encoding_unsupported", encoding=encoding)
        check_length(int(headers.get("content-length") or 0), headers)

    def headers(self, method: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the reply headers for the browser of a web page that may use the server."""
        origin = headers.get("origin")
        if origin not in self._origins:
            return {"vary": "origin"} if self._origins else {}
        allowed = {"access-control-allow-origin": origin, "vary": "origin"}
        if is_preflight(method, headers):
            return allowed | {
                "access-control-allow-methods": METHODS,
                "access-control-allow-headers": headers.get("access-control-request-headers", ""),
                "access-control-max-age": "600",
            }
        # A wildcard is fine here: no reply has anything that a browser would count as credentials.
        return allowed | {"access-control-expose-headers": "*"}

    def _check_site(self, headers: Mapping[str, str]) -> None:
        """Check where a browser says that a request comes from: a page can do harm without seeing the answer."""
        origin = headers.get("origin")
        if origin is None:
            if headers["sec-fetch-site"] == "cross-site":
                raise error("site_refused")
        elif origin not in self._origins and origin.partition("://")[2].lower() != headers["host"].lower():
            raise error("origin_refused", origin=origin)

    def _check_host(self, host: str) -> None:
        if not host or "," in host:
            raise error("invalid_host", host=host)
        name = _bare(host)
        if not (name in self._hosts or _is_loopback(name) or (self._any_address and _is_address(name))):
            raise error("host_refused", host=name)
        if len(self._let_in) < 100:
            self._let_in.add(host)


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a browser is asking if a web page may send a request (a CORS preflight)."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def check_length(size: int, headers: Mapping[str, str]) -> None:
    """Check the size of a body so far, in bytes.

    Raises:
        APIError: it is too large.
    """
    if size <= MOST_BYTES:
        return
    uploads = is_form(headers.get("content-type", ""))
    most = MOST_UPLOADED_MEGABYTES if uploads else MOST_MEGABYTES
    if size > most * 1_000_000:
        raise error("body_too_large", maximum=most)


def _bare(host: str) -> str:
    """Return a host in lower case, without port, brackets and trailing dot."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    name = host.partition(":")[0] if host.count(":") == 1 else host
    return name.removesuffix(".").lower()


def _named(host: str) -> str:
    if not host.strip() or any(mark in host for mark in "/*@ "):
        raise ValueError(f"'{host}' is not a host: give its name alone, such as host.docker.internal")
    return _bare(host)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or "*" in text or parts.username is not None:
        raise ValueError(f"'{text}' is not an origin: give scheme, host and port, such as http://localhost:3000")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"'{text}' is more than an origin: leave out everything after {parts.scheme}://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_address(name) and ip_address(name).is_loopback


def _is_wildcard(name: str) -> bool:
    return _is_address(_bare(name)) and ip_address(_bare(name)).is_unspecified
