"""The distribution `openai-sandbox` in an environment where nothing else is installed.

A source distribution is built, and from it the wheel, unless the variable WHEEL names one that is already built. Needs
uv and the package index.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT, as_of

MEMBER = ROOT / "sandbox"
VERSION: str = tomllib.loads((MEMBER / "pyproject.toml").read_text("utf-8"))["project"]["version"]

# What the sandbox does without: the SDK, the site, and what only an extra asks for.
ABSENT = {"genai-prices", "httpx2", "mkdocs", "openai", "openai-by-example", "pytest", "trustme"}

# A program that knows no library at all.
ASK = """
import json, os, urllib.request

def ask(prompt):
    request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/responses")
    request.add_header("authorization", "Bearer " + os.environ["OPENAI_API_KEY"])
    request.add_header("content-type", "application/json")
    request.data = json.dumps({"model": "gpt-6-luna", "input": prompt}).encode()
    return json.load(urllib.request.urlopen(request))
"""
SANDBOX = """
import sys
from asking import ask
from openai_sandbox import Sandbox

with Sandbox(seed=7) as api:
    reply = ask("Say hello")
assert reply["usage"]["input_tokens"] > 0  # counted by tiktoken, which downloads nothing
assert "requests" not in sys.modules
print(reply["status"], len(api.requests))
"""
SUITE = """
import urllib.error
import pytest
from asking import ask
from sandbox import PROMPT

def test_it_answers(openai_sandbox):
    assert ask(PROMPT)["status"] == "completed"
    assert [one.path for one in openai_sandbox.requests] == ["/v1/responses"]

@pytest.mark.openai_sandbox("rate_limit")
def test_it_fails_when_told_to(openai_sandbox):
    with pytest.raises(urllib.error.HTTPError, match="429"):
        ask(PROMPT)
