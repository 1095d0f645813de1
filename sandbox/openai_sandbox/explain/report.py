"""An explanation as text for a terminal."""

import textwrap
from collections.abc import Iterator

from .catalog import exception_classes
from .finder import Explanation, Match, Recognized

MATCH = "A match, because the message agrees"
POSSIBLE = "Not sure: no known problem has this message."
NOTHING = "No match: none of the known problems fits this text."
SHOWN = 3
WIDTH = 96


def report(explanation: Explanation, site: str | None = None) -> str:
    """Return what an explanation says. With the address of the site, it names the addresses of the problems there."""
    first = explanation.matches[:SHOWN]
    if not explanation.sure:
        said = [POSSIBLE if first else NOTHING, *_recognized(explanation.recognized)]
        return "\n\n".join([*said, *(_possible(match, site) for match in first)])
    best, *others = first
    more = [_wrapped(f"{'Another match' if other.sure else 'Possible'}: {other.problem['title']}") for other in others]
    return "\n\n".join([f"{MATCH}: {best.problem['title']}", *_solution(best, site), "\n".join(more)]).rstrip()


def _solution(match: Match, site: str | None) -> Iterator[str]:
    problem = match.problem
    yield _wrapped(f"Fix: {problem['fix']}")
    yield _wrapped(f"Cause: {problem['cause']}")
    yield "\n".join([_wrapped(f"The text has “{match.sure}”."), *_address(match, site)])


def _possible(match: Match, site: str | None) -> str:
    problem = match.problem
    why = f"Because of {', '.join(match.why)}." if match.why else "Because of its words."
    lines = [f"Possible: {problem['title']}", _wrapped(problem["symptom"], "  "), _wrapped(why, "  ")]
    return "\n".join([*lines, *(f"  {address}" for address in _address(match, site))])


def _address(match: Match, site: str | None) -> list[str]:
    return [f"{site.rstrip('/')}/{match.problem['url']}"] if site else []


def _recognized(found: Recognized) -> Iterator[str]:
    facts = {
        "the exception": found.exception,
        "status": found.status,
        "the server": found.server,
        "the library": found.library,
    }
    if not any(facts.values()):
        return
    said = [f"Recognized: {', '.join(f'{what} {name}' for what, name in facts.items() if name)}."]
    name = (found.exception or "").rpartition(".")[2]
    if known := next((each for each in exception_classes() if each["name"] == name), None):
        said.append(f"About {name}: {known['do']}")
    if found.server and found.server != "OpenAI":
        said.append(f"{found.server} may answer otherwise than OpenAI: look in its documentation, too.")
    if found.library:
        said.append(f"Look for the message among the issues of {found.library}, too.")
    yield _wrapped(" ".join(said))


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
