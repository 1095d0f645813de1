"""Lesson 01 has everything a first lesson on this API is expected to have."""

import re
from html import unescape
from pathlib import Path

import pytest

LESSON = "lessons/first-call/index.html"

HEADINGS = [
    "What you'll learn",
    "The problem",
    "How the API works",
    "Instructions and input",
    "Four parameters",
    "The temperature trade-off",
    "Set up your environment",
    "Make the call",
    "Add instructions",
    "Understand responses and costs",
    "Stream the answer",
    "Run calls at once",
    "Handle errors",
    "Run the example code",
    "Key takeaways",
    "Common pitfalls",
    "Real-world impact",
    "Responses and Chat Completions",
    "Assignment",
    "Check your understanding",
    "Next steps",
    "Resources",
]
PROGRAMS = ["example.py", "basic.py", "parallel.py", "errors.py"]
INLINE = ["ask.py", "instruct.py", "usage.py", "stream.py", "gather.py", "retries.py"]
PARAMETERS = ["model", "temperature", "max_output_tokens", "stream"]
FIELDS = ["output_text", "usage.input_tokens", "usage.output_tokens", "usage.total_tokens", "model"]


@pytest.fixture(scope="module")
def lesson(site: Path) -> str:
    return unescape((site / LESSON).read_text("utf-8"))


def section(lesson: str, heading: str) -> str:
    """Return the HTML from one heading of the second level to the next."""
    found = re.search(rf"<h2[^>]*>{re.escape(heading)}<.*?(?=<h2|</article>)", lesson, re.DOTALL)
    assert found, heading
    return found[0]


def items(html: str) -> int:
    return html.count("<li>")


@pytest.mark.parametrize("heading", HEADINGS)
def test_heading(lesson: str, heading: str) -> None:
    assert re.search(rf"<h[23][^>]*>{re.escape(heading)}<", lesson)


@pytest.mark.parametrize("program", PROGRAMS + INLINE)
def test_program(lesson: str, program: str) -> None:
    assert f'<span class="filename">{program}</span>' in lesson


def test_both_diagrams(lesson: str) -> None:
    assert lesson.count('<figure class="diagram">') == 2


@pytest.mark.parametrize(
    ("heading", "count"),
    [("Key takeaways", 7), ("Common pitfalls", 6), ("Assignment", 3), ("Resources", 5)],
)
def test_list(lesson: str, heading: str, count: int) -> None:
    assert items(section(lesson, heading)) == count


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_parameter(lesson: str, parameter: str) -> None:
    assert f"<dt><code>{parameter}</code></dt>" in section(lesson, "How the API works")


@pytest.mark.parametrize("field", FIELDS)
def test_field_of_the_response(lesson: str, field: str) -> None:
    assert f"<dt><code>response.{field}</code></dt>" in section(lesson, "Understand responses and costs")


def test_answers_are_hidden_until_asked_for(lesson: str) -> None:
    quiz = section(lesson, "Check your understanding")
    assert quiz.count("<details") == 5
    assert "<details open" not in quiz
