"""The pytest plugin: a fixture that runs the sandbox for one test.

    @pytest.mark.openai_sandbox(faults="rate_limit x2", seed=1)
    def test_it_gets_through(openai_sandbox):
        ask_the_model()
        assert len(openai_sandbox.requests) == 3

A marked test gets the fixture even if it does not ask for it. Installing the package is enough; there is nothing to
configure. Nothing is loaded until a test asks for it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from . import pytest_recording as recording

if TYPE_CHECKING:
    from . import Sandbox

SEED = 7
NAME = "openai_sandbox"
MARKER = f"{NAME}(faults, **options): starts and configures the fixture {NAME}; the options are those of Sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, so that they are known under --strict-markers."""
    config.addinivalue_line("markers", MARKER)
    config.addinivalue_line("markers", recording.MARKER)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say whether tests are recorded."""
    recording.add_options(parser)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the fixture to a test that is marked openai_sandbox or openai_recording, even if it does not ask for it."""
    names = getattr(item, "fixturenames", None)
    marked = any(item.get_closest_marker(name) for name in (NAME, recording.NAME))
    if names is not None and marked and NAME not in names:
        names.insert(0, NAME)


@pytest.fixture
def openai_sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator["Sandbox"]:
    """A sandbox that runs for this one test, and that `OpenAI()` finds. Its ids and answers are the same in every run.

    The marker `openai_sandbox` sets faults and the options of `openai_sandbox.options`. A test's marker takes
    precedence over those of its class and module. With the marker `openai_recording`, a cassette answers.
    """
    from . import Sandbox
    from .faults import DirectiveError

    options = _options(request.node)
    recorded = recording.is_marked(request)
    if recorded:
        options |= recording.options_of(request)
    try:
        sandbox = Sandbox(set_environment=False, **options)
    except (DirectiveError, ValueError) as problem:
        pytest.fail(f"@pytest.mark.openai_sandbox: {problem}", pytrace=False)
    with sandbox:
        for name, value in sandbox.changes().items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        yield sandbox
    if recorded:
        recording.report(request, sandbox)


def _options(node: pytest.Item) -> dict[str, Any]:
    """Return what the markers of a test ask for."""
    from .options import ServerOptions

    named = sorted(("faults", *ServerOptions.__annotations__))
    options: dict[str, Any] = {"seed": SEED}
    for marker in reversed(list(node.iter_markers("openai_sandbox"))):
        given = dict(zip(("faults",), marker.args, strict=False)) if len(marker.args) < 2 else None
        if given is None or marker.kwargs.keys() - set(named) or given.keys() & marker.kwargs.keys():
            pytest.fail(f"@pytest.mark.openai_sandbox takes faults, or by name {', '.join(named)}", pytrace=False)
        options |= given | dict(marker.kwargs)
    return options
