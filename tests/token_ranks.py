"""The ranks of o200k_base as OpenAI publishes them."""

import base64

from openai_sandbox.model.ranks import ranks

SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
"""Of the published file, as tiktoken expects it."""


def published() -> bytes:
    """Return OpenAI's own file, put together from what the sandbox has of it."""
    by_rank = sorted((rank, token) for token, rank in ranks().by_token().items())
    return b"".join(b"%b %d\n" % (base64.b64encode(token), rank) for rank, token in by_rank)
