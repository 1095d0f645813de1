"""Lets a page run its programs in the reader's browser, if the pack is there: `uv run browser-pack` builds it.

Each Python block gets what a run needs as attributes. A block that cannot run in a browser says why instead. Without
the pack, pages are as they were.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from browser_pack.build import sources_digest

from ..data.as_of import ROOT
from ..ledger.programs import files, imports, needs, packages
from .run_page import Programs
from .tasks import REFUSED

STORE = ROOT / ".cache" / "browser-pack"
PLACE = "assets/browser-pack"
SCRIPT = "assets/js/run-block.js"
COMMAND = "uv run browser-pack"
BLOCK = re.compile(
    r'<div class="(?P<classes>[^"]*\blanguage-python\b[^"]*)"(?P<rest>[^>]*)>'
    r'(?=<span class="filename">(?:<a [^>]*>)?(?P<name>\w+\.py)\b)'
)
IMPORT = re.compile(r"^(?:import|from) (.+)$", re.MULTILINE)

UNABLE = {
    "threads": "It listens on a socket in a thread, and a browser has neither.",
    "ProcessPoolExecutor": "It starts another process.",
    "tiktoken": "tiktoken has no wheel for browsers.",
    "vcr": "VCR.py replaces connections, and a page has none.",
    "package agents": "openai-agents brings an MCP client, a web server and more packages than a page should load.",
    "fastapi": "It serves requests on a socket.",
    "uvicorn": "It serves requests on a socket.",
    "mcp": "It needs the package mcp, which runs servers and clients on sockets.",
    "web_app.py": "It serves requests on a socket.",
}
"""Why a program cannot run in a browser, by what it needs or imports: a name or, as `package NAME`, a whole package."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was built. `digest` is the name of its folder."""

    folder: Path
    digest: str

    @property
    def is_current(self) -> bool:
        """Tell whether it has today's sources. All of them are read for that."""
        about = json.loads((self.folder / "pack.json").read_text("utf-8"))
        return bool(about["sources"] == sources_digest(ROOT / "sandbox" / "openai_sandbox"))

    @property
    def files(self) -> dict[str, Path]:
        """The files of the pack, by their path in the site."""
        return {f"{PLACE}/{self.digest}/{path.name}": path for path in sorted(self.folder.iterdir())}


def pack(store: Path = STORE) -> Pack | None:
    """Return the pack that was built last, or nothing."""
    current = store / "current"
    if not current.is_file():
        return None
    folder = store / current.read_text("utf-8").strip()
    return Pack(folder, folder.name) if (folder / "pack.json").is_file() else None


def reason(source: str) -> str | None:
    """Return why a program cannot run in a browser, or nothing if it can."""
    if wanted := packages(source):
        return f"It needs other versions: {', '.join(wanted)}."
    named = [*needs(source), *(name for line in IMPORT.findall(source) for name in re.findall(r"\w+", line))]
    named += [f"package {name}" for name in imports(source)]
    return next((UNABLE[name] for name in named if name in UNABLE), None)


def with_runs(content: str, found: Programs | None) -> str:
    """Return a page's HTML in which each Python block says what a run of it needs, or why it cannot run here."""
    if found is None:
        return content
    shown = {program.name: program for program in found.shown}

    def marked(block: re.Match[str]) -> str:
        program = shown.get(block["name"])
        if program is None:
            return block[0]
        source = program.read_text("utf-8")
        why = reason(source)
        said = f'data-no-run="{why}"' if why else f'data-run="{" ".join(_beside(program, source))}"'
        return f'<div class="{block["classes"]}"{block["rest"]} {said}>'

    return BLOCK.sub(marked, content)


def _beside(program: Path, source: str) -> list[str]:
    """Return the files of its page that a program needs, all of which the site hosts."""
    return [name for name in files(source) if (program.parent / name).is_file()]


def description(address: str, root: str, tasks: Mapping[str, Any]) -> str:
    """Return what the page's script has to know, as an element of the page.

    Args:
        address: the address of the pack's folder, relative to the page.
        root: the address of the site's root, relative to the page.
        tasks: what a run of a program of the page is checked for, by its id.
    """
    about = {"pack": f"{address}/", "root": root, "openai": version("openai"), "tasks": tasks, "refused": REFUSED}
    text = json.dumps(about).replace("<", "\\u003c")
    return f'<script id="browser-pack" type="application/json">{text}</script>'
