"""Each lesson has everything it is expected to have."""

import re
import tomllib
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

LESSON = "lessons/first-call/index.html"

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


IN_EACH = (
    "What you'll learn",
    "What it costs",
    "Key takeaways",
    "Common pitfalls",
    "Assignment",
    "Check your understanding",
    "Community notes",
    "Next steps",
    "Resources",
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a later lesson has: headings of its own, programs, tables about costs, and diagrams."""

    page: str
    level: str
    headings: tuple[str, ...]
    programs: tuple[str, ...]
    tables: int
    diagrams: int = 1


LATER = (
    Lesson(
        "lessons/conversation-memory/index.html",
        "Beginner",
        (
            "The problem",
            "Three ways to continue",
            "Name the previous response",
            "Send instructions with every call",
            "Keep the history yourself",
            "Make a conversation",
            "Keep it short",
            "When nothing may be stored",
            "When an id is gone",
        ),
        ("chain.py", "history.py", "conversation.py", "growth.py", "trim.py", "lost_id.py"),
        tables=2,
    ),
    Lesson(
        "lessons/prompting/index.html",
        "Intermediate",
        (
            "A prompt with everything in place",
            "Roles and authority",
            "Examples",
            "Delimiters, variables and templates",
            "An output contract",
            "An order that caches",
            "Reasoning effort",
            "Versions and an evaluation",
            "What can go wrong",
        ),
        (
            "classify.py",
            "classify_chat.py",
            "template.py",
            "cache_order.py",
            "effort.py",
            "effort_chat.py",
            "evaluate.py",
        ),
        tables=2,
    ),
    Lesson(
        "lessons/structured-output/index.html",
        "Intermediate",
        (
            "Pass a class",
            "Write the schema yourself",
            "Describe what you want",
            "What strict mode refuses",
            "When there is no object",
            "Show it while it is generated",
            "Check what a schema cannot express",
            "When to use JSON mode",
        ),
        (
            "extract.py",
            "extract_chat.py",
            "by_hand.py",
            "fields.py",
            "outcomes.py",
            "outcomes_chat.py",
            "partial.py",
            "partial_chat.py",
            "repair.py",
            "json_mode.py",
            "cost.py",
        ),
        tables=1,
    ),
    Lesson(
        "lessons/tools/index.html",
        "Intermediate",
        (
            "How a tool call works",
            "Call one function",
            "Run several functions in a loop",
            "Choose what may be called",
            "Tell the model what went wrong",
            "Limit rounds and money",
            "Set a deadline for each call",
            "Make a side effect happen once",
            "When a request is refused",
        ),
        (
            "one_tool.py",
            "one_tool_chat.py",
            "several_tools.py",
            "several_tools_chat.py",
            "choice.py",
            "mistakes.py",
            "limits.py",
            "slow.py",
            "once.py",
            "cost.py",
        ),
        tables=2,
    ),
    Lesson(
        "lessons/typed-tools/index.html",
        "Intermediate",
        (
            "Register typed functions",
            "Constrain text with a grammar",
            "Test the loop",
            "Use tools that OpenAI runs",
            "Connect an MCP server",
            "Call an MCP server yourself",
            "Contain what a tool returns",
            "Decide what a tool may receive",
            "When a request is refused",
        ),
        (
            "registry.py",
            "registry_chat.py",
            "grammar.py",
            "grammar_chat.py",
            "test_booking.py",
            "built_in.py",
            "approvals.py",
            "bridge.py",
            "injection.py",
            "contained.py",
            "cost.py",
        ),
        tables=1,
    ),
    Lesson(
        "lessons/workflow-patterns/index.html",
        "Intermediate",
        (
            "Start with one call",
            "Chain calls, with a gate between them",
            "Route a message to its own prompt",
            "Run calls at the same time",
            "Let a model split the work",
            "Grade an answer and revise it",
            "Choose a pattern",
            "When a part fails",
        ),
        (
            "single.py",
            "chain.py",
            "chain_chat.py",
            "route.py",
            "route_chat.py",
            "sections.py",
            "votes.py",
            "votes_chat.py",
            "orchestrate.py",
            "optimize.py",
        ),
        tables=1,
        diagrams=5,
    ),
    Lesson(
        "lessons/agent-loop/index.html",
        "Advanced",
        (
            "Decide whether you need an agent",
            "Plan, act, observe, stop",
            "Trace every step, and set a budget",
            "Ask a person first",
            "Resume after a crash",
            "Use the Agents SDK",
            "What neither shows",
            "When something goes wrong",
        ),
        (
            "agent.py",
            "agent_chat.py",
            "budget.py",
            "approve.py",
            "resume.py",
            "agents_sdk.py",
            "agents_sdk_approve.py",
        ),
        tables=1,
    ),
)
PAGES = (LESSON, *(later.page for later in LATER))


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


@pytest.mark.parametrize("later", LATER, ids=lambda later: later.page)
def test_a_later_lesson_is_whole(site: Path, later: Lesson) -> None:
    content = unescape((site / later.page).read_text("utf-8"))
    headings = set(re.findall(r"<h[23][^>]*>(.*?)<", content))
    assert headings >= {*IN_EACH, *later.headings}
    programs = set(re.findall(r'<span class="filename"><a href="([^"]+\.py)" download>', content))
    assert programs >= set(later.programs)
    assert content.count('<figure class="diagram">') == later.diagrams
    assert section(content, "What it costs").count("<table") == later.tables
    assert items(section(content, "Assignment")) == 3
    quiz = section(content, "Check your understanding")
    assert quiz.count("<details") == 5
    assert "<details open" not in quiz


@pytest.mark.parametrize("page", PAGES)
def test_the_card_names_level_kind_minutes_and_the_range_of_the_sdk(site: Path, page: str) -> None:
    card = re.search(r'<p class="card-facts">(.*?)</p>', unescape((site / page).read_text("utf-8")))
    assert card
    (bound,) = (name for name in PROJECT["dependencies"] if re.match(r"openai\b(?!-)", name))
    (sdk,) = (fact for fact in card[1].split(" · ") if fact.startswith("openai"))
    assert re.findall(r"[<>=]+[\d.]+", sdk) == sorted(re.findall(r"[<>=]+[\d.]+", bound), reverse=True)
    level = next((later.level for later in LATER if later.page == page), "Beginner")
    assert re.match(rf"Tutorial · {level} · \d+ minutes · ", card[1])


@pytest.mark.parametrize("page", PAGES)
def test_community_notes_say_how_to_add_one(site: Path, page: str) -> None:
    shown = section(unescape((site / page).read_text("utf-8")), "Community notes")
    assert "docs/notes.yml" in shown
    assert "pull request" in shown
