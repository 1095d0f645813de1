"""The built site, served on loopback, and a real browser to look at it."""

import gc
import os
import shutil
import subprocess
import threading
import warnings
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

from docs._tools.data.as_of import ROOT
from docs._tools.site import run_in_browser

from .mkdocs_command import BROWSER_PACK, MKDOCS

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The site as readers get it, built once for all workers by the command they use, and what the build said."""
    temporary = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        temporary = temporary.parent
    target, log = temporary / "site", temporary / "site.log"
    with FileLock(temporary / "site.lock"):
        if not log.exists():
            build_pack()
            # Not strict: one test names the warnings, instead of all that need the site.
            done = subprocess.run(
                [MKDOCS, "--no-color", "build", "--site-dir", str(target)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            log.write_text(done.stdout + done.stderr, "utf-8")
    return target, log.read_text("utf-8")


def build_pack() -> None:
    """Build what lets pages run their programs, unless it is there. A machine without npm has a site without it."""
    built = run_in_browser.pack()
    if (built is None or not built.is_current) and shutil.which("npm"):
        done = subprocess.run([BROWSER_PACK], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def pack(built: tuple[Path, str]) -> run_in_browser.Pack:
    """What lets pages run their programs, which is in the built site."""
    found = run_in_browser.pack()
    if found is None:
        pytest.skip("Node or its openai package is not installed")
    return found


@pytest.fixture(scope="session")
def site(built: tuple[Path, str]) -> Path:
    """The site as readers get it."""
    return built[0]


@pytest.fixture(scope="session")
def build_log(built: tuple[Path, str]) -> str:
    """What building the site printed."""
    return built[1]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


class _Patient(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser breaks off what it no longer needs, such as the picture for another width."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The built site's address."""
    with _Patient(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# Not for the session: Playwright's synchronous interface keeps an event loop running in this thread, and other tests
# need their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("Chromium is not installed")
    # A client that an earlier test left open closes itself when it is collected. In Playwright's loop, that would fail.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        except Error as problem:
            pytest.fail(f"{executable} does not start: {problem}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's visit, for tests that keep nothing in it: scripts and styles are loaded and compiled once for all.

    What a first visit loads, and what readers choose and allow, takes a context of its own.
    """
    with browser.new_context() as context:
        yield context
