"""Runs `python -m MODULE` as `subprocess.run` does, in processes that begin with openai and pytest already loaded.

Loading openai, and making the types of its answers, takes an interpreter longer than what most tests start one for: one
process does it, and each run is a fork of it. What a test is to see while an interpreter starts needs a real one.
"""

import atexit
import gc
import json
import os
import runpy
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

READY = "ready"
PROGRAMS = Path(__file__).parent / "pages" / "fork_programs.py"
_ONE_AT_A_TIME = threading.Lock()


def run(
    module: str, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ARGUMENTS` in a folder, without input, and return its exit code and what it printed.

    Args:
        module: what is run, such as `pytest`.
        arguments: what it is given.
        cwd: the folder it runs in, which is the first that it imports from.
        env: its whole environment; that of this process unless given. What an interpreter reads from it when it starts,
            such as `PYTHONPATH`, only those see that it starts.
    """
    with TemporaryDirectory() as folder, _ONE_AT_A_TIME:
        printed = {stream: Path(folder, stream) for stream in ("stdout", "stderr")}
        job = {
            "module": module,
            "arguments": arguments,
            "cwd": str(cwd),
            "env": dict(os.environ if env is None else env),
            **{stream: str(path) for stream, path in printed.items()},
        }
        parent = _parent(os.getpid())
        assert parent.stdin
        assert parent.stdout
        parent.stdin.write(f"{json.dumps(job)}\n")
        parent.stdin.flush()
        said = parent.stdout.readline()
        if not said:
            raise RuntimeError(f"the process that runs python -m {module} has ended")
        texts = [path.read_text("utf-8", errors="replace") for path in printed.values()]
        return subprocess.CompletedProcess([sys.executable, "-m", module, *arguments], int(said), *texts)


@cache  # a fork of this process starts its own
def _parent(_: int) -> "subprocess.Popen[str]":
    """Start the process whose forks run what is asked for. It ends with this one."""
    # That process runs this file, too, and is not to load these before it is ready.
    from openai_sandbox import Sandbox

    from .interop.run import scrubbed

    with Sandbox(set_environment=False) as api:
        parent = subprocess.Popen(
            [sys.executable, __file__],
            env=scrubbed(os.environ, api.base_url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert parent.stdout
        assert parent.stdout.readline() == f"{READY}\n"
    atexit.register(_end, parent)
    return parent


def _end(parent: "subprocess.Popen[str]") -> None:
    with parent:
        parent.kill()


def main() -> None:
    """Load what takes long, then run what each line of standard input describes, and answer with its exit code."""
    sys.path.pop(0)  # a program sees its own folder, and not the one of this file
    programs = runpy.run_path(str(PROGRAMS))
    programs["load"]()
    for name, module in sys.modules.items():  # or pytest warns of plugins that are there before it can rewrite them
        if name not in sys.stdlib_module_names and "." not in name:
            module.__doc__ = f"{module.__doc__ or ''} PYTEST_DONT_REWRITE"
    gc.collect()
    gc.freeze()  # no fork has to look through what it shares
    print(READY, flush=True)
    programs["serve"](_be)


def _be(job: dict[str, Any]) -> NoReturn:
    """Be the interpreter that a job describes, and end as it ends."""
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    with open(os.devnull) as nothing, open(job["stdout"], "w") as out, open(job["stderr"], "w") as err:  # noqa: PTH123
        for number, file in enumerate((nothing, out, err)):
            os.dup2(file.fileno(), number)
    sys.argv[:] = [job["module"], *job["arguments"]]
    sys.path.insert(0, job["cwd"])
    code = 0
    try:
        runpy.run_module(job["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
        if code and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined] # what an interpreter does at its end, but for tearing down
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
