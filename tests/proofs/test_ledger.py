"""Every claim has a ground, every ground a claim, and no fact stands without either."""

import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from docs._tools.data import price_sources
from docs._tools.data.as_of import ROOT, as_of
from docs._tools.ledger import claims, repeated

FEWEST_PROVEN = 8

PAGE = """---
title: A page released in March 2025
---
# Title

A fact.[^a]

```python title="x.py"
price = "$5"
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests" / "proofs").mkdir(parents=True)
    (tmp_path / "docs" / "page.md").write_text(PAGE)
    (tmp_path / "docs" / "claims.yml").write_text("- {id: a, statement: A fact.}\n")
    (tmp_path / "tests" / "proofs" / "test_a.py").write_text('@pytest.mark.proves("a")\ndef test_a(): ...\n')
    return tmp_path


def problems(root: Path) -> str:
    return "\n".join(claims.problems(root, date(2026, 11, 20)))


def test_the_ledger_the_pages_and_the_proofs_agree() -> None:
    found = claims.problems(ROOT, as_of())
    assert not found, "\n" + "\n".join(found)


def test_no_two_claims_say_the_same() -> None:
    pairs = repeated.alike(claims.ledger(ROOT).values())
    assert not pairs, "merge these, or say in docs/_tools/ledger/repeated.py how they differ"


def test_pairs_that_differ_are_still_there_and_still_look_alike() -> None:
    ledger = claims.ledger(ROOT)
    for pair in repeated.DIFFERENT:
        assert repeated._same(*(repeated.words(ledger[id].statement) for id in pair)), f"{pair}: no reason is needed"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The SDK's documentation of `max_output_tokens` and `max_completion_tokens`: an upper bound for "
            "the tokens of one "
            "response, visible output and reasoning together.",
            "The SDK's documentation of `max_output_tokens`: an upper bound for the tokens of a response, "
            "reasoning tokens "
            "included.",
        ),
        (
            "A call of `AsyncOpenAI` that nobody awaits sends nothing.",
            "Without `await` a call of `AsyncOpenAI` is a coroutine. It sends nothing.",
        ),
        (
            "When `asyncio.gather` raises the exception of one call, the others go on and are answered.",
            "When a call makes `asyncio.gather` raise, the other calls are not canceled. They go on until "
            "they are answered.",
        ),
        (
            "A retry sends the same body again. Its headers say how many retries came before, in "
            "`x-stainless-retry-count`; "
            "no idempotency key is among them.",
            "A retry sends the same body again, with `x-stainless-retry-count` one higher. No idempotency key is sent, "
            "neither with the first try nor with the others.",
        ),
        (
            "The API answers 400, `integer_below_min_value`, to a `max_output_tokens` under 16.",
            '`max_output_tokens` below 16 is answered with status 400, `integer_below_min_value`, "Expected '
            'a value >= 16".',
        ),
    ],
)
def test_two_claims_that_say_the_same_in_other_words_are_found(one: str, other: str) -> None:
    pair = [claims.Claim("a", one), claims.Claim("b", other), claims.Claim("c", "An empty key raises an error.")]
    assert repeated.alike(pair) == [("a", "b")]


REFUTING = "- {id: a, statement: A fact., refutes: [it sends any text]}\n"


def test_a_claim_that_another_one_refutes_is_named(root: Path) -> None:
    other = "- {id: b, statement: It `sends` any text., source: a page, checked: 2026-11-20, kind: history}\n"
    (root / "docs" / "claims.yml").write_text(REFUTING + other)
    (root / "docs" / "page.md").write_text(PAGE + "\nAnother fact.[^b]\n")
    assert problems(root) == (
        "docs/claims.yml: 'b': says 'it sends any text', which 'a' refutes: correct the text or the claim"
    )


def test_a_page_that_says_what_a_claim_refutes_is_named(root: Path) -> None:
    (root / "docs" / "claims.yml").write_text(REFUTING)
    (root / "docs" / "page.md").write_text(PAGE + "\nOf a key it sends\nany[^a] text.\n")
    assert (
        problems(root) == "docs/page.md:12: says 'it sends any text', which 'a' refutes: correct the text or the claim"
    )


def test_what_a_correction_quotes_may_be_refuted_and_what_it_says_may_not(root: Path) -> None:
    (root / "docs" / "claims.yml").write_text(REFUTING)
    quoted = "\n*It sends any text.*{ #any-text }\n:   **False.** "
    (root / "docs" / "page.md").write_text(PAGE + quoted + "It does not.\n")
    assert problems(root) == ""
    (root / "docs" / "page.md").write_text(PAGE + quoted + "It sends any text.\n")
    assert "which 'a' refutes" in problems(root)


def test_the_ledger_refutes_what_the_site_once_said() -> None:
    ledger = claims.ledger(ROOT).values()
    for said in (
        "The SDK does not check the form of a key. It sends any text after `Bearer`.",
        "The default timeout is 600 seconds for each try, 5 seconds of them to connect.",
        "Background mode stores response data for about 10 minutes, so it is not compatible with zero data\nretention.",
        "Background mode stores data of the response for about ten minutes, so it does not go together with zero data "
        "retention.[^background-resume]",
        "That suits extraction, classification and code.",
        "If you have no credit left, pay. Only `error.code` tells\n  them apart.[^quota-same-class]",
        "It has two causes, and only `code` tells them apart.",
        "The timeout limits each attempt. After a timeout the client retries.",
    ):
        assert list(claims.refuted(said, ledger)), said


def test_most_claims_are_proven_by_experiment() -> None:
    proven = {id for proof in claims.proofs(ROOT) for id in proof.claims}
    assert len(proven) >= FEWEST_PROVEN


def test_a_page_whose_claims_are_grounded_has_no_problems(root: Path) -> None:
    assert problems(root) == ""


def test_a_deleted_proof_is_named(root: Path) -> None:
    (root / "tests" / "proofs" / "test_a.py").unlink()
    assert problems(root).startswith("docs/claims.yml: 'a' has neither a proof in tests/proofs/ nor a source")


def test_a_proof_nobody_cites_is_named(root: Path) -> None:
    (root / "docs" / "page.md").write_text("# Title\n")
    assert "docs/claims.yml: 'a' is cited by no page" in problems(root)


def test_a_proof_of_nothing_is_named(root: Path) -> None:
    (root / "tests" / "proofs" / "test_b.py").write_text('\n@pytest.mark.proves("a", "b")\ndef test_b(): ...\n')
    assert problems(root) == "tests/proofs/test_b.py:3: proves 'b', which docs/claims.yml does not list"


def test_a_citation_without_an_entry_is_named(root: Path) -> None:
    (root / "docs" / "page.md").write_text(PAGE + "\nAnother fact.[^a+b]\n")
    assert problems(root).startswith("docs/page.md:12: cites 'b', which docs/claims.yml does not list")


@pytest.fixture
def partial(root: Path) -> Path:
    """A generated text that the page includes."""
    path = root / "docs" / "includes" / "generated" / "facts.md"
    path.parent.mkdir(parents=True)
    (root / "docs" / "page.md").write_text('# Title\n\n--8<-- "generated/facts.md"\n')
    return path


def test_what_generated_text_cites_is_cited(root: Path, partial: Path) -> None:
    partial.write_text("A fact of 2026-11-21.[^a]\n")
    assert problems(root) == ""
    (root / "docs" / "page.md").write_text("# Title\n")
    assert "docs/claims.yml: 'a' is cited by no page" in problems(root)


def test_an_unknown_citation_in_generated_text_is_named(root: Path, partial: Path) -> None:
    partial.write_text("A fact.[^a+b]\n")
    assert problems(root).startswith("docs/page.md:3: cites 'b', which docs/claims.yml does not list")


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("It costs $5.", "a price ('$5')"),
        ("It came out in March 2025.", "a date ('March 2025')"),
        ("It came out on 2025-03-11.", "a date ('2025-03-11')"),
        ("Take `gpt-6-luna`.", "a model name ('gpt-6-luna')"),
        ("Take o4-mini.", "a model name ('o4-mini')"),
        ("You get 500 requests per minute.", "a limit ('500 requests per minute')"),
        ("You get 30,000 TPM.", "a limit ('30,000 TPM')"),
    ],
)
def test_a_fact_without_a_citation_is_named(root: Path, sentence: str, what: str) -> None:
    (root / "docs" / "page.md").write_text(f"{PAGE}\n{sentence}\n")
    assert problems(root) == (
        f"docs/page.md:12: {what[:-1].rpartition(' (')[0]} without a citation ({what.rpartition(' (')[2]}: "
        "cite a claim or include generated text"
    )


def test_a_source_older_than_180_days_is_named(root: Path) -> None:
    entry = "- {id: a, statement: A fact., source: a page, checked: 2026-05-23, kind: history}\n"
    (root / "docs" / "claims.yml").write_text(entry)
    assert "docs/claims.yml: 'a' was last read 2026-05-23, over 180 days ago" in problems(root)
    (root / "docs" / "claims.yml").write_text(entry.replace("05-23", "05-24"))
    assert problems(root) == ""


def test_a_source_from_the_future_is_named(root: Path) -> None:
    (root / "docs" / "claims.yml").write_text(
        "- {id: a, statement: A fact., source: a page, checked: 2999-11-21, kind: history}\n"
    )
    assert "which is in the future" in problems(root)


@pytest.mark.parametrize(
    "entry",
    ["- {id: a}", "- {statement: A fact.}", "- {id: a, statement: x, proof: y}", "- {id: a, statement: x, source: y}"],
)
def test_a_malformed_entry_is_named(root: Path, entry: str) -> None:
    (root / "docs" / "claims.yml").write_text(entry + "\n")
    assert problems(root).startswith("docs/claims.yml: ")


def test_footnotes_name_the_proof_or_the_source(root: Path) -> None:
    ledger = claims.ledger(root) | {
        "b": claims.Claim("b", "Read.", "a page", "https://example.com", date(2026, 11, 20))
    }
    text = claims.footnotes("Facts.[^a+b]", ledger, claims.proofs(root), None)
    assert "[^a+b]: A fact. *Proven by `tests/proofs/test_a.py::test_a`, openai " in text
    assert "Read. *Source: [a page](https://example.com), read November 20, 2026.*" in text


def test_a_footnote_names_the_version_of_the_library_that_was_tried(root: Path) -> None:
    ledger = {name: claims.Claim(name, "A fact.", library=name) for name in ("fastapi", "litellm", "no-such-library")}
    for name, known in (("fastapi", version("fastapi")), ("litellm", price_sources.release("litellm").version)):
        proof = claims.Proof("tests/proofs/test_a.py", 1, "test_a", (name,))
        assert f"::test_a`, {name} {known}.*" in claims.footnotes(f"Facts.[^{name}]", ledger, [proof], None)
    with pytest.raises(claims.LedgerError, match="no-such-library is not installed"):
        proof = claims.Proof("tests/proofs/test_a.py", 1, "test_a", ("no-such-library",))
        claims.footnotes("Facts.[^no-such-library]", ledger, [proof], None)


def test_footnotes_link_to_the_proof_where_the_repository_is_known(root: Path) -> None:
    text = claims.footnotes("Facts.[^a]", claims.ledger(root), claims.proofs(root), "https://example.com/repo")
    assert "(https://example.com/repo/blob/main/tests/proofs/test_a.py#L2)" in text


def test_only_cited_footnotes_are_appended(root: Path) -> None:
    assert claims.footnotes("No facts.", claims.ledger(root), claims.proofs(root), None) == "No facts."


def test_an_undefined_citation_stops_the_build(root: Path) -> None:
    with pytest.raises(claims.LedgerError, match=r"which docs/claims\.yml does not list"):
        claims.footnotes("Facts.[^zzz]", claims.ledger(root), claims.proofs(root), None)


def test_what_is_true_of_a_usage_tier_on_a_day_names_the_month() -> None:
    tiers = [claim for claim in claims.ledger(ROOT).values() if re.search(r"\btier \d", claim.statement, re.IGNORECASE)]
    assert tiers
    assert all(re.search(r"\bIn [A-Z][a-z]+ 20\d\d,", claim.statement) for claim in tiers if claim.source)


def test_what_openais_help_center_says_is_read_there() -> None:
    billing = claims.ledger(ROOT)["chatgpt-billing"]
    assert (billing.source or "").startswith("OpenAI help center")
    assert "openai.com" in (billing.url or "")
