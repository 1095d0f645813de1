"""Says on each page with programs how to run them, and makes what a reader downloads: each file, and all as a project.

The project has the sandbox's wheel in it, because no package index has the sandbox: `uv run pytest` in the unpacked
folder needs nothing else.
"""

import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openai_sandbox import faults

from ..data import sandbox_wheel
from ..data.as_of import ROOT
from ..data.requirements import newest_upload, python_needed, requirement
from ..ledger.pages import folder_of
from ..ledger.programs import files, is_test, knows_sandbox, needs, packages, programs_of, requirements, variables
from ..tables.error_pages import pages, problems_of
from .markdown_twin import section

PLACE = "<!-- run this page -->\n"
FILENAME = re.compile(r'<span class="filename">([\w.]+)</span>')
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
TESTS = "test_programs.py"

TEST = '''"""Each program ends against the sandbox as its page says: well, or with this exception."""

import subprocess

import pytest

PROGRAMS = {programs}


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_ends_as_its_page_says(program: str) -> None:
    command = ["-m", "pytest", program] if program.startswith("test_") else [program]
    done = subprocess.run(["openai-sandbox", "run", *command], capture_output=True, text=True)
    if error := PROGRAMS[program]:
        assert any(line.startswith(error) for line in done.stderr.splitlines()), done.stderr
    else:
        assert done.returncode == 0, done.stdout + done.stderr
'''


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of a page: `path` is the page's, relative to docs/, and `folder` is where their files are."""

    path: str
    folder: Path
    shown: tuple[Path, ...]

    @property
    def name(self) -> str:
        """The name of the page, of its zip, and of the project in that."""
        return "home" if self.place == "index" else posixpath.basename(self.place)

    @property
    def place(self) -> str:
        """The folder of the site that has the downloads."""
        return self.path.removesuffix(".md")

    @property
    def zip(self) -> str:
        """The path of the zip in the site."""
        return f"{self.place}/{self.name}.zip"

    @property
    def together(self) -> tuple[Path, ...]:
        """The programs that share an environment: all that need no other versions of packages."""
        return tuple(program for program in self.shown if not packages(program.read_text("utf-8")))

    @property
    def requirements(self) -> tuple[str, ...]:
        """What these import."""
        return requirements(self.together)

    @property
    def extras(self) -> tuple[str, ...]:
        """The extras of the sandbox that what the programs ask of it needs."""
        sources = (program.read_text("utf-8") for program in self.shown)
        plans = (faults.parse([directive for _, directive in faults.directives_in(source)]) for source in sources)
        return ("tls",) if any(plan.tls for plan in plans) else ()

    @property
    def apart(self) -> dict[tuple[str, ...], list[str]]:
        """The names of the programs that need other versions, by what they need."""
        found: dict[tuple[str, ...], list[str]] = {}
        for program in self.shown:
            if wanted := packages(program.read_text("utf-8")):
                found.setdefault(wanted, []).append(program.name)
        return found

    @property
    def commands(self) -> list[str]:
        """The commands that run the first program, and the first test."""
        programs = [program.name for program in self.together if not is_test(program)]
        tests = [program.name for program in self.together if program.name.startswith("test_")]
        runs = [f"openai-sandbox run {name}" for name in programs[:1]]
        return runs + [f"openai-sandbox run -m pytest {name}" for name in tests[:1]]

    def tests_itself(self, program: Path) -> bool:
        """Tell whether pytest runs a program without the sandbox's command."""
        return is_test(program) and (program.name == "conftest.py" or knows_sandbox(program.read_text("utf-8")))

    def given(self) -> Iterator[Path]:
        """Yield the files that a reader gets: all but outputs."""
        for path in sorted(self.folder.rglob("*")):
            named = path.name != "__init__.py" and path.suffix not in (".out", ".pyc")
            if path.is_file() and named:
                yield path


