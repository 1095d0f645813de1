"""Every snippet is imported and run, and prints what the pages show."""

import ast
import importlib
import re
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Never

import pytest
from genai_prices import Usage, calc_price
from pytest_examples import CodeExample, EvalExample

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.ledger.programs import is_test, needs_own_process
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from openai_sandbox.model.embeddings import embedding_models
from openai_sandbox.model.families import text_models

from . import terminal
from .outputs import compare, keeping_shapes, place, same

# A reader's script leaves closing the client to the end of the process.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

FEWEST_SNIPPETS = 11
LONGEST_SNIPPET = 30
LONGEST_RECIPE = 45  # classes and errors of its own among them; how it is demonstrated is not counted
DEMONSTRATION = 'if __name__ == "__main__":'
MODEL = re.compile(r"""["']?\bmodel["']?\s*[:=]\s*["']([^"']+)""")


def test_there_are_snippets(python_snippets: list[Path]) -> None:
    assert len(python_snippets) >= FEWEST_SNIPPETS


def is_recipe(source: str) -> bool:
    return DEMONSTRATION in source


def test_snippet_prints_what_the_page_shows(
    runnable: Path,
    eval_example: EvalExample,
    sandbox: Callable[..., Sandbox],
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    output = runnable.with_suffix(".out")
    updating = bool(request.config.getoption("update_examples"))
    if is_test(runnable):
        check_test(runnable, sandbox, updating)
        return
    example = CodeExample.create(runnable.read_text("utf-8"), path=runnable, prefix="python")
    if output.exists():
        run = eval_example.run
    else:
        run = eval_example.run_print_update if updating else eval_example.run_print_check
    eval_example.set_config(line_length=120)
    failure = ""
    with sandbox(plan_of(runnable)) as api:
        try:
            run(example)
        except pytest.fail.Exception as problem:
            failure = f"{place(runnable)}: prints something else than the file says\n{problem}"
        except BaseException as problem:
            failure = f"{place(runnable, line_of(problem))}: {traceback.format_exception_only(problem)[-1]}"
    stand_ins = [exchange.body for exchange in api.requests if exchange.authored is False]
    if stand_ins:
        eval_example.to_update.clear()
        failure = (
            f"{place(runnable)}: nobody has written an answer for this request: add three to six to "
            f"sandbox/openai_sandbox/model/answers.json\n{stand_ins[0]}"
        )
    if failure:
        pytest.fail(failure, pytrace=False)
    if output.exists():
        printed = capsys.readouterr().out
        if updating:
            output.write_text(keeping_shapes(output.read_text("utf-8"), printed), "utf-8")
        else:
            compare(output, printed)


def check_test(snippet: Path, sandbox: Callable[..., Sandbox], updating: bool) -> None:
    """Run a snippet that is a test with pytest. It passes, and prints what the page shows if it shows anything."""
    output = snippet.with_suffix(".out")
    files = (snippet.name,) if output.exists() else files_to_run(snippet)
    with sandbox(plan_of(snippet)):
        printed = printed_by_tests(files, snippet.parent)
    passed = f"PASSED {snippet.name}::" in printed
    failed = re.search(rf"^(FAILED|ERROR) {re.escape(snippet.name)}", printed, re.MULTILINE)
    assert passed and not failed, f"{place(snippet)}: does not pass\n{printed}"
    if output.exists() and updating:
        output.write_text(printed, "utf-8")
    elif output.exists():
        compare(output, printed)


def files_to_run(snippet: Path) -> tuple[str, ...]:
    """Return the tests of a snippet's folder that need no environment of their own."""
    found = sorted(snippet.parent.glob("test_*.py"))
    return tuple(path.name for path in found if not needs_own_process(path.read_text("utf-8")))


@cache
def printed_by_tests(files: tuple[str, ...], folder: Path) -> str:
    """Run test files of a folder with pytest, once for all that ask for the same, and return what is printed."""
    done = terminal.run_pytest(list(files), folder)
    return done.stdout + done.stderr


def test_a_snippet_that_is_a_test_fails_when_it_does_not_pass(
    sandbox: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tests.pages.outputs.ROOT", tmp_path)
    for name, test in (("sums", "assert 1 + 1 == 3"), ("imports", "import nothing_like_it"), ("fine", "pass")):
        (tmp_path / f"test_{name}.py").write_text(f"def test_it():\n    {test}\n")
    for name in ("sums", "imports"):
        with pytest.raises(AssertionError, match=rf"test_{name}\.py: does not pass"):
            check_test(tmp_path / f"test_{name}.py", sandbox, False)
    check_test(tmp_path / "test_fine.py", sandbox, False)


def line_of(problem: BaseException) -> int | None:
    """Return the line of the snippet in which an exception came up.

    The traceback holds the snippet's own frames only. They are pytest-examples' imitations, which `traceback` cannot
    read on Python 3.11, so they are walked by hand and taken off the exception.
    """
    line: int | None = getattr(problem, "lineno", None)
    step = problem.__traceback__
    while step:
        line = step.tb_lineno
        step = step.tb_next
    problem.__traceback__ = None
    return line


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("0.4... s", "0.43 s", True),
        ("0.4... s", "1.2 s", True),
        ("0.4... s", "0.39 s", False),
        ("0.4... s", "1.21 s", False),
        ("0.4... s", "soon", False),
        ("0.42{0.4...} s", "0.4 s", True),
        ("0.42{0.4...} s", "1.2 s", True),
        ("0.42{0.4...} s", "0.39 s", False),
        ("2... of 3...", "2 of 4", True),
        ("2... of 3...", "2 of 10", False),
    ],
)
def test_numbers_that_vary_are_checked_by_their_size(shown: str, printed: str, expected: bool) -> None:
    assert same(shown, printed) == expected


