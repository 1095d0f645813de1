"""The marker `openai_recording`: which cassette a test uses, and whether it is replayed or recorded.

    @pytest.mark.openai_recording
    def test_it_greets(): ...

Its cassette is `cassettes/<module>/<test>.json` next to the test's module. A VCR cassette that differs only in its file
extension is replayed as it is.
"""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from . import Sandbox

NAME = "openai_recording"
MARKER = f"{NAME}(file, mode, upstream, strict): a cassette answers the test's requests; recorded if it does not exist"
MODES = ("once", "new", "none")
REAL_API = "https://api.openai.com/v1"
NO_NAME = str.maketrans(dict.fromkeys("<>?%*:|\"'/\\", "-"))
LONGEST_NAME = 200
VCR = (".yaml", ".yml")


class Marked(NamedTuple):
    """What a marker says."""

    file: str | None = None
    mode: str | None = None
    upstream: str | None = None
    strict: bool = False


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the command line."""
    group = parser.getgroup("openai-sandbox", "recordings of the OpenAI API")
    group.addoption(
        "--openai-record",
        choices=MODES,
        help="for tests marked openai_recording: once records what has no cassette (default), new what a cassette "
        "lacks, none nothing (default where CI is set)",
    )
    group.addoption(
        "--openai-record-strict", action="store_true", help="fail tests that leave recordings in their cassette unused"
    )


def is_marked(request: pytest.FixtureRequest) -> bool:
    """Tell whether a test is to be answered from a cassette."""
    return request.node.get_closest_marker(NAME) is not None


def options_of(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the sandbox options for a marked test."""
    marked = _marked(request)
    cassette = _cassette(request, marked.file)
    mode = request.config.getoption("--openai-record") or ("none" if os.environ.get("CI") else marked.mode or "once")
    stem = cassette.name.removesuffix(".json")
    old = next((path for path in (cassette.with_name(stem + suffix) for suffix in VCR) if path.exists()), None)
    there = [path for path in (cassette, old) if path and path.exists()]
    if mode == "none" or (mode == "once" and there):
        if not there:
            pytest.fail(
                f"@pytest.mark.{NAME}: no cassette {cassette}, and nothing is recorded: run this test with "
                "--openai-record=once and the key of the API in OPENAI_API_KEY, and commit the file",
                pytrace=False,
            )
        return {"replay": there}
    upstream = marked.upstream or os.environ.get("OPENAI_BASE_URL") or REAL_API
    if not os.environ.get("OPENAI_API_KEY") and not there:
        pytest.fail(
            f"@pytest.mark.{NAME}: {cassette} is to be recorded from {upstream}: set OPENAI_API_KEY to a key for it",
            pytrace=False,
        )
    return {"record": cassette, "mode": mode, "upstream": upstream} | ({"replay": old} if old else {})


def report(request: pytest.FixtureRequest, sandbox: "Sandbox") -> None:
    """Report which recordings a test has not used. With `strict`, the test fails."""
    unused = sandbox.unused_recordings
    if not unused:
        return
    said = f"unused recordings: {', '.join(unused)}"
    request.node.add_report_section("teardown", NAME, said)
    if _marked(request).strict or request.config.getoption("--openai-record-strict"):
        pytest.fail(f"{said}. Delete the cassette and record the test again", pytrace=False)


def _marked(request: pytest.FixtureRequest) -> Marked:
    found: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers(NAME))):
        given = dict(zip(("file",), marker.args, strict=False)) if len(marker.args) < 2 else None
        if given is None or marker.kwargs.keys() - set(Marked._fields) or given.keys() & marker.kwargs.keys():
            pytest.fail(f"@pytest.mark.{NAME} takes file, or by name {', '.join(Marked._fields)}", pytrace=False)
        found |= given | dict(marker.kwargs)
    marked = Marked(**found)
    if marked.mode not in (None, *MODES):
        pytest.fail(
            f"@pytest.mark.{NAME}: mode '{marked.mode}' is not understood: use {', '.join(MODES)}", pytrace=False
        )
    return marked


def _cassette(request: pytest.FixtureRequest, file: str | None) -> Path:
    """Return the path of a test's cassette. A file named by the marker is relative to the test module's folder."""
    folder = request.node.path.parent
    if file is not None:
        return Path(folder / file)
    name = f"{request.cls.__name__}.{request.node.name}" if request.cls else request.node.name
    name = name.translate(NO_NAME)
    if len(name.encode()) > LONGEST_NAME:
        tag = hashlib.sha256(name.encode()).hexdigest()[:16]
        name = f"{name.encode()[: LONGEST_NAME - len(tag)].decode('utf-8', 'ignore')}-{tag}"
    return Path(folder / "cassettes" / request.node.path.stem / f"{name}.json")
