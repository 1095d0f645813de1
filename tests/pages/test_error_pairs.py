"""Each problem's failing program fails as its page says, and its fixed program does not."""

import re
from functools import cache
from itertools import zip_longest
from pathlib import Path

import pytest

from docs._tools.tables.error_pages import SNIPPETS, Problem, problems
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from tests.conftest import PINNED

from .outputs import compare, keeping_shapes, place, same
from .programs import Ending, run

FEWEST_PROBLEMS = 104
PROBLEMS = problems()

each_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=[problem.id for problem in PROBLEMS])

# A program that fails leaves closing the client to the end of the process. To its reader, a warning is no error.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::DeprecationWarning"
)


def ending_of(path: Path) -> Ending:
    """Run a program against a sandbox that does to it what its comments say."""
    with Sandbox(plan_of(path), **PINNED):
        return run(path)


@cache
def failing_ending(problem: Problem) -> Ending:
    """Return how the failing program of a problem ends. It is run once."""
    return ending_of(problem.failing)


def expected(program: Path) -> list[str]:
    """Return the lines a program should print: those of its .out file, or of its `#> ` comments."""
    output = program.with_suffix(".out")
    if output.exists():
        return output.read_text("utf-8").splitlines()
    return re.findall(r"^\s*#>(?: (.*))?$", program.read_text("utf-8"), re.MULTILINE)


def prints(ending: Ending, lines: list[str]) -> bool:
    """Tell whether a program ended well and printed these lines."""
    pairs = zip_longest(lines, ending.printed.splitlines())
    return ending.exception is None and all(same(shown, printed) for shown, printed in pairs)


def test_there_are_problems() -> None:
    assert len(PROBLEMS) >= FEWEST_PROBLEMS


def test_every_program_belongs_to_a_problem() -> None:
    paired = {path for problem in PROBLEMS for path in (problem.failing, problem.fixed)}
    found = {path for path in (SNIPPETS / "errors").rglob("*_f*.py") if re.search(r"_(fails|fixed)$", path.stem)}
    assert found == paired


@each_problem
def test_the_failing_program_fails_as_its_page_says(problem: Problem, request: pytest.FixtureRequest) -> None:
    ending, raises = failing_ending(problem), problem.raises
    where = place(problem.failing)
    if raises is None:
        assert ending.exception is None, f"{where}: raises {ending.shown}, but its entry has no `raises`"
        assert prints(ending, expected(problem.failing)), f"{where}: prints\n{ending.printed}"
        return
    assert ending.exception is not None, f"{where}: does not fail"
    assert (ending.exception, ending.status, ending.code) == (raises.type, raises.status, raises.code), where
    assert raises.message in ending.text, f"{where}: {ending.text!r} does not contain {raises.message!r}"
    assert raises.cause in (None, ending.cause), where
    output = problem.failing.with_suffix(".out")
    if request.config.getoption("update_examples"):
        output.write_text(keeping_shapes(output.read_text("utf-8") if output.exists() else "", ending.seen), "utf-8")
    assert output.exists(), f"{where}: create an empty {output.name} beside it, then pytest --update-examples"
    compare(output, ending.seen)


@each_problem
def test_the_fixed_programs_test_fails_when_given_the_failing_program(problem: Problem) -> None:
    lines = expected(problem.fixed)
    assert lines, f"{place(problem.fixed)}: prints nothing: print what shows that it works"
    assert not prints(failing_ending(problem), lines), f"{place(problem.failing)}: prints what the fixed program does"


@each_problem
def test_the_fixed_program_prints_what_its_page_shows(problem: Problem) -> None:
    ending = ending_of(problem.fixed)
    assert prints(ending, expected(problem.fixed)), f"{place(problem.fixed)}: prints\n{ending.seen}"
