"""Labs: notebooks in docs/labs/ that mkdocs-jupyter executes and this site renders like any other page.

mkdocs-jupyter's own HTML brings 600 KB of styles and does not support footnotes, so only the outputs are taken from it.
A cell `# %% alt="..."` draws a chart: the page shows it above the code, and the text describes it to readers who cannot
see it. What a lab calls is in docs/labs/measurements/, and the page shows that, too, folded, at its end.

Running all labs takes half a minute, so their outputs are stored. `mkdocs build` runs each lab without stored outputs;
`mkdocs serve` shows a notice instead, and runs a lab once it is saved.
"""

import base64
import hashlib
import html
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

import jupytext
import yaml
from bs4 import BeautifulSoup, Tag
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from ..data.as_of import ROOT, as_of
from . import lab_controls

MEASUREMENTS = "measurements"
STORE = ROOT / ".cache" / "labs"
EXECUTED_ON = ("openai", "genai-prices", "looptime", "tenacity", "mkdocs-jupyter")

BEHIND = "## The code behind it"
BEHIND_LINK = "Its functions are in [the code behind it](#the-code-behind-it)."
NOT_RUN = """!!! info "Not run yet"
    The outputs and charts of this lab are missing here. `uv run mkdocs build` runs all labs; saving this one runs it.
"""

FALLBACK = re.compile(r"var\((--chart-\d), #\w+\)")
"""What a drawing's colors are where the page's are unknown, as in a notebook."""

# The printed texts and the SVG drawings of each code cell.
Outputs: TypeAlias = list[tuple[list[str], list[str]]]


class LabError(ValueError):
    """A lab that cannot be shown. The message says which and how to fix it."""


def is_lab(file: File) -> bool:
    """Tell whether a file of docs/ is a lab."""
    return file.src_uri.startswith("labs/") and file.src_uri.endswith(".py")


class Serving:
    """Which labs `mkdocs serve` runs: those that were saved while it was serving."""

    def __init__(self) -> None:
        self._first: dict[Path, bytes] = {}
        self._saved: set[Path] = set()

    def runs(self, lab: Path) -> bool:
        """Tell whether to run a lab. Called at each build, so that it notices saved labs."""
        source = b"".join(path.read_bytes() for path in (lab, *modules_of(lab)))
        if self._first.setdefault(lab, source) != source:
            self._saved.add(lab)
        return lab in self._saved


def prepare(config: MkDocsConfig) -> None:
    """Silence the kernels' warnings about sockets, and forget cached keys: what a lab depends on may have changed."""
    if os.name == "posix":
        os.environ.setdefault("JUPYTER_CONFIG_PATH", str(ROOT / "docs/_tools/site/jupyter"))
    _surroundings.cache_clear()


def key_of(lab: Path) -> str:
    """Return a key that changes with everything that a lab's outputs depend on."""
    sources = (path.read_bytes() for path in (lab, *modules_of(lab)))
    return hashlib.sha256(b"".join(sources) + _surroundings()).hexdigest()


def modules_of(lab: Path) -> list[Path]:
    """Return the modules that a lab calls: the one of its name, and those that it imports from next to it."""
    own = lab.parent / MEASUREMENTS / lab.name
    if not own.is_file():
        return []
    named = re.findall(r"^from (?:\.|\.(\w+)) import (\w+)", own.read_text("utf-8"), re.MULTILINE)
    return [own, *(own.with_name(f"{module or name}.py") for module, name in named)]


@cache
def _surroundings() -> bytes:
    """Return a digest of what every lab depends on: the as-of date, packages, the sandbox and the build tools."""
    key = hashlib.sha256(f"{as_of()}{[version(name) for name in EXECUTED_ON]}".encode())
    for path in sorted([*(ROOT / "sandbox").rglob("*"), *(ROOT / "docs/_tools").rglob("*.py")]):
        if path.suffix in (".py", ".json"):
            key.update(path.read_bytes())
    return key.digest()


def outputs_of(lab: Path, run: Callable[[], str], serving: Serving | None) -> Outputs | None:
    """Return a lab's outputs: stored ones, or those in the HTML that `run` returns, which are then stored.

    Returns nothing if none are stored and `mkdocs serve` does not run this lab.
    """
    to_be_run = serving is None or serving.runs(lab)
    key, stored = key_of(lab), STORE / f"{lab.stem}.json"
    if stored.is_file():
        kept = json.loads(stored.read_text("utf-8"))
        if kept["key"] == key:
            return [(texts, drawings) for texts, drawings in kept["outputs"]]
    if not to_be_run:
        return None
    outputs = list(_outputs(run()))
    stored.parent.mkdir(parents=True, exist_ok=True)
    written = stored.with_suffix(f".{os.getpid()}")  # another build may be reading it
    written.write_text(json.dumps({"key": key, "outputs": outputs}), "utf-8")
    written.replace(stored)
    return outputs


