"""The workflows: what they name is there, and they run and publish what the distribution declares."""

import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs._tools.data.as_of import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, dict[Any, Any]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))
}
JOBS = {f"{name}/{job}": content for name, workflow in WORKFLOWS.items() for job, content in workflow["jobs"].items()}
PROJECT = tomllib.loads((ROOT / "sandbox" / "pyproject.toml").read_text("utf-8"))["project"]

MATRIX = JOBS["check/sandbox"]["strategy"]["matrix"]


def commands(job: dict[str, Any]) -> list[str]:
    """Return the shell commands of a job."""
    return [step["run"] for step in job["steps"] if "run" in step]


def named(command: str) -> Iterator[Path]:
    """Yield the files of this repository that a shell command names, modules among them."""
    for word in re.findall(r"(?<![\w/.$-])(?:\.ci|\.github|docs|sandbox|snippets|tests)/[\w./-]*\w", command):
        yield ROOT / word
    for module in re.findall(r"python -m ((?:docs|tests)[\w.]*)", command):
        yield ROOT / f"{module.replace('.', '/')}.py"


def test_there_are_workflows_that_check_measure_refresh_release_and_try_the_proofs() -> None:
    assert list(WORKFLOWS) == ["check", "lighthouse", "mutations", "refresh", "release"]


@pytest.mark.parametrize("job", JOBS)
def test_a_job_ends_in_time_and_asks_for_no_secret(job: str) -> None:
    content = JOBS[job]
    assert content["timeout-minutes"] <= 40
    assert "permissions" in WORKFLOWS[job.partition("/")[0]]
    assert "secrets." not in yaml.safe_dump(content)


@pytest.mark.parametrize("job", JOBS)
def test_what_a_job_runs_is_there(job: str) -> None:
    missing = [str(path) for command in commands(JOBS[job]) for path in named(command) if not path.exists()]
    assert not missing
    for command in commands(JOBS[job]):
        plain = re.sub(r"\$\{\{.*?\}\}", "value", command)
        done = subprocess.run(["bash", "-n", "-c", plain], capture_output=True, text=True)
        assert done.stderr == ""


def test_files_and_modules_are_found_in_commands() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for job in JOBS.values()
        for command in commands(job)
        for path in named(command)
    }
    assert {
        ".ci/run",
        "tests/distribution/test_wheel.py",
        "tests/sandbox",
        ".github/move_as_of_date.py",
        "tests/versions/run.py",
    } <= found


def test_the_sandbox_is_checked_on_what_it_says_it_runs_on() -> None:
    declared = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert MATRIX["python"] == declared
    assert {system.partition("-")[0] for system in MATRIX["os"]} == {"ubuntu", "macos", "windows"}


def test_what_is_left_out_on_a_system_is_there() -> None:
    left_out = shlex.split(
        " ".join(entry.get("without", "") + " " + entry.get("nor", "") for entry in MATRIX["include"])
    )
    assert len(left_out) == 6
    for option in left_out:
        kind, _, id = option.partition("=")
        file, _, test = id.partition("::")
        assert kind in ("--ignore", "--deselect")
        assert f"def {test}(" in (ROOT / file).read_text("utf-8") if test else (ROOT / file).is_file()


@pytest.mark.parametrize(("tag", "code"), [(f"openai-sandbox-v{PROJECT['version']}", 0), ("openai-sandbox-v0.0.0", 1)])
def test_a_tag_that_is_not_the_version_publishes_nothing(tag: str, code: int) -> None:
    (check,) = (command for command in commands(JOBS["release/build"]) if "GITHUB_REF_NAME" in command)
    done = subprocess.run(["bash", "-ec", check], cwd=ROOT, env=os.environ | {"GITHUB_REF_NAME": tag})
    assert done.returncode == code
    assert JOBS["release/publish"]["needs"] == "build"


def test_only_the_job_that_publishes_may_say_who_it_is() -> None:
    assert JOBS["release/publish"]["permissions"] == {"id-token": "write"}
    assert JOBS["release/publish"]["environment"] == "release"
    assert "permissions" not in JOBS["release/build"]
    assert WORKFLOWS["release"]["permissions"] == {"contents": "read"}


def test_the_refresh_commits_new_files_too() -> None:
    (opens,) = (command for command in commands(JOBS["refresh/refresh"]) if "gh pr create" in command)
    assert "git add -A" in opens
    assert opens.index("git add -A") < opens.index("git commit -m ")


def test_once_a_week_the_proofs_are_tried_on_a_changed_sdk_of_that_day() -> None:
    (when,) = WORKFLOWS["mutations"][True]["schedule"]  # YAML reads `on` as true
    assert when["cron"].split()[2:] == ["*", "*", "1"]
    move, run = commands(JOBS["mutations/mutations"])[-2:]
    assert "move_as_of_date" in move
    assert run == "uv run python -m tests.mutations.run"
