"""The marker `openai_recording`, as a project meets it that has the package installed."""

import json
import os
from pathlib import Path

import pytest
import vcr
from openai import OpenAI

from openai_sandbox import Sandbox

from .. import forked_python
from ..good_requests import RESPONSE
from .cassettes.recorded import exchange, exchanges, write

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p openai_sandbox -p no:cacheprovider"}

SUITE = """
import os
import pytest
from openai import OpenAI, RateLimitError

BEFORE = os.environ.get("OPENAI_BASE_URL")

def ask(text="Say hello"):
    return OpenAI(max_retries=0).responses.create(model="gpt-6-luna", input=text).output_text

@pytest.mark.openai_recording
def test_plain():
    assert ask()

@pytest.mark.openai_recording
@pytest.mark.parametrize("text", ["Say hello", "Why is the sky blue?"])
def test_each(text):
    assert ask(text)

@pytest.mark.openai_recording
class TestAll:
    def test_plain(self, openai_sandbox):
        assert ask()
        assert len(openai_sandbox.requests) == 1

    @pytest.mark.openai_sandbox("rate_limit")
    def test_with_a_fault(self):
        with pytest.raises(RateLimitError):
            ask()
        assert ask()

def test_unmarked():
    assert os.environ.get("OPENAI_BASE_URL") == BEFORE
"""
NAMES = [
    "TestAll.test_plain",
    "TestAll.test_with_a_fault",
    "test_each[Say hello]",
    "test_each[Why is the sky blue-]",
    "test_plain",
]


def run(folder: Path, source: str, *options: str, **environment: str | None) -> str:
    """Run a suite of one file and return what pytest prints. Without more, there is no key, and no CI."""
    (folder / "test_suite.py").write_text(source)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers --strict-config\nfilterwarnings = error\n")
    variables = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_") and name != "CI"}
    given = {name: value for name, value in environment.items() if value is not None}
    return forked_python.run("pytest", "-q", "-rA", *options, cwd=folder, env=variables | ALONE | given).stdout


def record(folder: Path, source: str, *options: str, **environment: str) -> tuple[str, Sandbox]:
    """Run a suite with a sandbox as the upstream."""
    with Sandbox(set_environment=False, seed=7) as back:
        keys = {"OPENAI_BASE_URL": back.base_url, "OPENAI_API_KEY": back.api_key}
        return run(folder, source, *options, **keys | environment), back


@pytest.mark.simulates("recording-marker")
def test_a_marked_test_is_recorded_once_and_then_replayed_without_key_and_network(tmp_path: Path) -> None:
    output, back = record(tmp_path, SUITE)
    assert "6 passed" in output, output
    assert len(back.requests) == 5
    folder = tmp_path / "cassettes" / "test_suite"
    assert sorted(path.stem for path in folder.iterdir()) == NAMES
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for environment in ({}, {"CI": "true"}, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "sk-x"}):
        output = run(tmp_path, SUITE, **environment)
        assert "6 passed" in output, output
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


# Without the SDK, whose import takes longer than the rest of a test.
ONE = """
import json, os, urllib.error, urllib.request
import pytest

def ask(text):
    request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/responses")
    request.add_header("authorization", "Bearer " + os.environ["OPENAI_API_KEY"])
    request.add_header("content-type", "application/json")
    request.data = json.dumps({"model": "gpt-6-luna", "input": text}).encode()
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as problem:
        pytest.fail(problem.read().decode())

MARK
def test_it():
    for text in TEXTS:
        ask(text)
"""


def suite(mark: str, *texts: str) -> str:
    return ONE.replace("MARK", f"@pytest.mark.openai_recording{mark}").replace("TEXTS", json.dumps(texts))


@pytest.mark.parametrize(
    ("mark", "options", "environment", "passes"),
    [
        ("", [], {}, False),
        ("", ["--openai-record=new"], {}, True),
        ("(mode='new')", [], {}, True),
        ("(mode='new')", ["--openai-record=none"], {}, False),
        ("(mode='new')", [], {"CI": "true"}, False),
        ("", ["--openai-record=new"], {"CI": "true"}, True),
    ],
)
def test_a_new_request_is_recorded_if_the_mode_says_so(
    tmp_path: Path, mark: str, options: list[str], environment: dict[str, str], passes: bool
) -> None:
    record(tmp_path, suite(mark, "Say hello"))
    output, back = record(tmp_path, suite(mark, "Say hello", "Say goodbye"), *options, **environment)
    assert ("1 passed" in output) == passes, output
    assert len(back.requests) == passes
    if not passes:
        assert "input: 'Say hello' in the recording, 'Say goodbye' in the request" in output


