"""Every exception class of the installed SDK has a section, and a program that ends in exactly that class."""

import ast
import contextlib
import io
from functools import cache
from pathlib import Path
from typing import Any

import openai
import pytest

from docs._tools.tables import exception_sections
from docs._tools.tables.exception_sections import (
    Section,
    exception_classes,
    sections,
)
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from tests.conftest import PINNED

from .outputs import place

FEWEST_SECTIONS = 38

each_section = pytest.mark.parametrize("section", sections(), ids=[section.name for section in sections()])

# A program leaves closing the client to the end of the process.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def caught(program: Path, retries: int | None = None) -> tuple[list[BaseException], Sandbox]:
    """Run a program and return what its except clause caught, and the sandbox it spoke to.

    With `retries` the client tries so often again, where the program says that it does not.
    """
    source = program.read_text("utf-8")
    if retries is not None:
        source = source.replace("max_retries=0", f"max_retries={retries}")
    tree = ast.parse(source)
    (handler,) = (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    assert handler.name, f"{place(program)}: the except clause gives the exception no name"
    handler.body.insert(0, ast.parse(f"caught_here.append({handler.name})").body[0])
    found: list[BaseException] = []
    names = {"__name__": "__main__", "__file__": str(program), "caught_here": found}
    with Sandbox(plan_of(program), **PINNED) as api, contextlib.redirect_stdout(io.StringIO()):
        exec(compile(tree, str(program), "exec"), names)  # noqa: S102 - a snippet of this project
    return found, api


@cache
def caught_once(program: Path) -> tuple[list[BaseException], Sandbox]:
    return caught(program)


def test_there_are_sections() -> None:
    assert len(sections()) >= FEWEST_SECTIONS


@each_section
def test_the_program_ends_in_exactly_the_class_of_its_section(section: Section) -> None:
    found, _ = caught_once(section.program)
    assert [type(error) for error in found] == [exception_classes()[section.name]], place(section.program)


@each_section
def test_the_program_does_not_raise_the_class_itself(section: Section) -> None:
    for node in ast.walk(ast.parse(section.program.read_text("utf-8"))):
        assert not isinstance(node, ast.Raise), f"{place(section.program)}: the SDK has to raise it"


@each_section
def test_the_section_says_whether_the_client_tries_again(section: Section) -> None:
    retried = section.retried.startswith("Yes") if isinstance(section.retried, str) else section.retried
    if isinstance(section.retried, str) and not retried:
        return
    _, api = caught(section.program, retries=1) if retried else caught_once(section.program)
    again = [exchange for exchange in api.requests if exchange.headers.get("x-stainless-retry-count", "0") != "0"]
    assert bool(again) is retried, place(section.program)


def test_every_program_belongs_to_a_section() -> None:
    programs = {path for path in exception_sections.PROGRAMS.glob("*.py") if path.name != "__init__.py"}
    assert programs == {section.program for section in sections()}


def test_no_client_lacks_a_class_for_streams() -> None:
    clients: tuple[Any, ...] = (openai.OpenAI, openai.AsyncOpenAI)
    for client in clients:
        assert client()._default_stream_cls is not None
