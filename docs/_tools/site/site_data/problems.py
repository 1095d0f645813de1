"""problems.json: the problems of the pages about errors, for the error finder and for other programs."""

from dataclasses import field
from pathlib import Path
from typing import Self

from pydantic.dataclasses import dataclass

from ...data.generated import generates
from ...ledger.pages import plain
from ...tables import error_pages, exception_sections
from .document import PUBLISHED, Document, text

LONGEST_MESSAGE = 200
"""How many characters of a line the finder compares: the rest is usually an object's repr."""


@dataclass(config=PUBLISHED)
class Problem:
    """A problem, its cause and its fix. Texts are Markdown without links."""

    id: str
    """Its name on this site."""
    url: str
    """The address of its section, relative to the root of the site."""
    title: str
    """The heading of its section."""
    symptom: str
    """What goes wrong, as its reader sees it."""
    cause: str
    """Why it goes wrong."""
    fix: str
    """What to do about it."""
    exception: str | None
    """The full name of the class that is raised. Null: nothing is raised, the result is wrong."""
    status: int | None
    """The HTTP status of the answer. Null: no answer causes it."""
    code: str | None
    """The `code` in the API's answer. Null: it has none."""
    raised_from: str | None
    """The full name of the class of the exception's `__cause__`. Null: it has none, or it does not matter."""
    messages: list[str]
    """Lines that are printed and other wordings that were seen, at most 200 characters of each printed line."""
    evidence: error_pages.Evidence
    """`executed`: a test runs both programs. `replayed`: so it does, on an answer that the sandbox simulates."""
    fails: str
    """The path of the program that shows the problem in snippets.json."""
    fixed: str
    """The path of the program without the problem in snippets.json."""
    recognized_by: list[list[str]] = field(default_factory=list)
    """Wordings that only this problem has. All texts of a list must be there, and `*` is up to 80 characters of any
    kind. Case, kinds of quotes and line breaks do not matter."""


@dataclass(config=PUBLISHED)
class ExceptionClass:
    """An exception class of the openai package. Texts are Markdown without links."""

    name: str
    """Its name, without the package."""
    url: str
    """The address of its section, relative to the root of the site."""
    when: str
    """When it is raised."""
    do: str
    """What to do about it."""


@dataclass(kw_only=True, config=PUBLISHED)
class Problems(Document):
    """What goes wrong with the OpenAI API and the openai package: messages, cause, fix, and two programs for each."""

    problems: list[Problem]
    """The problems, page by page."""
    exceptions: list[ExceptionClass] = field(default_factory=list)
    """The exception classes of the installed package, for a message that none of the problems has."""

    @classmethod
    def read(cls) -> Self:
        """Return what the pages say."""
        return cls(
            problems=[_problem(problem) for problem in error_pages.problems()],
            exceptions=[
                ExceptionClass(
                    section.name,
                    f"errors/exceptions/#{section.name.lower()}",
                    plain(section.when),
                    plain(section.do),
                )
                for section in exception_sections.sections()
            ],
        )


@generates("sandbox/openai_sandbox/explain/problems.json")
def explained() -> str:
    """Return the same file for the sandbox, whose command `explain` reads it."""
    return text(Problems.read())


def _problem(problem: error_pages.Problem) -> Problem:
    raises = problem.raises
    output = problem.failing.with_suffix(".out")
    lines = output.read_text("utf-8").splitlines() if raises and output.exists() else []
    return Problem(
        id=problem.id,
        url=f"errors/{problem.page}/#{problem.id}",
        title=problem.title,
        symptom=plain(problem.symptom),
        cause=plain(problem.cause),
        fix=plain(problem.fix),
        exception=raises.type if raises else None,
        status=raises.status if raises else None,
        code=raises.code if raises else None,
        raised_from=raises.cause if raises else None,
        messages=[*(line[:LONGEST_MESSAGE] for line in lines if line.strip()), *problem.messages],
        recognized_by=[[texts] if isinstance(texts, str) else list(texts) for texts in problem.recognized_by],
        evidence=problem.evidence,
        fails=_place(problem.failing),
        fixed=_place(problem.fixed),
    )


def _place(program: Path) -> str:
    return program.relative_to(error_pages.SNIPPETS).as_posix()
