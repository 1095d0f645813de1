"""The pages about errors. Each problem has the same structure: symptom, fix, what changes, cause, proof, threads.

`docs/errors/problems/<page>.yml` lists the problems of a page. Each has two programs in `snippets/errors/<page>/`:
`<id>_fails.py` fails as the entry says, and `<id>_fixed.py` does not. What the reader sees is in `<id>_fails.out`.
"""

import re
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, DataError, checked, load_list
from ..data.generated import generates
from ..ledger.programs import needs, packages, variables
from .side_by_side import listed

ERRORS = ROOT / "docs" / "errors" / "problems"
SNIPPETS = ROOT / "snippets"
Evidence = Literal["executed", "replayed", "simulated"]
REPLAYED = "[The sandbox](../about/sandbox.md) answers with an error that was recorded or pasted."
SIMULATED = "[The sandbox](../about/sandbox.md) simulates the answer."
NOT_TRIED = "What the SDK does with it is real; OpenAI's servers were not tested."
NOT_ASKED = "What the SDK does with it is real; that the named server accepts the second program is inferred."


LONGEST_DIFFERENCE = 24
REQUIRED = ("id", "title", "symptom", "cause", "fix", "evidence", "read")


class ProblemError(DataError):
    """An entry that cannot be read. The message says which file and entry, and how to fix it."""


@dataclass(frozen=True, slots=True, config=CLOSED)
class Raises:
    """How the failing program ends: the exception's class, and the stable parts of it.

    `type` is the class's full name; builtins have no module. `message` is a part of its text, and `cause` is the class
    of its `__cause__`.
    """

    type: str
    message: str
    status: int | None = None
    code: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True, config=CLOSED)
class Problem:
    """A problem as the pages describe it.

    `symptom`, `cause` and `fix` are Markdown and may cite claims. `messages` lists other wordings that readers meet,
    from older versions or other libraries. `recognized_by` lists wordings that no other problem has: each is a text, or
    several that must all be there, and `*` stands for up to 80 characters. Without `raises`, the failing program ends
    normally and prints something wrong. `read` is the day the threads were read.
    """

    id: str
    title: str
    symptom: str
    cause: str
    fix: str
    evidence: Annotated[Evidence, Field(description=f"one of {', '.join(get_args(Evidence))}")]
    read: date
    threads: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    recognized_by: tuple[str | tuple[str, ...], ...] = ()
    raises: Raises | None = None
    page: str = ""

    @property
    def failing(self) -> Path:
        """The program that shows the problem."""
        return self._program("fails")

    @property
    def fixed(self) -> Path:
        """The program without the problem."""
        return self._program("fixed")

    def _program(self, ending: str) -> Path:
        folder = SNIPPETS / "errors" / self.page.replace("-", "_")
        return folder / f"{self.id.replace('-', '_')}_{ending}.py"


def pages() -> list[str]:
    """Return the names of the pages that list problems, in alphabetical order."""
    return sorted(path.stem for path in ERRORS.glob("*.yml"))


def problems() -> list[Problem]:
    """Return all problems, page by page.

    Raises:
        ProblemError: an entry is malformed, or an id is used twice.
    """
    found = [problem for page in pages() for problem in problems_of(page)]
    ids = [problem.id for problem in found]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise ProblemError(f"docs/errors/problems/: these ids are used twice: {', '.join(sorted(twice))}: rename one")
    return found


def problems_of(page: str) -> list[Problem]:
    """Return the problems of a page, in the order of its file.

    Raises:
        ProblemError: an entry is malformed.
    """
    file = f"docs/errors/problems/{page}.yml"
    return [_read(row, page, file) for row in load_list(ERRORS / f"{page}.yml", file, ProblemError)]


def _read(row: object, page: str, file: str) -> Problem:
    place = f"{file}: {row.get('id', row) if isinstance(row, dict) else row}"
    if isinstance(row, dict) and "page" in row:
        raise ProblemError(f"{place}: unknown page: the name of the file is the page, delete it")
    problem = replace(checked(Problem, row, place, ProblemError), page=page)
    if missing := [name for name in REQUIRED if not getattr(problem, name)]:
        raise ProblemError(f"{place}: {', '.join(missing)} must be there")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", problem.id):
        raise ProblemError(f"{place}: an id has lower-case letters, digits and dashes")
    return problem


@generates("docs/includes/generated/errors/{}.md", names=pages)
def render(page: str) -> str:
    """Return the sections of a page."""
    return "\n".join(f"{section(problem)}\n{_own_page_link(problem)}\n" for problem in problems_of(page))


def section(problem: Problem) -> str:
    """Return a problem's section."""
    failing, fixed = problem.failing, problem.fixed
    lines = [f"## {problem.title} {{ #{problem.id} }}", "", f"**Symptom.** {problem.symptom.strip()}", ""]
    lines += [f"**Fix.** {problem.fix.strip()}", "", *_difference(failing, fixed)]
    lines += [f"**Cause.** {problem.cause.strip()}", ""]
    fails = [*_injected(failing, fixed), _how_to_run(failing, problem.raises), ""]
    fails += [*_program(failing, fixed), *_output(failing, "What you see")]
    lines += _folded(
        "A program that fails, and what you see" if problem.raises else "A program with the problem", fails
    )
    lines += _folded("The same program without the problem", [*_program(fixed, failing), *_output(fixed, "Output")])
    lines += [f"**Proof.** {_proof(problem)}", ""]
    if problem.threads:
        links = ", ".join(f"[{_label(url)}]({url})" for url in problem.threads)
        lines += [f"**Threads.** {links}.", ""]
    return "\n".join(lines)


def own_page(problem: Problem) -> str:
    """Return the place of a problem's own page in docs/."""
    return f"errors/{problem.page}/{problem.id}.md"


