"""Test that a call ends when the reader leaves the page."""

# needs: conftest.py, web_app.py

import time

import httpx2
import pytest

from openai_sandbox import Sandbox


@pytest.mark.openai_sandbox(latency="realistic")
def test_a_reader_who_leaves_ends_the_request(
    browser: httpx2.Client, openai_sandbox: Sandbox
) -> None:
    openai_sandbox.when("story").say("Once upon a time. " * 200)
    with browser.stream("POST", "/answers", json={"question": "A story"}) as reply:
        next(reply.iter_lines())
    (request,) = openai_sandbox.requests
    deadline = time.monotonic() + 10
    while request.trace.delivery == "open" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert request.trace.delivery == "left"
