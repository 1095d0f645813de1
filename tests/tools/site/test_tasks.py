"""What lessons ask their readers to try: the page shows it, its check can fail, and its solution passes it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.data.files import DataError
from docs._tools.site import tasks
from docs._tools.site.tasks import Task
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from openai_sandbox.stages.journal import Exchange
from tests.pages.programs import run_source

# Clients for asyncio are not closed: what that says belongs to these tests and to no later ones.
pytestmark = [pytest.mark.usefixtures("collected"), pytest.mark.filterwarnings("ignore::ResourceWarning")]

SNIPPETS = ROOT / "snippets" / "lessons"
FEWEST = {
    "first-call": 4,
    "conversation-memory": 3,
    "prompting": 3,
    "structured-output": 3,
    "tools": 4,
    "typed-tools": 4,
    "workflow-patterns": 3,
    "agent-loop": 4,
}


def program(task: Task) -> Path:
    return SNIPPETS / task.lesson.replace("-", "_") / task.file


def is_done(task: Task, source: str, sandbox: Callable[..., Sandbox]) -> bool:
    path, printed, error = program(task), "", None
    with sandbox(plan_of(path)) as api:
        try:
            printed, _ = run_source(source, path)
        except (Exception, SystemExit) as problem:
            error = type(problem).__name__
        return passes(task, list(api.requests), printed, error, source)


def passes(task: Task, requests: list[Any], printed: str = "", error: str | None = None, source: str = "") -> bool:
    """Tell what the page would, whose Python also takes a check that raises as one that is not passed."""
    seen = {"source": source, "requests": requests, "printed": printed, "error": error, "json": json}
    try:
        return bool(eval(task.passes, seen))  # noqa: S307
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return False


def test_all_lessons_have_tasks() -> None:
    for lesson, fewest in FEWEST.items():
        assert sum(task.lesson == lesson for task in tasks.tasks()) >= fewest


@pytest.mark.parametrize("task", tasks.tasks(), ids=lambda task: task.id)
def test_the_program_of_the_page_does_not_pass_and_the_solution_does(
    task: Task, sandbox: Callable[..., Sandbox]
) -> None:
    source = program(task).read_text("utf-8")
    assert not is_done(task, source, sandbox)
    assert is_done(task, task.solved(source), sandbox)


@pytest.mark.parametrize(
    ("task", "texts"),
    [(task, texts) for task in tasks.tasks() for texts in task.wrong],
    ids=lambda given: given.id if isinstance(given, Task) else "",
)
def test_a_wrong_solution_does_not_pass(task: Task, texts: tasks.Texts, sandbox: Callable[..., Sandbox]) -> None:
    assert not is_done(task, task.solved(program(task).read_text("utf-8"), texts), sandbox)


def test_a_run_that_failed_does_not_pass_unless_its_task_says_so() -> None:
    task = Task("first-call", "it", "ask.py", "", "True", "", "", ())
    fine, refused = Exchange("POST", "/v1/responses", {}, {}, 200), Exchange("POST", "/v1/responses", {}, {}, 400)
    assert passes(task, [fine, replace(refused, status=429, fault="rate_limit")])
    assert not passes(task, [])
    assert not passes(task, [fine, refused])
    assert not passes(task, [fine], error="NameError")
    assert passes(replace(task, may_fail=True), [refused], error="BadRequestError")


def test_all_tasks_of_a_program_are_put_below_it_in_order() -> None:
    page = "".join(
        f'\n```python title="{file}"\n--8<-- "lessons/typed_tools/{file}"\n```\n'
        for file in ("registry.py", "grammar.py", "contained.py")
    )
    shown = tasks.with_tasks(page, "lessons/typed-tools.md")
    found = [shown.index(f'data-task="{task.id}"') for task in tasks.tasks_of("lessons/typed-tools.md")]
    assert found == sorted(found)


def test_a_task_is_put_below_its_program_at_the_same_indentation() -> None:
    page = (
        '=== "Responses"\n\n    ```python title="instruct.py"\n    --8<-- "lessons/first_call/instruct.py"\n    ```\n'
    )
    others = "".join(
        f'\n```python title="{task.file}"\n--8<-- "lessons/first_call/{task.file}"\n```\n'
        for task in tasks.tasks_of("lessons/first-call.md")
        if task.file != "instruct.py"
    )
    shown = tasks.with_tasks(page + others, "lessons/first-call.md")
    assert "    ```\n\n    **Try it.** Give the model different instructions" in shown
    assert '    {: .try-it data-task="other-instructions" }' in shown


def test_a_task_of_a_program_that_the_page_does_not_show_is_named() -> None:
    with pytest.raises(DataError, match=r"ask\.py.*: the page does not show this program"):
        tasks.with_tasks("# Nothing\n", "lessons/first-call.md")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x: [{id: a}]", "a: needs"),
        ("x: [{id: a, file: f, prompt: p, check: '(', done: y, missing: n, solution: []}]", "a: check: "),
    ],
)
def test_a_task_that_cannot_be_used_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "tasks.yml").write_text(text)
    with pytest.raises(DataError, match=said):
        tasks.tasks(tmp_path / "tasks.yml")


def test_a_solution_that_no_longer_fits_is_named() -> None:
    with pytest.raises(DataError, match=r"has no text 'max_output_tokens'"):
        Task("first-call", "it", "ask.py", "", "True", "", "", (("max_output_tokens", ""),)).solved("print(1)\n")
