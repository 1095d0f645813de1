"""Runs programs, each in its own folder and process: `python fork_programs.py REPORT_ENDING CERTIFICATES`.

Stands alone: interpreters with other packages run it. Each line of standard input describes a program, and a line is
the answer when it has ended. Loading openai, and making the types of its answers, takes longer than most programs do:
it is done once, before the first, against the API that the environment names. What else a program finds is in the
folder of packages that its line names.
"""

import contextlib
import importlib
import json
import os
import runpy
import sys
import traceback
from collections.abc import Callable
from typing import Any


def main(reporter: str, certificates: str) -> None:
    """Run what each line describes, and answer with its exit code."""
    sys.path.pop(0)  # a program sees its own folder, and not the one of this file
    report = runpy.run_path(reporter)["main"]
    runpy.run_path(certificates)["remember"]()
    load()
    serve(lambda job: be_program(job, report))


def serve(be: "Callable[[dict[str, Any]], None]") -> None:
    """Be what each line of standard input describes, in a fork, and answer with its exit code."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            be(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def load() -> None:
    """Load what the programs use. What is not installed, or not there in an old version, they have to do without."""
    with contextlib.suppress(ImportError, AttributeError), importlib.import_module("openai").OpenAI() as client:
        asked = {"model": "gpt-6-luna", "stream": True}
        for _ in client.chat.completions.create(messages=[{"role": "user", "content": "Say hello"}], **asked):
            pass
        client.responses.create(model="gpt-6-luna", input="Say hello")
        for _ in client.responses.create(input="Say hello", **asked):
            pass
    with contextlib.suppress(ImportError):
        importlib.import_module("pytest")
        importlib.import_module("openai_sandbox.api.routes").warm_up()


def be_program(job: "dict[str, Any]", report: Any) -> None:
    """Run a program in this process, which ends with it."""
    code = 1
    try:
        os.chdir(job["folder"])
        for name in [name for name in os.environ if name.startswith("OPENAI_")]:
            del os.environ[name]
        os.environ.update(job["variables"])
        with open("printed", "w") as printed:  # noqa: PTH123
            os.dup2(printed.fileno(), 1)
            os.dup2(printed.fileno(), 2)
        sys.path[:] = [job["packages"] if "site-packages" in entry else entry for entry in sys.path]
        sys.path.insert(0, job["folder"])
        if job["pytest"]:
            code = importlib.import_module("pytest").main([*job["pytest"], job["program"]])
        else:
            report(job["program"], "ending.json")
            code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(code))


if __name__ == "__main__":
    main(*sys.argv[1:])
