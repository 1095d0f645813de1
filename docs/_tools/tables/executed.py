"""How many code blocks the pages show, what the tests do with them, and with which versions of the SDK they run."""

from collections import Counter

from ..data.as_of import ROOT
from ..data.generated import generates
from ..ledger.claims import OPENAI
from ..ledger.pages import blocks, markdown_pages
from .versions import CURRENT, SAME, results

CHECKED = {
    "bash": "run or started, or what it names is run; packages to install are compared with `pyproject.toml`",
    "json": "compared with what the sandbox answers, and read as the SDK's type; scripts and cassettes are loaded",
    "text": "compared with what a program prints",
    "diff": "compared with the two programs it is made from",
    "mermaid": "drawn by the build",
    "javascript": "run with Node",
    "html": "served by a program, and opened in a browser",
}
OTHERWISE = "parsed"


@generates("docs/includes/generated/executed.md")
def render() -> str:
    """Return the number of blocks by language, and how the programs fare on older versions."""
    pages = Counter[str]()
    found = Counter[str]()
    for page in markdown_pages(ROOT / "docs"):
        languages = [block.language for block in blocks(page) if block.language]
        found.update(languages)
        pages.update(set(languages))
    lines = ["| Blocks | Number | Pages | What the tests do with them |", "|---|---:|---:|---|"]
    for language, number in found.most_common():
        done = (
            f"run with openai {OPENAI}, or the version they name"
            if language == "python"
            else CHECKED.get(language, OTHERWISE)
        )
        lines.append(f"| {language} | {number} | {pages[language]} | {done} |")
    return "\n".join([*lines, "", *versions(), ""])


def versions() -> list[str]:
    """Return how many programs do the same on each major version of the SDK that was tried."""
    tried = results()
    lines = ["| openai | Programs | The same | Otherwise |", "|---|---:|---:|---:|"]
    for major, release in sorted(tried.releases.items(), reverse=True):
        outcomes = [outcome[major] for outcome in tried.programs.values() if major in outcome]
        same = sum(outcome == SAME for outcome in outcomes)
        newest = " (pinned)" if major == CURRENT else ""
        lines.append(f"| {release.openai}{newest} | {len(outcomes)} | {same} | {len(outcomes) - same} |")
    return lines
