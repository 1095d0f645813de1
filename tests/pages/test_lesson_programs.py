"""The assignment of lesson 01 works as written, and every function of example.py does."""

import asyncio
import importlib
import importlib.resources
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox

from .programs import run_source

FIRST_CALL = ROOT / "snippets" / "lessons" / "first_call"


@pytest.fixture
def example(api: Sandbox) -> Iterator[ModuleType]:
    module = importlib.import_module("snippets.lessons.first_call.example")
    module = importlib.reload(module)  # its client is made for this sandbox
    yield module
    module.client.close()


def printed(function: Callable[[], object], capsys: pytest.CaptureFixture[str]) -> str:
    result = function()
    if asyncio.iscoroutine(result):
        asyncio.run(result)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("basic_call", "blue"),
        ("token_limit", "incomplete IncompleteDetails(reason='max_output_tokens')"),
        ("usage", "gpt-6-luna ResponseUsage(input_tokens=12"),
        ("streaming", "\n"),
        ("parallel", "Nairobi"),
        ("error_handling", "BadRequestError decimal_above_max_value req_"),
    ],
)
def test_a_function_of_the_example_shows_its_concept(
    example: ModuleType, function: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expected in printed(getattr(example, function), capsys)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", ["stream.py", "stream_chat.py"])
@pytest.mark.parametrize(("fault", "complete"), [("ok", True), ("end_early", False), ("content_filter", False)])
def test_a_stream_says_if_the_answer_is_not_complete(
    sandbox: Callable[..., Sandbox], name: str, fault: str, complete: bool
) -> None:
    program = FIRST_CALL / name
    with sandbox(fault):
        text, _ = run_source(program.read_text("utf-8"), program)
    assert text.strip()
    assert ("[not complete" not in text) is complete


def test_temperature_0_repeats_and_1_varies(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    cold, hot = printed(example.temperature_examples, capsys).split("temperature 1.0:")
    assert len(set(cold.splitlines()[1:])) == 1
    assert len(set(hot.splitlines()[1:])) > 1


def test_the_comedian_and_the_professor_answer_differently(
    example: ModuleType, api: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    comedian, professor = printed(example.instructions_examples, capsys).split("a formal professor:")
    assert "scatter" in professor
    assert comedian.split(":")[1].strip()[:20] != professor.strip()[:20]
    assert all(exchange.authored for exchange in api.requests)


def test_every_function_of_the_example_is_offered_in_main(example: ModuleType) -> None:
    source = (importlib.resources.files("snippets") / "lessons/first_call/example.py").read_text("utf-8")
    main = source.partition("def main()")[2]
    functions = [line[4:].partition("(")[0].removeprefix("def ") for line in source.splitlines() if line[:4] == "def "]
    assert all(f"{name}()" in main for name in [*functions, "parallel"] if name != "main")
