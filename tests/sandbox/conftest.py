"""Raw HTTP access to the running sandbox, and sandboxes in processes of their own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox

from .asking import Asker

Served = Callable[..., tuple[str, subprocess.Popen[str]]]


@pytest.fixture
def client(api: Sandbox) -> Iterator[Callable[..., httpx2.Response]]:
    """Sends requests to paths such as `/v1/models`."""
    headers = {"authorization": f"Bearer {api.api_key}"}
    with httpx2.Client(base_url=api.base_url.removesuffix("/v1"), headers=headers) as http:

        def send(method: str, path: str, **options: Any) -> httpx2.Response:
            return http.request(method, path, **options)

        yield send


@pytest.fixture(scope="module")
def asker() -> Asker:
    """A sandbox in process. What it refuses changes nothing, so that a module's tests may share it."""
    return Asker()


@pytest.fixture
def openai_client(api: Sandbox) -> Iterator[OpenAI]:
    """The real SDK, pointed at the sandbox."""
    with OpenAI() as client:
        yield client


@pytest.fixture
def served() -> Iterator[Served]:
    """Starts `openai-sandbox serve` with options and returns its base URL and its process."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[str, subprocess.Popen[str]]:
        command = [sys.executable, "-m", "openai_sandbox.cli", "serve", "--port", "0", *options]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(server)
        assert server.stdout
        return server.stdout.readline().strip().removeprefix("export OPENAI_BASE_URL="), server

    yield start
    for server in started:
        server.kill()
        server.communicate()