"""


def uv(*arguments: str) -> None:
    """Run uv.

    Raises:
        subprocess.CalledProcessError: it failed; what it said is in the test's captured output.
    """
    command = [os.environ.get("UV") or shutil.which("uv") or "uv", "--quiet", *arguments]
    subprocess.run(command, cwd=ROOT, env=bare(), check=True)


def bare() -> dict[str, str]:
    """Return the environment without what leads a program to this project, its key or its packages."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OPENAI_", "PYTEST_", "PYTHON", "VIRTUAL_ENV", "UV_PROJECT"))
    }


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with the wheel in it, and the folder of a project that uses it."""

    wheel: Path
    environment: Path
    project: Path
    distributions: frozenset[str]

    def command(self, name: str) -> str:
        """Return the path of a command of the environment."""
        return str(self.environment / ("Scripts" if os.name == "nt" else "bin") / name)

    def run(self, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the environment in the project's folder."""
        return subprocess.run(
            [self.command(name), *arguments],
            cwd=self.project,
            env=bare() | {"PYTHONWARNINGS": "error"},
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("distribution")
    newest = ("--exclude-newer", f"{as_of()}T00:00:00Z")
    if given := os.environ.get("WHEEL"):
        wheel = Path(given).resolve()
    else:
        uv("build", "--package", "openai-sandbox", "--out-dir", f"{folder / 'built'}", *newest)
        (wheel,) = (folder / "built").glob("*.whl")
    environment = folder / "environment"
    uv("venv", "--python", sys.executable, f"{environment}")
    uv("pip", "install", "--python", f"{environment}", *newest, f"{wheel}")

    project = folder / "project"
    (project / "sandbox").mkdir(parents=True)  # a common name, which is the project's own
    (project / "sandbox" / "__init__.py").write_text('PROMPT = "Say hello"\n')
    (project / "asking.py").write_text(ASK)
    (project / "program.py").write_text('from asking import ask\nprint(ask("Say hello")["status"])\n')
    (project / "own.py").write_text(SANDBOX)
    (project / "test_suite.py").write_text(SUITE)
    alone = Installed(wheel, environment, project, frozenset())
    listing = "import importlib.metadata as m, json; print(json.dumps([d.name for d in m.distributions()]))"
    distributions: list[str] = json.loads(alone.run("python", "-c", listing).stdout)
    uv("pip", "install", "--python", f"{environment}", *newest, "pytest")
    return Installed(wheel, environment, project, frozenset(distributions))


def test_the_wheel_installs_one_package_and_its_data(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    information = f"openai_sandbox-{VERSION}.dist-info"
    assert {name.partition("/")[0] for name in names} == {"openai_sandbox", information}
    assert {f"{information}/licenses/LICENSE", f"{information}/licenses/NOTICE"} < names
    assert "openai_sandbox/py.typed" in names
    assert packaged(MEMBER) == {name for name in names if name.startswith("openai_sandbox/")}


def test_the_source_distribution_has_what_the_wheel_is_built_from(installed: Installed) -> None:
    (source,) = installed.wheel.parent.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers()}
    own = {"LICENSE", "NOTICE", "README.md", "PKG-INFO", "pyproject.toml", ".gitignore"}
    assert names == own | packaged(MEMBER)


def packaged(member: Path) -> set[str]:
    """Return the files of the package, as paths from its project."""
    files = (path for path in (member / "openai_sandbox").rglob("*") if path.is_file())
    return {path.relative_to(member).as_posix() for path in files if path.suffix != ".pyc"}


def test_it_brings_neither_the_sdk_nor_what_the_site_needs(installed: Installed) -> None:
    assert {"openai-sandbox", "tiktoken"} < installed.distributions
    assert not ABSENT & installed.distributions


def test_the_command_tells_its_version(installed: Installed) -> None:
    done = installed.run("openai-sandbox", "--version")
    assert (done.stdout, done.stderr, done.returncode) == (f"openai-sandbox {VERSION}\n", "", 0)


def test_it_runs_a_program_that_needs_no_library(installed: Installed) -> None:
    done = installed.run("openai-sandbox", "run", "program.py")
    assert (done.stdout, done.stderr, done.returncode) == ("completed\n", "", 0)


def test_it_is_imported_by_a_program_of_its_own(installed: Installed) -> None:
    done = installed.run("python", "own.py")
    assert (done.stdout, done.stderr, done.returncode) == ("completed 1\n", "", 0)


def test_it_serves(installed: Installed) -> None:
    with subprocess.Popen(
        [installed.command("openai-sandbox"), "serve", "--port", "0"],
        cwd=installed.project,
        env=bare(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout
        try:
            exports = dict(server.stdout.readline().removeprefix("export ").strip().split("=") for _ in range(2))
            assert "gpt-6-luna" in models(exports)
        finally:
            server.terminate()


def models(variables: Mapping[str, str]) -> set[str]:
    """Ask the sandbox at that address for its models."""
    request = urllib.request.Request(f"{variables['OPENAI_BASE_URL']}/models")
    request.add_header("authorization", f"Bearer {variables['OPENAI_API_KEY']}")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return {model["id"] for model in json.load(direct.open(request, timeout=30))["data"]}


def test_the_fixture_works_in_a_project_with_a_package_named_sandbox(installed: Installed) -> None:
    done = installed.run("python", "-m", "pytest", "-q", "--strict-markers", "-p", "no:cacheprovider")
    assert re.search(r"^2 passed", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize(
    ("option", "package"), [(("--tls",), "trustme"), (("--upstream", "http://127.0.0.1:9/v1"), "httpx2")]
)
def test_an_option_that_needs_another_package_names_it(
    installed: Installed, option: tuple[str, ...], package: str
) -> None:
    done = installed.run("openai-sandbox", "serve", "--port", "0", *option)
    assert done.returncode == 2
    assert done.stderr.endswith(f": pip install {package}\n")
    assert done.stderr.count("\n") == 1
