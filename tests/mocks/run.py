"""Tests written for other mocks, as people have them: `uv run python -m tests.mocks.run [FILE ...]`.

The guide on moving from another mock shows tests before the move and after it. What they import is in no environment of
this project, so each is run by pytest in one that uv makes, from packages no newer than the as-of date. Needs the
package index, Node and `npm install --no-package-lock`. Exit code 1 if a test did not pass.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.programs import packages, variables
from tests.interop.run import SECONDS, kept_of

from . import tools

FOLDER = ROOT / "snippets" / "guides" / "move_from_another_mock"

# Files that the tests of pages only read, and why: they do not run in the environment of this project.
RUN_HERE = {
    "test_aimock_before.py": "needs aimock-pytest",
    "test_llmock_before.py": "needs llmock",
    "test_openai_responses_before.py": "needs openai-responses, which needs openai 2",
    "test_pydantic_ai_after.py": "needs pydantic-ai",
    "test_pydantic_ai_before.py": "needs pydantic-ai",
    "test_respx_before.py": "needs respx, and openai 2, which sends by httpx",
    "test_respx_openai3.py": "needs respx",
    "test_unittest_mock_before.py": "shows what happens without the sandbox: its environment has none",
}


def run(name: str) -> tuple[bool, str]:
    """Run a file in its environment. Returns whether all its tests passed, and what pytest said."""
    path = FOLDER / name
    source = path.read_text("utf-8")
    ours = ["--editable", str(ROOT / "sandbox")] if "openai_sandbox" in source else []
    python = tools.environment(*packages(source), *ours)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        done = subprocess.run(
            [str(python), "-m", "pytest", "-qq", "-rA", "-p", "no:cacheprovider", name],
            cwd=folder,
            env=kept_of(os.environ) | variables(source) | {"AIMOCK_CLI_PATH": str(tools.AIMOCK / "dist" / "cli.js")},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    passed = re.findall(rf"^PASSED {re.escape(name)}::", done.stdout, re.MULTILINE)
    tests = len(re.findall(r"^def test_", source, re.MULTILINE))
    return done.returncode == 0 and 0 < len(passed) == tests, done.stdout + done.stderr


def main(arguments: list[str]) -> int:
    """Run the named files, or all, print a line for each, and return 1 if one failed."""
    if unknown := set(arguments) - RUN_HERE.keys():
        print(f"no such file: {', '.join(sorted(unknown))}; there are {', '.join(RUN_HERE)}", file=sys.stderr)
        return 2
    if not shutil.which("node") or not tools.AIMOCK.is_dir():
        print("this needs Node, and: npm install --no-package-lock", file=sys.stderr)
        return 2
    failed = 0
    for name in arguments or RUN_HERE:
        passed, said = run(name)
        needs = ", ".join(packages((FOLDER / name).read_text("utf-8")))
        print(f"{'ok' if passed else 'FAILED':<6} {name:<34} {needs}", flush=True)
        if not passed:
            failed += 1
            print(said)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
