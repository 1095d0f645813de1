"""The scheduled refresh does what its comment says."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from docs._tools.data.as_of import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "refresh.yml"
SCRIPT = ROOT / ".github" / "move_as_of_date.py"


def commands(job: str) -> list[str]:
    steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"][job]["steps"]
    return [step["run"] for step in steps if "run" in step]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".github").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".github")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def move(project: Path) -> subprocess.CompletedProcess[str]:
    script = project / ".github" / SCRIPT.name
    return subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)


def test_the_as_of_date_moves_to_the_day_that_the_comment_names(project: Path) -> None:
    today = datetime.now(UTC)
    done = move(project)
    assert done.returncode == 0, done.stderr
    text = (project / "pyproject.toml").read_text("utf-8")
    (moved,) = re.findall(r'^exclude-newer = "(\d{4}-\d\d-\d\d)T00:00:00Z"$', text, re.MULTILINE)
    days = {f"{day - timedelta(days=3):%Y-%m-%d}" for day in (today, datetime.now(UTC))}  # midnight may come between
    assert moved in days
    assert "to three days ago" in WORKFLOW.read_text("utf-8").splitlines()[1]


def test_a_date_that_cannot_be_moved_is_said(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\n")
    done = move(project)
    assert done.returncode == 1
    assert "there should be one line exclude-newer" in done.stderr


def test_every_job_moves_the_date_before_it_uses_it() -> None:
    for job in ("endurance", "refresh"):
        run = [command for command in commands(job) if command.startswith("uv run")]
        assert run[0] == "uv run --no-project python .github/move_as_of_date.py"


def test_data_is_read_again_before_what_is_made_of_it_and_checks_come_last() -> None:
    run = commands("refresh")
    order = ["docs._tools.data.price_sources", "docs._tools.generate --write", "--update-examples", "bash .ci/run"]
    places = [next(n for n, command in enumerate(run) if what in command) for what in order]
    assert places == sorted(places)


def test_files_that_are_new_are_committed_too(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    lines = commands("refresh")[-1].splitlines()
    kept = [line.partition(" #")[0].split() for line in lines if re.match(r"git (?:config|add)", line)]
    assert [words[1:] for words in kept[-1:]] == [["add", "-A"]]
    git("init", "--quiet")
    (tmp_path / "new.md").write_text("A page.\n")
    for words in kept:
        git(*words[1:])
    assert git("diff", "--cached", "--name-only").split() == ["new.md"]
    (commit,) = [line for line in lines if line.startswith("git commit")]
    assert re.match(r'git commit -m "', commit)


def test_the_pull_request_says_what_is_overdue_and_what_nobody_has_looked_at() -> None:
    (last,) = [command for command in commands("refresh") if "gh pr create" in command]
    written, _, asked = last.partition("gh pr create")
    assert "uv run python -m docs._tools.tables.freshness" in written
    assert asked.count('--body-file "$RUNNER_TEMP/body.md"') == 2
