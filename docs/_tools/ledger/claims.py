"""The ledger of claims, and the footnotes made from it.

docs/claims.yml lists what the pages state as fact. A claim is proven by tests in tests/proofs/ that are marked
`@pytest.mark.proves("id")`, or it has a source and the date it was read. A page cites `[^id]`, or `[^id+other-id]` if
one paragraph states several claims.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import takewhile
from pathlib import Path

from pydantic.dataclasses import dataclass

from ..data import price_sources
from ..data.as_of import as_of, written_out
from ..data.files import CLOSED, DataError, checked, load_list
from .freshness import LIVES, Kind, overdue_since
from .pages import markdown_pages, paragraphs
from .statements import IN_HEADINGS, facts

CITATION = re.compile(r"\[\^(?P<ids>[a-z0-9+ -]+)\](?!:)")
CODE = re.compile(r"^([ \t]*)(`{3,}).*?^\1\2`*[ \t]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
# What a correction quotes: the first line of its entry in the list made from docs/about/corrections.yml.
QUOTED_SAYING = re.compile(r"^\*.*\*\{ #[a-z0-9-]+ \}$", re.MULTILINE)
OLDEST_SOURCE = timedelta(days=180)
OPENAI = version("openai")  # read once, because the footnotes of a build name it five hundred times


@dataclass(frozen=True, slots=True, config=CLOSED)
class Claim:
    """An entry of the ledger. A sourced claim has `source` (where), `url` (if it has one) and `checked` (when read).

    A proven claim is about `openai` or, if it names another, about that `library`.

    The `kind` of a sourced claim says how soon its source may change; see `freshness`. A claim read in the SDK itself
    has the version of `openai` that it was read in.

    `refutes` lists words that the claim shows to be false: no page or claim may say them. A correction may quote them,
    because it quotes what tutorials say.
    """

    id: str
    statement: str
    source: str | None = None
    url: str | None = None
    checked: date | None = None
    kind: Kind | None = None
    openai: str | None = None
    library: str | None = None
    refutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A test that proves claims. `path` is relative to the repository, and `line` counts from 1."""

    path: str
    line: int
    test: str
    claims: tuple[str, ...]


class LedgerError(DataError):
    """A ledger that cannot be read. The message says which entry and how to fix it."""


def ledger(root: Path) -> dict[str, Claim]:
    """Read docs/claims.yml.

    Raises:
        LedgerError: an entry has unknown or missing keys, or an id twice.
    """
    claims: dict[str, Claim] = {}
    for row in load_list(root / "docs" / "claims.yml", "docs/claims.yml", LedgerError):
        name = f"docs/claims.yml: {row.get('id', row) if isinstance(row, dict) else row}"
        claim = checked(Claim, row, name, LedgerError)
        if not claim.id or not claim.statement:
            raise LedgerError(f"{name}: id or statement is empty: fill it in")
        if claim.id in claims:
            raise LedgerError(f"{name}: this id is there twice: rename one")
        if bool(claim.source) != bool(claim.checked):
            raise LedgerError(f"{name}: source and checked go together: add the other one")
        if bool(claim.source) != bool(claim.kind):
            raise LedgerError(f"{name}: source and kind go together: kind is one of {', '.join(LIVES)}")
        if (claim.kind == "sdk") != bool(claim.openai):
            raise LedgerError(f"{name}: a claim of kind sdk, and no other, names the version of openai it was read in")
        claims[claim.id] = claim
    return claims


def proofs(root: Path) -> list[Proof]:
    """Return the tests in tests/proofs/ that are marked with the claims they prove."""
    return marked(root, "proofs", "proves")


def marked(root: Path, folder: str, marker: str) -> list[Proof]:
    """Return the tests in a folder of tests/ that are marked `@pytest.mark.MARKER("id", ...)`."""
    return [
        proof
        for path in sorted((root / "tests" / folder).rglob("test_*.py"))
        for proof in _marked_in(path, root, f"pytest.mark.{marker}")
    ]


def _marked_in(path: Path, root: Path, marker: str) -> Iterator[Proof]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            ids = tuple(id for decorator in node.decorator_list for id in _arguments(decorator, marker))
            if ids:
                yield Proof(path.relative_to(root).as_posix(), node.lineno, node.name, ids)


def _arguments(decorator: ast.expr, marker: str) -> Iterable[str]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == marker:
        return [str(argument.value) for argument in decorator.args if isinstance(argument, ast.Constant)]
    return []


