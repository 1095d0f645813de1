"""claims.json: the ledger of claims, with the proofs and the pages that cite them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic.dataclasses import dataclass

from ...ledger import freshness, pages
from ...ledger.claims import Claim as Entry
from ...ledger.claims import Proof, citations
from .document import PUBLISHED, Document

Evidence = Literal["proven", "sourced", "proven and sourced"]


@dataclass(config=PUBLISHED)
class Source:
    """What somebody read."""

    name: str
    """What was read."""
    url: str | None
    """Its address. Null: it has none."""
    read: date
    """The day it was read."""
    kind: freshness.Kind
    """How soon it may change: a price or a model after 14 days, a limit or a behavior after 60, history after 180, the
    SDK's documentation with the next version of it."""
    openai: str | None
    """The version of openai whose documentation was read. Null: it is not from the SDK."""


@dataclass(config=PUBLISHED)
class Claim:
    """A statement and how it is known."""

    id: str
    """Its name in docs/claims.yml."""
    statement: str
    """The statement, in Markdown."""
    evidence: Evidence
    """`proven`: by tests, with the version of openai above, or of `library`. `sourced`: somebody read it."""
    library: str | None
    """The package that it is about. Null: openai."""
    proofs: list[str]
    """The tests that prove it, as pytest names them, relative to the repository."""
    source: Source | None
    """What somebody read. Null: only tests show it."""
    pages: list[str]
    """The pages that cite it: their addresses, relative to the root of the site."""


@dataclass(kw_only=True, config=PUBLISHED)
class Claims(Document):
    """Every statement of fact on the site: proven by tests, or read in a source that is named and dated."""

    claims: list[Claim]
    """The claims, in the order of docs/claims.yml."""

    @classmethod
    def read(cls, docs: Path, ledger: Mapping[str, Entry], proofs: Sequence[Proof]) -> Self:
        """Return the claims with their proofs, and the pages below `docs` that cite them."""
        proven: dict[str, list[str]] = {id: [] for id in ledger}
        for proof in proofs:
            for id in proof.claims:
                proven[id].append(f"{proof.path}::{proof.test}")
        cited: dict[str, list[str]] = {id: [] for id in ledger}
        for page in pages.markdown_pages(docs):
            text = "\n\n".join(paragraph for _, paragraph in pages.paragraphs(page))
            for id in dict.fromkeys(id for _, ids in citations(text) for id in ids):
                cited[id].append(pages.address_of(page, docs))
        return cls(claims=[_claim(claim, proven[id], cited[id]) for id, claim in ledger.items()])


def _claim(claim: Entry, proofs: list[str], cited_by: list[str]) -> Claim:
    source = None
    if claim.source and claim.checked and claim.kind:
        source = Source(claim.source, claim.url, claim.checked, claim.kind, claim.openai)
    evidence: Evidence = "proven" if not source else "proven and sourced" if proofs else "sourced"
    return Claim(claim.id, " ".join(claim.statement.split()), evidence, claim.library, proofs, source, cited_by)