def programs(path: str, docs: Path, snippets: Path) -> Programs | None:
    """Return the programs of a page, or nothing if it has none."""
    page = docs / path
    shown = tuple(programs_of(page, snippets)) if page.suffix == ".md" and page.is_file() else ()
    return Programs(path, snippets / folder_of(page, docs), shown) if shown else None


def with_strip(markdown: str, found: Programs | None, repository: str | None) -> str:
    """Put how to run the programs of a page where the page says, or else below its title."""
    if found is None:
        return markdown
    text = strip(found, repository)
    if PLACE in markdown:
        return markdown.replace(PLACE, text, 1)
    return re.sub(r"^(# .+\n)", lambda title: f"{title[1]}\n{text}\n", markdown, count=1, flags=re.MULTILINE)


def strip(found: Programs, repository: str | None) -> str:
    """Return the strip that says how to run the programs of a page."""

    def link(place: str) -> str:
        return posixpath.relpath(place, posixpath.dirname(found.path) or ".")

    extras = f"[{','.join(found.extras)}]" if found.extras else ""
    wheel = f'"{sandbox_wheel.NAME}{extras}"' if extras else sandbox_wheel.NAME
    from_clone = f'"PATH_TO_CLONE/sandbox{extras}"' if extras else "PATH_TO_CLONE/sandbox"
    clone = f"[the repository]({repository})" if repository else "this project"
    lines = [
        f"You need Python {python_needed()} or newer. Install what the programs on this page import:",
        _shell(pip_line(found.requirements)),
        f"To run them without a key, also install [the sandbox]({link('about/sandbox.md')}). It is not on any package "
        f"index: [download it]({link(sandbox_wheel.PLACE)}), and run the commands below where you saved it. If you "
        f"have cloned {clone}, skip the download, and replace the first command with `pip install {from_clone}`.",
        _shell(f"pip install {wheel}", *found.commands),
    ]
    apart = [f"- {_listed(names)}: `{pip_line(wanted)}`" for wanted, names in found.apart.items()]
    if apart:
        lines += [
            "Some programs need other versions. Give each line its own environment, with the sandbox in it:",
            "\n".join(apart),
        ]
    beside = [
        f"- `{program.name}` needs {_listed(list(named))} in the same folder."
        for program in found.shown
        if (named := files(program.read_text("utf-8")))
    ]
    if beside:
        lines.append("\n".join(beside))
    lines.append(
        "To download a program, click the file name above it. "
        f"[{found.name}.zip]({link(found.zip)}) is a project that contains all the programs and the sandbox. Unpack it "
        f"and install uv (`pip install uv`). Then run one program with `uv run {found.commands[0]}`, or "
        f"{'all that need no other versions' if apart else 'all of them'} with `uv run pytest`."
    )
    inside = "\n\n".join(lines)
    # The theme names a code block after the element with an id that it is in, so the blocks may not be in one.
    opening = (
        '<details class="run-page" data-search-exclude markdown>\n'
        '<summary id="run-this-page">Run this page, or download its programs</summary>'
    )
    return f"{opening}\n\n{inside}\n\n</details>\n"


def pip_line(wanted: tuple[str, ...]) -> str:
    """Return the command that installs packages, in the words of any shell."""
    return " ".join(["pip install", *(f'"{one}"' if re.search(r"[<>\[]", one) else one for one in wanted)])


def _shell(*lines: str) -> str:
    return "\n".join(["``` { .bash }", *lines, "```"])


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def with_links(content: str, found: Programs | None) -> str:
    """Make the name above each file of a page's folder a link that downloads it, and show where a clone has it."""
    if found is None:
        return content
    given = {path.name: path for path in found.given() if _hosted(path)}
    base = found.folder.parents[len(Path(found.path).parts) - 1]
    # The address of an index page is the folder above that of its downloads.
    beside = "index/" if posixpath.basename(found.path) == "index.md" else ""

    def linked(match: re.Match[str]) -> str:
        if (path := given.get(match[1])) is None:
            return match[0]
        folder = f"snippets/{path.parent.relative_to(base).as_posix()}/"
        address = f"{beside}{path.relative_to(found.folder).as_posix()}"
        return f'<span class="filename"><a href="{address}" download>{path.name}</a> <small>{folder}</small></span>'

    return FILENAME.sub(linked, content)