def citations(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the footnote labels in a text and the claims that each cites. Code does not count."""
    for match in CITATION.finditer(CODE.sub("", text)):
        yield match["ids"], re.split(r"[+ ]+", match["ids"])


def footnotes(markdown: str, claims: dict[str, Claim], proven: Iterable[Proof], repository: str | None) -> str:
    """Return the Markdown with a footnote definition for every label that it cites.

    Raises:
        LedgerError: a citation has no entry in the ledger.
    """
    by_claim: dict[str, list[Proof]] = {}
    for proof in proven:
        for id in proof.claims:
            by_claim.setdefault(id, []).append(proof)
    definitions = []
    for label, ids in dict(citations(markdown)).items():
        notes = []
        for id in ids:
            if id not in claims:
                raise LedgerError(f"[^{label}] cites '{id}', which docs/claims.yml does not list")
            notes.append(f"{claims[id].statement} {_ground(claims[id], by_claim.get(id, []), repository)}")
        definitions.append(f"[^{label}]: " + "<br>\n    ".join(notes))
    return markdown + "\n\n" + "\n".join(definitions) + "\n" if definitions else markdown


@cache
def _release(library: str) -> str:
    if library == "litellm":  # not installed: its price file was recorded
        return price_sources.release(library).version
    try:
        return version(library)
    except PackageNotFoundError:
        raise LedgerError(f"docs/claims.yml: library: {library} is not installed") from None


def _ground(claim: Claim, proven: Iterable[Proof], repository: str | None) -> str:
    grounds = []
    for proof in proven:
        name = f"`{proof.path}::{proof.test}`"
        grounds.append(f"[{name}]({repository}/blob/main/{proof.path}#L{proof.line})" if repository else name)
    parts = []
    if grounds:
        tried = f"openai {OPENAI}" if claim.library is None else f"{claim.library} {_release(claim.library)}"
        parts.append(f"*Proven by {', '.join(grounds)}, {tried}.*")
    if claim.source and claim.checked:
        where = f"[{claim.source}]({claim.url})" if claim.url else claim.source
        since = f", in openai {claim.openai}" if claim.openai else ""
        why = due(claim, as_of(), proven=bool(grounds))
        again = f" It needs to be read again: {why}." if why else ""
        parts.append(f"*Source: {where}, read {written_out(claim.checked)}{since}.{again}*")
    return " ".join(parts)


def due(claim: Claim, today: date, *, proven: bool) -> str | None:
    """Return why the source of a claim should be read again, or None if it need not be yet.

    The SDK's documentation is read again for each version, unless a test proves the claim with the installed one.
    """
    if claim.checked is None or claim.kind is None:
        return None
    if claim.openai and claim.openai != OPENAI and not proven:
        return f"not yet read for openai {OPENAI}"
    return overdue_since(claim.kind, claim.checked, today)


def refuted(text: str, claims: Iterable[Claim]) -> Iterator[str]:
    """Yield the words in a text that a claim refutes. Case, line breaks and backticks are ignored."""
    plain = _plain(text)
    for claim in claims:
        for words in claim.refutes:
            if _plain(words) in plain:
                yield f"says '{words}', which '{claim.id}' refutes: correct the text or the claim"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[`*]", "", CITATION.sub("", text)).lower().split())


def _is_heading(text: str) -> bool:
    return text.startswith("#")


def problems(root: Path, today: date) -> list[str]:
    """Return how the pages, ledger and proofs below `root` disagree, each with its place and what to do."""
    try:
        claims = ledger(root)
    except LedgerError as problem:
        return [str(problem)]
    found: list[str] = []
    cited: set[str] = set()
    for page in markdown_pages(root / "docs"):
        name = page.relative_to(root).as_posix()
        written = [(line, text, list(citations(text))) for line, text in paragraphs(page)]
        for line, text, _ in written:
            found += [f"{name}:{line}: {said}" for said in refuted(QUOTED_SAYING.sub("", text), claims.values())]
        for index, (line, text, labels) in enumerate(written):
            cited |= {id for _, ids in labels for id in ids}
            found += [
                f"{name}:{line}: cites '{id}', which docs/claims.yml does not list: add an entry or correct the id"
                for _, ids in labels
                for id in ids
                if id not in claims
            ]
            if not labels:
                section = takewhile(lambda paragraph: not _is_heading(paragraph[1]), written[index + 1 :])
                grounded = _is_heading(text) and any(labels for _, _, labels in section)
                found += [
                    f"{name}:{line}: {what} without a citation ('{said}'): cite a claim or include generated text"
                    for what, said in facts(text)
                    if not (grounded and what in IN_HEADINGS)
                ]
    proven = proofs(root)
    by_test = {id for proof in proven for id in proof.claims}
    for proof in proven:
        for id in proof.claims:
            if id not in claims:
                found.append(f"{proof.path}:{proof.line}: proves '{id}', which docs/claims.yml does not list")
    for claim in claims.values():
        entry = f"docs/claims.yml: '{claim.id}'"
        found += [f"{entry}: {said}" for said in refuted(claim.statement, claims.values())]
        if not claim.source and claim.id not in by_test:
            found.append(f"{entry} has neither a proof in tests/proofs/ nor a source: add one or stop claiming it")
        if claim.id not in cited:
            found.append(f"{entry} is cited by no page: cite it or delete it and its proof")
        if claim.checked and today - claim.checked > OLDEST_SOURCE:
            found.append(f"{entry} was last read {claim.checked}, over 180 days ago: read the source again")
        if claim.checked and claim.checked > max(today, date.today()):
            found.append(f"{entry} was read {claim.checked}, which is in the future")
    return found
