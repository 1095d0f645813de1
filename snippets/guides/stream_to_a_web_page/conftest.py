"""Run the app on a real server for each test, with the sandbox as the API."""

# needs: web_app.py, page.html

import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn

from openai_sandbox import Sandbox


@pytest.fixture
def browser(openai_sandbox: Sandbox) -> Iterator[httpx2.Client]:
    server = uvicorn.Server(uvicorn.Config("web_app:app", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            pytest.fail("the app does not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join()
