"""The page of error codes: each `code` of the sandbox's errors.json, with its class, its messages and what to do."""

import dataclasses
from functools import cache

from openai_sandbox.cassettes.player import CODE as RECORDING_MISSING
from openai_sandbox.validation import strict
from openai_sandbox.wire.errors import ErrorCase, catalog

from ..data.as_of import ROOT
from ..data.files import DataError, checked, load
from ..data.generated import generates
from ..ledger.statements import facts
from . import error_pages
from .error_pages import Problem
from .sandbox import EVIDENCE
from .sdk import raised

DATA = ROOT / "docs" / "errors" / "code-remedies.yml"
MOST_MESSAGES = 3
# How the catalog marks a row as the sandbox's own.
OWN = "the sandbox's own"
# The sandbox sends this with `x-should-retry: false`, so its status does not tell.
NOT_RETRIED = {RECORDING_MISSING}


class CodeError(DataError):
    """The catalog and the data file do not agree. The message says which code and how to fix it."""


def remedies() -> dict[str, str]:
    """Return what to do, by code.

    Raises:
        CodeError: a code has no remedy, or a remedy no code.
    """
    file = "docs/errors/code-remedies.yml"
    data = checked(dict[str, str], load(DATA, file, CodeError), file, CodeError)
    codes = by_code()
    problems = [f"'{code}' has no remedy: write one" for code in codes if not data.get(code, "").strip()]
    problems += [
        f"sandbox/openai_sandbox/wire/errors.json has no code '{code}': delete its remedy"
        for code in data
        if code not in codes
    ]
    if problems:
        raise CodeError(f"{file}: {'; '.join(problems)}")
    return data


def by_code() -> dict[str, list[ErrorCase]]:
    """Return the catalog's rows by code, without those that have no code.

    Schemas of functions are refused with the messages of formats, and another code.
    """
    cases = [case for case in catalog().values() if case.code]
    of_format, of_function = strict.CODES["text.format"], strict.CODES["function"]
    cases += [
        dataclasses.replace(case, code=of_function)
        for case in cases
        if case.code == of_format and case.id not in strict.SAME_CODE
    ]
    found: dict[str, list[ErrorCase]] = {}
    for case in cases:
        found.setdefault(str(case.code), []).append(case)
    return found


@generates("docs/includes/generated/errors/code-list.md")
def render_list() -> str:
    """Return a table of all codes, in the order of the sections."""
    codes = by_code()
    lines = ["| Code | Status | Exception | Retried |", "|---|---|---|---|"]
    for code in remedies():
        statuses = sorted({case.status for case in codes[code]})
        raises = {_raised(status)[0].__name__: None for status in statuses}
        links = ", ".join(f"[`{name}`](exceptions.md#{name.lower()})" for name in raises)
        again = {"yes" if _retried(code, status) else "no": None for status in statuses}
        said = ", ".join(str(status) for status in statuses)
        lines.append(f"| [`{code}`](#{code}) | {said} | {links} | {', '.join(again)} |")
    return "\n".join([*lines, ""])


@generates("docs/includes/generated/errors/codes.md")
def render() -> str:
    """Return the sections as Markdown: the API's codes in the order of the data file, then the sandbox's own."""
    codes, problems = by_code(), error_pages.problems()
    own = {code for code, cases in codes.items() if all(case.source.startswith(OWN) for case in cases)}
    parts = ["## Codes of the API", ""]
    parts += [_section(code, codes[code], remedy, problems) for code, remedy in remedies().items() if code not in own]
    parts += ["## Codes of the sandbox", "", "These are the sandbox's own. They say nothing about the API.", ""]
    parts += [_section(code, codes[code], remedy, problems) for code, remedy in remedies().items() if code in own]
    return "\n".join(parts)


def _section(code: str, cases: list[ErrorCase], remedy: str, problems: list[Problem]) -> str:
    facts = [_status(code, status) for status in sorted({case.status for case in cases})]
    known = sorted({EVIDENCE[case.evidence] for case in cases})
    lines = [f"### `{code}` {{ #{code} }}", "", f"{' '.join(facts)} Known from: {', '.join(known)}.", ""]
    messages = list(dict.fromkeys(case.message for case in cases))
    lines += [f"- {_quoted(message)}{_cited(message)}" for message in messages[:MOST_MESSAGES]]
    if more := len(messages) - MOST_MESSAGES:
        lines += (
            [f"- and {more} more: [the sandbox's errors](../about/sandbox.md#what-it-simulates)"] if more > 0 else []
        )
    lines += ["", f"**What to do.** {remedy.strip()}", ""]
    ends = [problem for problem in problems if problem.raises and problem.raises.code == code]
    if ends:
        links = ", ".join(f"[{problem.title}]({problem.page}.md#{problem.id})" for problem in ends)
        lines += [f"**Problems with it.** {links}.", ""]
    return "\n".join(lines)


def _status(code: str, status: int) -> str:
    name = _raised(status)[0].__name__
    again = "retried first" if _retried(code, status) else "not retried"
    return f"Status {status}: [`{name}`](exceptions.md#{name.lower()}), {again}."


def _retried(code: str, status: int) -> bool:
    return code not in NOT_RETRIED and _raised(status)[1] > 1


_raised = cache(raised)


def _quoted(message: str) -> str:
    """Return a message as code, with the parts in braces filled in."""
    return f"`{message.replace('`', chr(39))}`"


def _cited(message: str) -> str:
    """Return the citation for a message that states a number, a date or the like. Others need none."""
    return "[^error-messages]" if any(facts(message)) else ""
