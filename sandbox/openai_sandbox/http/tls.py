"""HTTPS with a certificate authority that no client trusts, like that of a company whose proxy inspects traffic."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import trustme


class Authority(NamedTuple):
    """A certificate authority: the path of its certificate, and the TLS context for a server that it vouches for."""

    file: str
    context: ssl.SSLContext


@contextmanager
def authority() -> Iterator[Authority]:
    """Create an authority that vouches for this machine. Its certificate file exists until the block ends."""
    made = trustme.CA(organization_name="Example Company", organization_unit_name="Network Security")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("127.0.0.1", "::1", "localhost").configure_cert(context)
    with made.cert_pem.tempfile() as file:
        yield Authority(file, context)
