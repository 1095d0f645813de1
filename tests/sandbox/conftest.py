"""A sandbox that is asked over plain HTTP, one that the SDK asks, and sandboxes in processes of their own."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox

from .client import Ask, Served, ask
from .clock import Clock


@pytest.fixture
def client(api: Sandbox) -> Ask:
    """Sends requests to paths such as `/v1/models`."""
    return partial(ask, api)


@pytest.fixture
def openai_client(api: Sandbox) -> Iterator[OpenAI]:
    """The real SDK, pointed at the sandbox."""
    with OpenAI() as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    """The time, to be changed."""
    return Clock()


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