def as_markdown(page: Page, config: MkDocsConfig, files: Files, serving: Serving | None) -> str:
    """Return a lab as Markdown, with its outputs or a notice that there are none. `with_charts` adds the charts later.

    Raises:
        LabError: a chart has no alternative text, or does not say what is simulated.
    """

    def run() -> str:
        page.render(config, files)  # mkdocs-jupyter has replaced this method
        return str(page.content)

    lab = Path(str(page.file.abs_src_path))
    outputs, modules = outputs_of(lab, run, serving), modules_of(lab)
    del page.render
    lines: list[str] = []
    charts: list[str] = []
    cells: list[lab_controls.Cell] = []
    for cell in jupytext.read(page.file.abs_src_path).cells:
        if cell.cell_type == "raw":
            page.meta.update(yaml.safe_load(cell.source.strip().strip("-")))
        elif cell.cell_type == "markdown":
            lines += [cell.source, ""]
            if outputs is None and cell.source.startswith("# "):
                lines += [NOT_RUN]
        else:
            texts, drawings = outputs.pop(0) if outputs is not None else ([], [])
            alt, output = cell.metadata.get("alt"), sum(each.output is not None for each in cells)
            cells.append(lab_controls.Cell(cell.source, alt, cell.metadata.get("controls"), output if texts else None))
            for drawing in drawings:
                lines += [f'<div data-chart="{len(charts)}"></div>', ""]
                charts.append(chart(drawing, alt, f"docs/{page.file.src_uri}"))
            lines += ['```python title="The code of this chart"' if alt else "```python", cell.source, "```", ""]
            if modules and BEHIND_LINK not in lines:
                lines += [BEHIND_LINK, ""]
            if texts:
                lines += ['``` { .text .output title="Output, simulated" }', "".join(texts).rstrip("\n"), "```", ""]
    page.meta["charts"] = charts
    files_of_modules = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in modules}
    try:
        page.meta["controls"] = lab_controls.page_data(cells, files_of_modules)
    except lab_controls.ControlError as problem:
        raise LabError(f"docs/{page.file.src_uri}: {problem}") from problem
    for name, text in downloads(page).items():
        files.append(File.generated(config, f"assets/labs/{name}", content=text))
    name = Path(page.file.src_uri).stem
    lines += [
        "## Run it yourself",
        "",
        f"Download [the notebook](../assets/labs/{name}.ipynb) or [the program](../assets/labs/{name}.py) "
        "into the top folder of a clone of this project, or run the program that is there. The program prints the "
        "numbers; the notebook also draws the charts.",
        "",
        "```bash",
        f"uv run python -m docs.labs.{name}",
        "```",
        "",
        *_behind(modules),
    ]
    return "\n".join(lines)


def _behind(modules: Sequence[Path]) -> list[str]:
    """Return a section that shows the modules that a lab calls, each in a folded block."""
    lines = [BEHIND, "", "This lab calls these modules:", ""] if modules else []
    for path in modules:
        lines += [f'??? example lab-module "{MEASUREMENTS}/{path.name}"', "", f'    ```python title="{path.name}"']
        lines += [f"    {line}".rstrip() for line in path.read_text("utf-8").splitlines()]
        lines += ["    ```", ""]
    return lines


def downloads(page: Page) -> dict[str, str]:
    """Return the files of a lab by name: the program, the same as a Jupyter notebook, and what its controls need."""
    source = Path(str(page.file.abs_src_path))
    notebook = jupytext.read(source)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # otherwise they are random
    return {
        source.name: source.read_text("utf-8"),
        f"{source.stem}.ipynb": jupytext.writes(notebook, fmt="ipynb"),
        f"{source.stem}.json": json.dumps(page.meta["controls"]),
    }


def with_charts(content: str, page: Page) -> str:
    """Put the charts of a lab in their places, and places for controls below them."""
    charts: list[str] = page.meta.get("charts", [])
    controls = lab_controls.places(page.meta["controls"]) if charts else {}

    def drawn(match: re.Match[str]) -> str:
        number = int(match[1])
        return charts[number] + controls.get(number, "")

    return re.sub(r'<div data-chart="(\d+)"></div>', drawn, content)


def _outputs(content: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the printed texts and the SVG drawings of each code cell."""
    for cell in BeautifulSoup(content, "html.parser").select(".jp-CodeCell:not(.jp-CodeCell .jp-CodeCell)"):
        texts: list[str] = []
        drawings: list[str] = []
        for output in cell.select(".jp-OutputArea-output"):
            if isinstance(image := output.find("img", src=re.compile("^data:image/svg")), Tag):
                drawings.append(base64.b64decode(str(image["src"]).partition(",")[2]).decode("utf-8"))
            elif isinstance(pre := output.find("pre"), Tag):
                texts.append(pre.get_text())
        yield texts, drawings


def chart(svg: str, alt: str | None, place: str) -> str:
    """Return a drawing as a figure that reads in light and dark, with an alternative text.

    Raises:
        LabError: there is no alternative text, or the drawing does not say what is simulated.
    """
    if not alt:
        raise LabError(f'{place}: a chart without a description: write it into the cell, as # %% alt="..."')
    if "simulated" not in "".join(re.findall(r"<text[^>]*>([^<]*)", svg)):
        raise LabError(f"{place}: a chart that does not say 'simulated' in its title: {alt[:60]}")
    drawing = FALLBACK.sub(r"var(\1)", svg).replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt)}" ', 1)
    return f'<figure class="chart" tabindex="0">{drawing}</figure>'
