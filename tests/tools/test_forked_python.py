"""A fork of an interpreter behaves as an interpreter that is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked_python

PROGRAMS = {
    "prints": "import sys\nprint('said')\nprint('warned', file=sys.stderr)\n",
    "ends with a number": "import sys\nsys.exit(3)\n",
    "ends with a text": "import sys\nsys.exit('no such file')\n",
    "sees what it is given": "import os, sys\nprint(sys.argv[1:], os.getcwd(), sorted(os.environ), sys.stdin.read())\n",
    "imports from its folder": "import beside\nprint(beside.__name__, __name__)\n",
    "says something at its end": "import atexit\natexit.register(print, 'end')\n",
    "waits for its threads": "import threading\nthreading.Timer(0.1, print, ['late']).start()\n",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_prints_and_ends_as_one_that_is_started(tmp_path: Path, program: str) -> None:
    (tmp_path / "beside.py").touch()
    (tmp_path / "program.py").write_text(PROGRAMS[program])
    env = {"PATH": os.environ["PATH"], "LC_CTYPE": "C.UTF-8"}
    forked = forked_python.run("program", "a", "b c", cwd=tmp_path, env=env)
    command = [sys.executable, "-m", "program", "a", "b c"]
    started = subprocess.run(
        command, cwd=tmp_path, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_an_exception_ends_it_with_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("raise ValueError('why')\n")
    ended = forked_python.run("program", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.endswith("ValueError: why\n")


def test_it_begins_with_openai_and_sees_nothing_of_the_run_before(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import os, sys\nprint('openai' in sys.modules, getattr(sys, 'left', None), os.environ.get('LEFT'))\n"
        "sys.left = os.environ['LEFT'] = 'left'\n"
    )
    assert [forked_python.run("program", cwd=tmp_path).stdout for _ in range(2)] == ["True None None\n"] * 2
