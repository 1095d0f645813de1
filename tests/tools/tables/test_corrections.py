"""Every correction has a ground, and an entry that cannot be shown is refused with its place and the remedy."""

from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.ledger import claims
from docs._tools.tables.corrections import DATA, VERDICTS, CorrectionError, corrections, render

CORRECTIONS = corrections()
FEWEST = {"false": 22, "outdated": 13, "imprecise": 30}
GOOD = {
    "id": "sky",
    "topic": "Colors",
    "verdict": "false",
    "says": "The sky is green.",
    "true": "It is blue.",
    "claims": "[blue]",
    "see": "lessons/sky.md#the-color-code",
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_there_are_as_many_as_are_known(verdict: str) -> None:
    assert sum(correction.verdict == verdict for correction in CORRECTIONS) >= FEWEST[verdict]


def test_every_claim_of_a_correction_is_proven_or_has_a_dated_source() -> None:
    ledger = claims.ledger(ROOT)
    grounded = {id for proof in claims.proofs(ROOT) for id in proof.claims} | {
        id for id in ledger if ledger[id].checked
    }
    assert {id for correction in CORRECTIONS for id in correction.claims} <= grounded


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one claim and one page."""
    for folder in ("about", "lessons"):
        (tmp_path / "docs" / folder).mkdir(parents=True)
    (tmp_path / "tests" / "proofs").mkdir(parents=True)
    (tmp_path / "docs" / "claims.yml").write_text(
        "- {id: blue, statement: The sky is blue., source: a window, checked: 2026-11-20, kind: history}\n"
    )
    (tmp_path / "docs" / "lessons" / "sky.md").write_text(
        "# The sky\n\n```bash\n# no heading\n```\n\n## The color `code`\n"
    )
    return tmp_path


def write(root: Path, *rows: dict[str, str]) -> None:
    entries = ["\n".join(f"{'-' if n == 0 else ' '} {key}: {row[key]}" for n, key in enumerate(row)) for row in rows]
    (root / DATA).write_text("\n".join(entries))


def test_an_entry_is_shown_with_its_verdict_its_ground_and_its_page(root: Path) -> None:
    write(root, GOOD)
    assert render(root) == (
        "1 false, 0 outdated, 0 imprecise: 1 in all.\n\n## Colors\n\n*The sky is green.*{ #sky }\n"
        ":   **False.** It is blue.[^blue]<br>\n    <small>Source read 2026-11-20. "
        "More: [The sky: The color `code`](../lessons/sky.md#the-color-code).</small>\n"
    )


def test_a_proof_is_a_ground_as_well(root: Path) -> None:
    write(root, GOOD | {"see": "lessons/sky.md"})
    (root / "tests" / "proofs" / "test_sky.py").write_text('@pytest.mark.proves("blue")\ndef test_sky(): ...\n')
    assert "<small>Proven by a test; source read 2026-11-20. More: [The sky](../lessons/sky.md).</small>" in render(
        root
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "The_Sky"}, "id is lower-case words with hyphens"),
        ({"verdict": "wrong"}, "verdict is one of false, outdated, imprecise, not 'wrong'"),
        ({"true": "''"}, "true is one paragraph of 1 to 500 characters"),
        ({"says": "x" * 501}, "says is one paragraph of 1 to 500 characters"),
        ({"true": "It is blue.[^blue]"}, "citations go into claims"),
        ({"claims": "[]"}, "at least one id of docs/claims.yml"),
        ({"claims": "[green]"}, "docs/claims.yml does not list 'green': add it there or correct the id"),
        ({"see": "lessons/sea.md"}, "see is a page in docs/"),
        ({"see": "lessons/sky.md#no-heading"}, "docs/lessons/sky.md has no heading with the anchor 'no-heading'"),
    ],
)
def test_a_bad_entry_is_refused_with_its_place_and_the_remedy(root: Path, changed: dict[str, str], said: str) -> None:
    write(root, GOOD | changed)
    with pytest.raises(CorrectionError) as caught:
        corrections(root)
    assert str(caught.value).startswith(f"{DATA}: entry 1 (")
    assert said in str(caught.value)


@pytest.mark.parametrize("changed", [{"source": "me"}, {"see": None}])
def test_an_entry_has_all_of_its_parts_and_no_others(root: Path, changed: dict[str, str | None]) -> None:
    write(root, {key: value for key, value in (GOOD | changed).items() if value is not None})
    with pytest.raises(CorrectionError, match=r"entry 1: has id, topic, verdict, says, true, claims and see, all"):
        corrections(root)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({}, "the id 'sky' is there twice: rename one"),
        ({"id": "sea", "topic": "Water"}, "the topic 'Colors' is there twice: put all of its entries together"),
    ],
)
def test_what_is_there_twice_is_named(root: Path, second: dict[str, str], said: str) -> None:
    write(root, GOOD, GOOD | second, GOOD | {"id": "dusk"})
    with pytest.raises(CorrectionError, match=said):
        corrections(root)


@pytest.mark.parametrize("text", ["[", "a: 1"])
def test_a_file_that_is_no_list_is_refused(root: Path, text: str) -> None:
    (root / DATA).write_text(text)
    with pytest.raises(CorrectionError, match=r"docs/about/corrections\.yml"):
        corrections(root)