def test_output_that_differs_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.pages.outputs.ROOT", tmp_path)
    output = tmp_path / "ask.out"
    output.write_text("one\ntwo 0.4... s\n")
    compare(output, "one\ntwo 0.5 s\n")
    for printed in ("one\ntwo 9 s\n", "one\n", "one\ntwo 0.5 s\nthree\n"):
        with pytest.raises(pytest.fail.Exception, match=r"ask\.out:[23]: the snippet prints something else"):
            compare(output, printed)
    assert keeping_shapes("one\ntwo 0.4... s\n", "1\ntwo 0.5 s\n") == "1\ntwo 0.4... s\n"


def test_snippet_can_be_imported(
    runnable: Path,
    sandbox: Callable[..., Sandbox],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = ".".join(runnable.relative_to(ROOT).with_suffix("").parts)
    monkeypatch.delitem(sys.modules, module, raising=False)
    if is_test(runnable):
        monkeypatch.syspath_prepend(runnable.parent)  # as pytest does: a test may import the program that it tests
    if not is_recipe(runnable.read_text("utf-8")):
        with sandbox(plan_of(runnable)):
            importlib.import_module(module)
        return

    def refuse(*_: Any) -> Never:
        raise AssertionError(f"{place(runnable)}: a recipe must not use the network when it is imported")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    importlib.import_module(module)
    assert capsys.readouterr().out == "", f"{place(runnable)}: a recipe must not print when it is imported"


def test_snippets_are_formatted(python_snippets: list[Path], tmp_path: Path) -> None:
    for snippet in python_snippets:
        copy = tmp_path / snippet.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        # As `#:` the formatter leaves the output comments alone.
        copy.write_text(snippet.read_text("utf-8").replace("#> ", "#: "), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "84", "--diff", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"format them like this\n{done.stdout.replace('#: ', '#> ')}"


def test_snippet_begins_with_a_docstring_of_one_line(snippet: Path) -> None:
    docstring = ast.get_docstring(ast.parse(snippet.read_text("utf-8")), clean=False)
    assert docstring, f"{place(snippet)}: say in a docstring what the program does"
    assert "\n" not in docstring, f"{place(snippet)}: one line is enough"


def test_snippet_is_short_enough_to_read(snippet: Path) -> None:
    if snippet.name != "example.py":
        source = snippet.read_text("utf-8")
        longest = LONGEST_RECIPE if is_recipe(source) else LONGEST_SNIPPET
        lines = source.partition(DEMONSTRATION)[0].splitlines()
        code = [line for line in lines if line.strip() and not re.match(r"\s*#(>| sandbox:)", line)]
        assert len(code) <= longest, f"{place(snippet)}: {len(code)} lines of code; split it"


def test_snippet_does_not_mention_the_sandbox(snippet: Path) -> None:
    source = snippet.read_text("utf-8")
    code = re.sub(r"^\s*# sandbox:.*$", "", source, flags=re.MULTILINE)
    if not is_test(snippet):
        assert "sandbox" not in code, f"{place(snippet)}: a reader's program knows no sandbox"


def test_models_in_snippets_exist_have_a_price_and_a_future() -> None:
    found = 0
    for path in sorted((ROOT / "snippets").rglob("*")):
        if path.suffix not in (".py", ".sh", ".js"):
            continue
        for name in MODEL.findall(path.read_text("utf-8")):
            name = name.removeprefix("openai:")  # as pydantic-ai writes it
            found += 1
            name = name.removeprefix("openai:")  # as pydantic-ai names it
            assert name in text_models() | embedding_models(), f"{place(path)}: the SDK knows no model '{name}'"
            calc_price(Usage(input_tokens=1), name, provider_id="openai")
            if name in embedding_models():
                continue
            shutdown = text_models()[name].shutdown
            assert shutdown is None or shutdown > as_of() + timedelta(days=60), (
                f"{place(path)}: '{name}' shuts down on {shutdown}, within 60 days of {as_of()}"
            )
    assert found >= FEWEST_SNIPPETS
