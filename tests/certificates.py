"""Reads the machine's certificates once for all clients of a process.

Reading them takes 40 ms, which is longer than most tests. Stands alone: interpreters with other packages run it.
"""

import os
from typing import Any


def remember() -> None:
    """Let clients that are made from now on share what a client trusts, as long as the environment names the same."""
    try:
        import httpcore2
    except ImportError:  # openai 1 and 2
        return
    read = httpcore2.default_ssl_context
    known: dict[Any, Any] = {}

    def context(*, _trust_env: bool = True) -> Any:
        named = _trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        if named not in known:
            known[named] = read(_trust_env=_trust_env)
        return known[named]

    httpcore2.default_ssl_context = context
