"""What lessons ask their readers to try: the page shows it, its check can fail, and its solution passes it."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.data.files import DataError
from docs._tools.site import tasks
from docs._tools.site.tasks import Task
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from tests.pages.programs import run_source

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
    path = program(task)
    with sandbox(plan_of(path)) as api:
        printed, _ = run_source(source, path)
        gc.collect()  # clients for asyncio are not closed: what that says belongs to this test and to no later one
        seen: dict[str, Any] = {"requests": list(api.requests), "printed": printed}
    return bool(eval(task.check, seen))  # noqa: S307


def test_all_lessons_have_tasks() -> None:
    for lesson, fewest in FEWEST.items():
        assert sum(task.lesson == lesson for task in tasks.tasks()) >= fewest


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("task", tasks.tasks(), ids=lambda task: task.id)
def test_the_program_of_the_page_does_not_pass_and_the_solution_does(
    task: Task, sandbox: Callable[..., Sandbox]
) -> None:
    source = program(task).read_text("utf-8")
    assert not is_done(task, source, sandbox)
    assert is_done(task, task.solved(source), sandbox)


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
