"""The fixture `openai_sandbox`, as a project meets it that has the package installed."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI, RateLimitError

from openai_sandbox import Sandbox
from openai_sandbox.options import ServerOptions
from tests import forked_python

# By name, as it is installed: to load the other plugins of this environment takes longer than the tests.
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p openai_sandbox"}
# What addopts of this repository switches off: it needs a plugin that is not here.
ALL = {"PYTEST_ADDOPTS": " ".join(f"-p no:looptime_{name}" for name in ("plugin", "timeproxies", "chronometers"))}

ASK = 'OpenAI(max_retries=0).responses.create(model="gpt-6-luna", input="Hi")'

WORKING = f"""
import os
import pytest
from openai import OpenAI, RateLimitError

ids = []

@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_sandbox_of_its_own(openai_sandbox, turn):
    assert os.environ["OPENAI_BASE_URL"] == openai_sandbox.base_url
    assert os.environ["OPENAI_API_KEY"] == openai_sandbox.api_key
    ids.append({ASK}.id)
    assert len(openai_sandbox.requests) == 1

def test_ids_are_the_same_in_every_run():
    assert len(ids) == 2 and len(set(ids)) == 1

@pytest.mark.openai_sandbox(seed=8)
def test_another_seed_gives_others(openai_sandbox):
    assert {ASK}.id != ids[0]

def test_the_environment_is_put_back():
    assert os.environ["OPENAI_API_KEY"] == "mine"

@pytest.mark.openai_sandbox(faults="rate_limit", tier=1)
class TestOptions:
    def test_of_the_class(self, openai_sandbox):
        with pytest.raises(RateLimitError):
            {ASK}
        reply = OpenAI().responses.with_raw_response.create(model="gpt-6-luna", input="Hi")
        assert "x-ratelimit-limit-requests" in reply.headers

    @pytest.mark.openai_sandbox("ok", latency=0.01, now=1_000_000_000)
    def test_beaten_by_those_of_the_test(self, openai_sandbox):
        assert {ASK}.created_at == 1_000_000_000

def test_fixtures_of_ones_own_may_be_called_sandbox_and_api(sandbox, api, openai_sandbox):
    assert (sandbox, api) == (1, 2)

@pytest.fixture
def sandbox():
    return 1

@pytest.fixture
def api():
    return 2
"""

UNUSED = """
import sys

def test_nothing_is_loaded_until_it_is_asked_for():
    heavy = {"httptools", "openai", "httpx2", "tiktoken", "pydantic_core"}
    heavy |= {"openai_sandbox.http.server", "openai_sandbox.core"}
    assert "openai_sandbox.pytest_plugin" in sys.modules
    assert not heavy & sys.modules.keys()
"""


def run(folder: Path, source: str, plugins: dict[str, str], *, run_python: Any = forked_python.run) -> str:
    """Run a suite of one file and return what pytest prints."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers --strict-config\nfilterwarnings = error\n")
    (folder / "test_suite.py").write_text(source)
    environment = os.environ | {"OPENAI_API_KEY": "mine"} | plugins
    return str(run_python("pytest", "-q", "-p", "no:cacheprovider", cwd=folder, env=environment).stdout)


def started(module: str, *arguments: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a module in an interpreter that begins with nothing loaded."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_the_fixture_works_where_the_package_is_installed(tmp_path: Path) -> None:
    output = run(tmp_path, WORKING, ALONE)
    assert "8 passed" in output, output


def test_the_plugin_is_there_and_costs_nothing_where_it_is_not_used(tmp_path: Path) -> None:
    output = run(tmp_path, UNUSED, ALL, run_python=started)
    assert "1 passed" in output, output


TAKES = f"takes faults, or by name {', '.join(sorted(('faults', *ServerOptions.__annotations__)))}"
MISTAKES = {
    'faults="rate_limt"': "faults: unknown fault 'rate_limt': did you mean 'rate_limit'?",
    "tier=9": "there is no tier 9: use 1 to 5",
    'latency="soon"': "latency 'soon' is not understood: use none, realistic or a number of seconds",
    'fault="rate_limit"': TAKES,
    '"ok", 1': TAKES,
    '"ok", faults="ok"': TAKES,
}


MARKED = f"""
import os
import unittest
import pytest
from openai import OpenAI, RateLimitError

pytestmark = pytest.mark.openai_sandbox(faults="rate_limit")

@pytest.fixture
def client():
    return OpenAI(max_retries=0)

def test_starts_a_sandbox_without_the_fixture():
    assert os.environ["OPENAI_API_KEY"].startswith("sk-sandbox")
    with pytest.raises(RateLimitError):
        {ASK}

def test_starts_it_before_other_fixtures(client):
    assert str(client.base_url).startswith("http://127.0.0.1:")

class TestCase(unittest.TestCase):
    def test_starts_it_in_unittest_too(self):
        with self.assertRaises(RateLimitError):
            {ASK}
"""


def test_a_marked_test_gets_the_fixture_without_asking_for_it(tmp_path: Path) -> None:
    output = run(tmp_path, MARKED, ALONE)
    assert "3 passed" in output, output


def test_a_mistake_in_the_marker_is_named_in_one_line(tmp_path: Path) -> None:
    tests = [
        f"@pytest.mark.openai_sandbox({marker})\ndef test_{number}(openai_sandbox): ..."
        for number, marker in enumerate(MISTAKES)
    ]
    output = run(tmp_path, "import pytest\n" + "\n".join(tests), ALONE)
    said = re.findall(r"^@pytest\.mark\.openai_sandbox:? (.*)$", output, re.MULTILINE)
    assert said == list(MISTAKES.values()), output


@pytest.mark.openai_sandbox("rate_limit", seed=1)
def test_the_fixture_works_in_this_repository_too(openai_sandbox: Sandbox) -> None:
    with OpenAI(max_retries=0) as client, pytest.raises(RateLimitError):
        client.models.list()
    assert [one.fault for one in openai_sandbox.requests] == ["rate_limit"]


SETS_A_KEY = """
import os

BEFORE = dict(os.environ)

def test_sets(monkeypatch, openai_sandbox):
    assert os.environ["OPENAI_API_KEY"].startswith("sk-sandbox")
    monkeypatch.setenv("OPENAI_API_KEY", "mine")

def test_after():
    names = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "NO_PROXY")
    assert [os.environ.get(name) for name in names] == [BEFORE.get(name) for name in names]
"""


def test_a_key_that_a_test_sets_itself_is_gone_after_it(tmp_path: Path) -> None:
    assert "2 passed" in run(tmp_path, SETS_A_KEY, ALONE)
