"""What all tests share: the pinned sandbox, and the rule that nothing is skipped in silence."""

import gc
import os
import sys
import tomllib
import warnings
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT, noon
from openai_sandbox import Sandbox
from openai_sandbox.faults import Plan
from openai_sandbox.http.address import API_KEY
from tests import certificates

# Tests start hundreds of interpreters, here and in environments of their own. Where none may write bytecode next to its
# sources, as in many containers, each would compile openai and the sandbox again.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".cache" / "bytecode")
    sys.dont_write_bytecode = False

ALLOWED_SKIPS: dict[str, str] = tomllib.loads((ROOT / "tests" / "skips.toml").read_text("utf-8"))["reasons"]

# With these, ids, dates and answers are the same in every run. The site shows what they give.
PINNED: dict[str, Any] = {"seed": 204, "now": noon().timestamp()}

# The site is built by the first test that asks for it, which takes a while: one worker begins with that, the other with
# what needs no site. Then what takes longest, so that both end together.
FIRST = (
    "tests/site/test_lesson_content.py",
    "tests/pages/test_snippets.py",
    "tests/site/test_site.py",
    "tests/pages/test_blocks.py",
    "tests/site/test_accessibility.py",
    "tests/pages/test_run_alone.py",
)


REAL_API = "https://api.openai.com/v1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what runs the snippets against the real API."""
    group = parser.getgroup("live", "the real API, which costs money: a key in OPENAI_API_KEY")
    group.addoption("--live", action="store_true", help="run the snippets against the real API, and nothing else")
    group.addoption("--live-cap", type=float, default=1.0, metavar="DOLLARS", help="stop when so much is spent (1)")
    group.addoption("--live-report", metavar="FILE", help="where the report goes (.cache/live/DATE.json)")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With --live, start no workers: one counts what is spent."""
    if config.getoption("live"):
        config.option.numprocesses = 0
        if os.environ.get("OPENAI_API_KEY", "") in ("", API_KEY):
            raise pytest.UsageError("--live needs a real key: set OPENAI_API_KEY")


@pytest.fixture(scope="session")
def live_api(pytestconfig: pytest.Config) -> tuple[str, str]:
    """The address of the real API and the key, as the environment of the whole run has them."""
    return pytestconfig.stash[LIVE_API]


LIVE_API = pytest.StashKey[tuple[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Keep address and key: the environment of a test has neither. Read certificates once."""
    certificates.remember()
    if config.getoption("live"):
        config.stash[LIVE_API] = (os.environ.get("OPENAI_BASE_URL", REAL_API), os.environ["OPENAI_API_KEY"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take what is for the real API, or all the rest, and put the files first that are to begin first."""
    live = bool(config.getoption("live"))
    others = [item for item in items if (item.get_closest_marker("live") is not None) != live]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]
    ranks = {name: rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: ranks.get(item.location[0], len(FIRST)))


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays: the modules, and some ten thousand tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def collected() -> Iterator[None]:
    """Close what the programs of a module left open before another module's tests run."""
    yield
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


@pytest.fixture
def api() -> Iterator[Sandbox]:
    """A running sandbox that answers the same in every run; `OpenAI()` finds it."""
    with Sandbox(**PINNED) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox() -> Callable[..., Sandbox]:
    """Makes pinned sandboxes: `with sandbox("rate_limit x2") as api:`."""

    def make(faults: str | Plan | None = None, **options: Any) -> Sandbox:
        return Sandbox(faults, **PINNED | options)

    return make


@pytest.fixture(autouse=True)
def no_real_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's own key, and a client made without a sandbox finds nobody."""
    for name in list(os.environ):
        if name.startswith("OPENAI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", API_KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    if openai := sys.modules.get("openai"):
        openai._reset_client()  # the module-level client would keep the address of an earlier test's sandbox


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, and everywhere unless its reason is in tests/skips.toml."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix(
            "Skipped: "
        )
        if os.environ.get("CI") or reason not in ALLOWED_SKIPS.values():
            report.outcome = "failed"
            where = "in CI nothing may be skipped" if os.environ.get("CI") else "this reason is not in tests/skips.toml"
            report.longrepr = f"{item.nodeid} was skipped: {reason}\n{where}"
    return report


@pytest.fixture
def anyio_backend() -> str:
    """Async tests run on asyncio."""
    return "asyncio"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many programs of the pages about errors were executed."""
    passed = [report.nodeid for report in terminalreporter.getreports("passed")]
    failing = sum("::test_the_failing_program_fails_as_its_page_says[" in id for id in passed)
    fixed = sum("::test_the_fixed_program_prints_what_its_page_shows[" in id for id in passed)
    if failing or fixed:
        terminalreporter.write_line(f"errors: {failing} failing and {fixed} fixed programs executed")