@pytest.mark.simulates("recording-marker")
def test_without_a_cassette_nothing_is_asked_in_ci_or_without_a_key(tmp_path: Path) -> None:
    output, back = record(tmp_path, suite("", "Say hello"), CI="true")
    assert "and nothing is recorded: run this test with --openai-record=once and the key" in output
    assert not back.requests
    output = run(tmp_path, suite("", "Say hello"))
    assert "is to be recorded from https://api.openai.com/v1: set OPENAI_API_KEY" in output
    assert not (tmp_path / "cassettes").exists()


def test_the_marker_names_file_and_upstream(tmp_path: Path) -> None:
    with Sandbox(set_environment=False) as back:
        mark = f"('shared/a.json', upstream='{back.base_url}')"
        assert "1 passed" in run(tmp_path, suite(mark, "Say hello"), OPENAI_API_KEY=back.api_key)
    assert len(exchanges(tmp_path / "shared" / "a.json")) == 1
    assert "1 passed" in run(tmp_path, suite(mark, "Say hello"))


@pytest.mark.parametrize(
    ("mark", "options", "fails"),
    [("", [], False), ("(strict=True)", [], True), ("", ["--openai-record-strict"], True)],
)
def test_a_recording_that_nothing_asks_for_is_reported(
    tmp_path: Path, mark: str, options: list[str], fails: bool
) -> None:
    record(tmp_path, suite(mark, "Say hello", "Say goodbye"))
    output = run(tmp_path, suite(mark, "Say hello"), *options)
    assert "unused recordings: test_it.json#2 POST /v1/responses" in output
    assert ("1 error" in output) == fails


def test_a_cassette_of_vcr_is_replayed_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cassettes" / "test_suite" / "test_it.yaml"
    with Sandbox(seed=7), OpenAI() as client, vcr.use_cassette(str(path)):
        client.responses.create(**RESPONSE)
    before = path.read_bytes()
    assert "1 passed" in run(tmp_path, suite("", "Say hello"))
    output, back = record(tmp_path, suite("", "Say hello", "Say goodbye"), "--openai-record=new")
    assert "1 passed" in output, output
    assert len(back.requests) == 1
    assert path.read_bytes() == before
    assert len(exchanges(path.with_suffix(".json"))) == 1
    assert "1 passed" in run(tmp_path, suite("", "Say hello", "Say goodbye"))


def test_a_test_of_unittest_is_recorded_too(tmp_path: Path) -> None:
    source = (
        "import os, pytest, unittest, urllib.request\n@pytest.mark.openai_recording\n"
        "class TestIt(unittest.TestCase):\n    def test_it(self):\n"
        "        request = urllib.request.Request(os.environ['OPENAI_BASE_URL'] + '/models')\n"
        "        request.add_header('authorization', 'Bearer ' + os.environ['OPENAI_API_KEY'])\n"
        "        with urllib.request.urlopen(request) as reply:\n            assert reply.read()\n"
    )
    assert "1 passed" in record(tmp_path, source)[0]
    assert "1 passed" in run(tmp_path, source)


def test_a_very_long_name_is_cut_and_two_of_them_are_kept_apart(tmp_path: Path) -> None:
    source = (
        suite("", "Say hello")
        .replace("def test_it():", "def test_it(n):")
        .replace("@pytest", f"@pytest.mark.parametrize('n', ['{'a' * 300}1', '{'a' * 300}2'])\n@pytest", 1)
    )
    assert "2 passed" in record(tmp_path, source)[0]
    names = [path.name for path in (tmp_path / "cassettes" / "test_suite").iterdir()]
    assert len(names) == 2
    assert all(len(name) < 210 for name in names)
    assert "2 passed" in run(tmp_path, source)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("(modes='new')", "takes file, or by name file, mode, upstream, strict"),
        ("('a.json', 'new')", "takes file, or by name file, mode, upstream, strict"),
        ("(mode='all')", "mode 'all' is not understood: use once, new, none"),
        ("(upstream='nowhere')", "'nowhere' is not the base URL of a server"),
    ],
)
def test_a_mistake_in_the_marker_is_named(tmp_path: Path, mark: str, said: str) -> None:
    output = run(tmp_path, suite(mark, "Say hello"), OPENAI_API_KEY="sk-sandbox")
    assert said in output
    assert "Traceback" not in output


def test_a_broken_cassette_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cassettes" / "test_suite" / "test_it.json"
    path.parent.mkdir(parents=True)
    write(path, exchange({}, {}, status="200"))
    assert f"{path}: exchange 1, response.status: " in run(tmp_path, suite("", "Say hello"))
