"""Raw HTTP access to the running sandbox."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from sandbox import Sandbox


@pytest.fixture
def client(api: Sandbox) -> Iterator[Callable[..., httpx2.Response]]:
    """Sends requests to paths such as `/v1/models`."""
    headers = {"authorization": f"Bearer {api.api_key}"}
    with httpx2.Client(base_url=api.base_url.removesuffix("/v1"), headers=headers) as http:

        def send(method: str, path: str, **options: Any) -> httpx2.Response:
            return http.request(method, path, **options)

        yield send


@pytest.fixture
def openai_client(api: Sandbox) -> Iterator[OpenAI]:
    """The real SDK, pointed at the sandbox."""
    with OpenAI() as client:
        yield client