def _own_page_link(problem: Problem) -> str:
    return f"<small>[This problem on its own page]({problem.page}/{problem.id}.md)</small>"


def _folded(title: str, lines: list[str]) -> list[str]:
    return [f'??? example "{title}"', "", *(f"    {line}" if line else "" for line in lines)]


def _difference(failing: Path, fixed: Path) -> list[str]:
    """Return the lines in which the programs differ. None if nearly all do: a difference that long explains nothing."""
    lines = difference(failing, fixed)
    return ['```{ .diff title="What changes" }', *lines, "```", ""] if 0 < len(lines) <= LONGEST_DIFFERENCE else []


def difference(failing: Path, fixed: Path) -> list[str]:
    """Return the lines that one program has and the other has not, with `-` and `+`, without the indent they all have.

    Groups are apart by an empty line. Docstrings, comments about outputs, and empty lines do not count.
    """
    if not (failing.exists() and fixed.exists()):
        return []
    before, after = (
        [
            line
            for line in path.read_text("utf-8").splitlines()[1:]
            if line.strip() and not line.lstrip().startswith("#>")
        ]
        for path in (failing, fixed)
    )
    groups = [
        [*(("-", line) for line in before[first:last]), *(("+", line) for line in after[start:end])]
        for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    indent = min((len(line) - len(line.lstrip()) for group in groups for _, line in group), default=0)
    return [text for group in groups for text in ("", *(f"{sign} {line[indent:]}" for sign, line in group))][1:]


def _how_to_run(failing: Path, raises: Raises | None) -> str:
    """Return how to run a program so that it fails.

    `openai-sandbox run` sets a key and no other variable, and runs it with the installed packages.
    """
    source = failing.read_text("utf-8") if failing.exists() else ""
    fails = "This program fails" if raises else "This program shows the problem"
    if wanted := packages(source):
        installs = " ".join(f"--with {each}" for each in wanted)
        return (
            f"{fails} with {listed(wanted)}. Start `openai-sandbox serve`, set the variables that it prints, and run "
            f"`uv run --no-project {installs} {failing.name}`, which installs these versions for this one run:"
        )
    given = " ".join(f"{name}={value}" for name, value in variables(source).items())
    if ".env" in needs(source):
        variable = f"and `{given}`" if given else "but not `OPENAI_API_KEY`"
        return (
            "To see this program fail, start `openai-sandbox serve` and put the key that it prints into `.env`. Set "
            f"`OPENAI_BASE_URL` as printed {variable}, and run `python {failing.name}`. With `openai-sandbox run` it "
            "would not fail, because that sets a key that works:"
        )
    run = f"`openai-sandbox run {failing.name}`"
    if given:
        return f"{fails} with `{given}`. Set that variable, and run it with {run}:"
    return f"{fails}. Run it with {run}:"


def _injected(failing: Path, fixed: Path) -> list[str]:
    """Return what tells the reader that a comment makes a program fail which the fixed program does not have."""
    told, others = (
        re.findall("^# sandbox:.*", path.read_text("utf-8"), re.MULTILINE) if path.exists() else []
        for path in (failing, fixed)
    )
    if not told or others:
        return []
    said = f"The comment {listed(told)} makes the sandbox answer with this error."
    return [f"{said} The program without the problem has no such comment.", ""]


def _program(path: Path, other: Path) -> list[str]:
    changed = " ".join(map(str, changed_lines(path, other)))
    info = (
        f'{{ .python .changed title="{path.name}" hl_lines="{changed}" }}' if changed else f'python title="{path.name}"'
    )
    return [f"```{info}", f'--8<-- "{path.relative_to(SNIPPETS).as_posix()}"', "```", ""]


def changed_lines(path: Path, other: Path) -> list[int]:
    """Return the lines of a program that another one does not have, counted from 1. Docstrings do not count."""
    if not (path.exists() and other.exists()):
        return []
    lines, others = (each.read_text("utf-8").splitlines() for each in (path, other))
    matcher = SequenceMatcher(None, others, lines, autojunk=False)
    found = [line for tag, _, _, first, last in matcher.get_opcodes() if tag != "equal" for line in range(first, last)]
    return [line + 1 for line in found if line and lines[line].strip() and not lines[line].lstrip().startswith("#>")]


def _output(path: Path, title: str) -> list[str]:
    output = path.with_suffix(".out")
    if not output.exists():
        return []
    name = output.relative_to(SNIPPETS).as_posix()
    return [f'``` {{ .text .output title="{title}, simulated" }}', f'--8<-- "{name}"', "```", ""]


def _proof(problem: Problem) -> str:
    raises = problem.raises
    if raises:
        parts = (f"status {raises.status}" if raises.status else "", f"`{raises.code}`" if raises.code else "")
        facts = ", ".join(filter(None, parts))
        fails = f"ends with `{raises.type}`{f' ({facts})' if facts else ''}"
    else:
        fails = "raises nothing and prints what it should not"
    said = f"`tests/pages/test_error_pairs.py` runs both: the first program {fails}, the second does not."
    if problem.evidence == "executed":
        return said
    known = problem.evidence == "replayed" and raises and raises.status
    inferred = NOT_ASKED if problem.page == "compatible-servers" else NOT_TRIED
    return f"{said} {REPLAYED if known else SIMULATED} {inferred}"


def _label(url: str) -> str:
    """Return the name of a thread: `openai-python #1671`."""
    match = re.fullmatch(r"https://github\.com/[^/]+/(?P<name>[^/]+)/(?:issues|pull)/(?P<number>\d+)", url)
    return f"{match['name']} #{match['number']}" if match else re.sub(r"^https://(?:www\.)?|/$", "", url)
