"""Each lesson has everything it is expected to have."""

import re
import tomllib
from html import unescape
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

LESSON = "lessons/first-call/index.html"
MEMORY = "lessons/conversation-memory/index.html"
PROMPTING = "lessons/prompting/index.html"

HEADINGS = [
    "What you'll learn",
    "Why learn the API itself",
    "How the API works",
    "Instructions and input",
    "Four parameters",
    "The temperature trade-off",
    "Set up your environment",
    "Make the call",
    "Add instructions",
    "Understand responses and costs",
    "Stream the answer",
    "Make calls in parallel",
    "Handle errors",
    "Run the example code",
    "Key takeaways",
    "Common pitfalls",
    "Where you will use this",
    "Responses and Chat Completions",
    "Assignment",
    "Check your understanding",
    "Tools",
    "Community notes",
    "Next steps",
    "Resources",
]
PROGRAMS = ["example.py", "basic.py", "parallel.py", "errors.py"]
INLINE = ["ask.py", "instruct.py", "usage.py", "stream.py", "gather.py", "retries.py"]
PARAMETERS = ["model", "temperature", "max_output_tokens", "stream"]
FIELDS = ["output_text", "usage.input_tokens", "usage.output_tokens", "usage.total_tokens", "model"]


MEMORY_HEADINGS = [
    "What you'll learn",
    "The problem",
    "Three ways to continue",
    "Name the previous response",
    "Send instructions with every call",
    "Keep the history yourself",
    "Make a conversation",
    "What it costs",
    "Keep it short",
    "When nothing may be stored",
    "When an id is gone",
    "Key takeaways",
    "Common pitfalls",
    "Assignment",
    "Check your understanding",
    "Community notes",
    "Next steps",
    "Resources",
]
PROMPTING_HEADINGS = [
    "What you'll learn",
    "A prompt with everything in place",
    "Roles and authority",
    "Examples",
    "Delimiters, variables and templates",
    "An output contract",
    "An order that caches",
    "Reasoning effort",
    "Versions and an evaluation",
    "What it costs",
    "What can go wrong",
    "Key takeaways",
    "Common pitfalls",
    "Assignment",
    "Check your understanding",
    "Community notes",
    "Next steps",
    "Resources",
]
PROMPTING_PROGRAMS = [
    *("classify.py", "classify_chat.py", "template.py", "cache_order.py"),
    *("effort.py", "effort_chat.py", "evaluate.py"),
]
MEMORY_PROGRAMS = ["chain.py", "history.py", "conversation.py", "growth.py", "trim.py", "lost_id.py"]


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
    assert f'<span class="filename"><a href="{program}" download>{program}</a>' in lesson


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


@pytest.fixture(scope="module")
def memory(site: Path) -> str:
    return unescape((site / MEMORY).read_text("utf-8"))


@pytest.mark.parametrize("heading", MEMORY_HEADINGS)
def test_memory_has_heading(memory: str, heading: str) -> None:
    assert re.search(rf"<h[23][^>]*>{re.escape(heading)}<", memory)


@pytest.mark.parametrize("program", MEMORY_PROGRAMS)
def test_memory_has_program(memory: str, program: str) -> None:
    assert f'<span class="filename"><a href="{program}" download>{program}</a>' in memory


def test_memory_has_its_diagram_tables_assignment_and_quiz(memory: str) -> None:
    assert memory.count('<figure class="diagram">') == 1
    assert section(memory, "What it costs").count("<table") == 2
    assert items(section(memory, "Assignment")) == 3
    assert section(memory, "Check your understanding").count("<details") == 5


@pytest.fixture(scope="module")
def prompting(site: Path) -> str:
    return unescape((site / PROMPTING).read_text("utf-8"))


@pytest.mark.parametrize("heading", PROMPTING_HEADINGS)
def test_prompting_has_heading(prompting: str, heading: str) -> None:
    assert re.search(rf"<h2[^>]*>{re.escape(heading)}<", prompting)


@pytest.mark.parametrize("program", PROMPTING_PROGRAMS)
def test_prompting_has_program(prompting: str, program: str) -> None:
    assert f'<span class="filename"><a href="{program}" download>{program}</a>' in prompting


def test_prompting_has_its_diagram_tables_assignment_and_quiz(prompting: str) -> None:
    assert prompting.count('<figure class="diagram">') == 1
    assert section(prompting, "What it costs").count("<table") == 2
    assert items(section(prompting, "Assignment")) == 3
    assert section(prompting, "Check your understanding").count("<details") == 5
    assert items(section(prompting, "What can go wrong")) == 4


@pytest.mark.parametrize("page", [LESSON, MEMORY, PROMPTING])
def test_the_card_names_level_kind_minutes_and_the_range_of_the_sdk(site: Path, page: str) -> None:
    card = re.search(r'<p class="card-facts">(.*?)</p>', unescape((site / page).read_text("utf-8")))
    assert card
    (bound,) = (name for name in PROJECT["dependencies"] if re.match(r"openai\b(?!-)", name))
    (sdk,) = (fact for fact in card[1].split(" · ") if fact.startswith("openai"))
    assert re.findall(r"[<>=]+[\d.]+", sdk) == sorted(re.findall(r"[<>=]+[\d.]+", bound), reverse=True)
    level = "Intermediate" if page == PROMPTING else "Beginner"
    assert re.match(rf"Tutorial · {level} · \d+ minutes · ", card[1])


@pytest.mark.parametrize("page", [LESSON, MEMORY, PROMPTING])
def test_community_notes_say_how_to_add_one(site: Path, page: str) -> None:
    shown = section(unescape((site / page).read_text("utf-8")), "Community notes")
    assert "docs/notes.yml" in shown
    assert "pull request" in shown
