"""Programs of the pages about errors run in the surroundings that they declare."""

from pathlib import Path

import pytest

from openai_sandbox.http.address import API_KEY

from .programs import run

SHOWS_KEYS = """
import os
from pathlib import Path

print(os.environ.get("OPENAI_API_KEY"), Path(".env").exists() and Path(".env").read_text())
"""


def printed(folder: Path, source: str) -> str:
    program = folder / "show.py"
    program.write_text(source, "utf-8")
    return run(program).printed.strip()


@pytest.mark.parametrize(
    ("needs", "shown"),
    [
        ("process", f"{API_KEY} False"),
        (".env", f"None OPENAI_API_KEY={API_KEY}"),
        (".env, OPENAI_API_KEY=old", f"old OPENAI_API_KEY={API_KEY}"),
        ("OPENAI_API_KEY=", "False"),
    ],
)
def test_the_key_stands_where_the_program_says(tmp_path: Path, needs: str, shown: str) -> None:
    assert printed(tmp_path, f"# needs: {needs}\n{SHOWS_KEYS}") == shown


def test_the_folder_of_the_program_is_shown_as_the_readers(tmp_path: Path) -> None:
    source = "# needs: process\nimport tempfile\nprint(__file__, tempfile.mkdtemp() + '/openai.py')\n"
    assert printed(tmp_path, source) == "/home/you/project/show.py /home/you/project/openai.py"


def test_an_exception_is_told_with_the_readers_folder(tmp_path: Path) -> None:
    program = tmp_path / "fail.py"
    program.write_text("# needs: process\nraise OSError(__file__)\n", "utf-8")
    ending = run(program)
    assert (ending.exception, ending.shown) == ("OSError", "OSError: /home/you/project/fail.py\n")
