"""Where `load_dotenv()` looks, and what it leaves alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nprint(os.environ.get('OPENAI_API_KEY'))\n"


def run(script: Path, cwd: Path, **variables: str) -> str:
    return python(str(script), cwd=cwd, **variables)


def python(*arguments: str, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment | variables, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.proves("dotenv-walks-up")
def test_dotenv_walks_up_from_the_scripts_folder(tmp_path: Path) -> None:
    script = tmp_path / "project" / "deep" / "script.py"
    elsewhere = tmp_path / "elsewhere"
    for folder in (script.parent, elsewhere):
        folder.mkdir(parents=True)
    script.write_text(SCRIPT)
    (tmp_path / "project" / ".env").write_text("OPENAI_API_KEY=above-the-script\n")
    (elsewhere / ".env").write_text("OPENAI_API_KEY=where-it-was-started\n")
    assert run(script, elsewhere) == "above-the-script"
    script.write_text(f"import sys\nsys.settrace(lambda *_: None)\n{SCRIPT}")
    assert run(script, elsewhere) == "where-it-was-started"
    assert python("-c", SCRIPT, cwd=elsewhere) == "where-it-was-started"
    assert python("-m", "IPython", "--quick", "-c", SCRIPT, cwd=elsewhere) == "where-it-was-started"


@pytest.mark.proves("dotenv-walks-up")
def test_dotenv_begins_in_the_folder_of_the_module_that_calls_it(tmp_path: Path) -> None:
    script = tmp_path / "scripts" / "script.py"
    for folder in ("scripts", "app"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ".env").write_text(f"OPENAI_API_KEY={folder}\n")
    (tmp_path / ".env").write_text("OPENAI_API_KEY=above\n")
    (tmp_path / "app" / "settings.py").write_text(SCRIPT)
    script.write_text(f"import sys\nsys.path.append({str(tmp_path / 'app')!r})\nimport settings\n")
    assert run(script, tmp_path / "scripts") == "app"
    (tmp_path / "app" / ".env").unlink()
    assert run(script, tmp_path / "scripts") == "above"


@pytest.mark.proves("dotenv-does-not-override")
def test_dotenv_leaves_a_set_variable_alone(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=from-the-file\n")
    assert run(script, tmp_path) == "from-the-file"
    for value in ("from-the-shell", ""):
        assert run(script, tmp_path, OPENAI_API_KEY=value) == value
