"""What the home page says about the site: what is behind each door, and how much is proven."""

from pathlib import Path

from ..data.as_of import ROOT
from ..data.generated import generates
from ..ledger.claims import OPENAI, ledger
from ..ledger.pages import blocks, front_matter, markdown_pages
from .error_pages import problems
from .model_prices import rows, unpriced

DOCS = ROOT / "docs"


@generates("docs/includes/generated/home-doors.md")
def doors() -> str:
    """Return the four doors as a list: a link, what is behind it, and how much."""
    lessons, reference, guides = (_pages(section) for section in ("lessons", "reference", "guides"))
    minutes = sum(front_matter(page).get("minutes", 0) for page in lessons)
    priced = sum(not row.past for row in rows()) + len(unpriced())
    found = (
        ("Learn", "lessons", "From the first call on, step by step.", f"{len(lessons)} lessons, {minutes} minutes"),
        (
            "Look up",
            "reference",
            "Calls, objects, parameters, models and prices.",
            f"{len(reference)} pages, {priced} models with prices",
        ),
        (
            "Fix an error",
            "errors",
            "Paste your traceback, or find it by name.",
            f"{len(problems())} problems, each with a program that fails and one that works",
        ),
        ("Ship it", "guides", "Test, recover, stream and record.", f"{len(guides)} guides"),
    )
    lines = [f"- [{name}]({section}/index.md)\n  {what}\n  **{much}**" for name, section, what, much in found]
    return "\n".join([*lines, ""])


@generates("docs/includes/generated/home-proof.md")
def proof() -> str:
    """Return one line about what is proven and executed."""
    claims = ledger(ROOT)
    sourced = sum(bool(claim.source) for claim in claims.values())
    programs = sum(block.language == "python" for page in markdown_pages(DOCS) for block in blocks(page))
    return (
        f"All {programs} Python blocks run in the site's checks, with openai {OPENAI} or the version they name. "
        f"Of {len(claims)} claims, {len(claims) - sourced} are proven by a test, and {sourced} have a source and a "
        "date.\n"
    )


def _pages(section: str) -> list[Path]:
    return sorted(page for page in (DOCS / section).rglob("*.md") if page.name != "index.md")