def _hosted(path: Path) -> bool:
    """Tell whether a file can be downloaded on its own. A web page would become one of the site's."""
    return path.suffix != ".html"


def single_files(found: Programs) -> dict[str, Path]:
    """Return the files that the site offers one by one on a page, by their path in the site."""
    return {
        f"{found.place}/{path.relative_to(found.folder).as_posix()}": path for path in found.given() if _hosted(path)
    }


def downloads(found: Programs) -> dict[str, bytes]:
    """Return what the site offers for download on a page, by its path in the site."""
    return {place: text(path) for place, path in single_files(found).items()} | {found.zip: project(found)}


def text(path: Path) -> bytes:
    """Return a file as a page shows it, without the marks of its sections."""
    return section(path.read_text("utf-8"), None).encode() if path.suffix == ".py" else path.read_bytes()


def project(found: Programs) -> bytes:
    """Return a zip of the programs as a project that runs and tests with uv alone."""
    named: dict[str, bytes] = {
        "README.md": _readme(found).encode(),
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        "pyproject.toml": _pyproject(found).encode(),
    }
    if ends := _ends(found):
        named[TESTS] = TEST.format(programs=json.dumps(ends, indent=4)).encode()
    named |= {path.relative_to(found.folder).as_posix(): text(path) for path in found.given()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in {**named, sandbox_wheel.NAME: sandbox_wheel.wheel()}.items():
            stored = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(f"{found.name}/{name}", ZIP_TIME), content, stored)
    return packed.getvalue()


def _ends(found: Programs) -> Mapping[str, str]:
    """Return how each program ends that the project's own test runs: with an exception of this class, or well.

    A program that needs a variable or a file of variables is left out: the sandbox's command sets its own.
    """
    listed = problems_of(found.name) if found.path.startswith("errors/") and found.name in pages() else []
    raised = {problem.failing: problem.raises.type for problem in listed if problem.raises}
    return {
        program.name: raised.get(program, "")
        for program in found.together
        if not (
            found.tests_itself(program) or variables(source := program.read_text("utf-8")) or ".env" in needs(source)
        )
    }


def _readme(found: Programs) -> str:
    commands = "\n".join(f"uv run {command}" for command in found.commands)
    apart = "".join(
        f"\n`{name}` needs other versions: `{pip_line(wanted)}`\n"
        for wanted, names in found.apart.items()
        for name in names
    )
    return (
        f"# {found.name}\n\nThe programs of {found.path} in OpenAI API by Example, and the sandbox they run against. "
        f"Answers are simulated.\nYou need uv (`pip install uv`).\n\n```bash\n{commands}\n```\n\n"
        f"This runs all of them:\n\n```bash\nuv run pytest\n```\n{apart}"
    )


def _pyproject(found: Programs) -> str:
    extras = f"[{','.join(found.extras)}]" if found.extras else ""
    wanted = [*found.requirements, f"openai-sandbox{extras}"]
    wanted += [requirement("pytest")] if requirement("pytest") not in wanted else []
    apart = [name for names in found.apart.values() for name in names]
    by_command = [program.name for program in found.together if is_test(program) and not found.tests_itself(program)]
    ignored = [f"--ignore={name}" for name in [*apart, *by_command]]
    return f"""[project]
name = "{found.name}"
version = "0"
requires-python = ">={python_needed()}"
dependencies = {json.dumps(wanted, indent=2)}

[tool.uv]
package = false
exclude-newer = "{newest_upload()}"

[tool.uv.sources]
openai-sandbox = {{ path = "{sandbox_wheel.NAME}" }}

[tool.pytest.ini_options]
addopts = {json.dumps(ignored)}
"""
