"""The run of mutations tells proofs that can fail from those that cannot."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.claims import ledger
from docs._tools.tables.mutations import (
    CAUGHT,
    SURVIVED,
    Mutation,
    Outcome,
    Result,
    mutations,
    others,
    out_of_scope,
    summary,
)
from tests.mutations.run import BROKEN, SDK, STALE, merged, outcome

PROOF = """
from importlib.metadata import requires
import openai._constants

def test_there_are_two_retries():
    assert openai._constants.DEFAULT_MAX_RETRIES == 2
    assert "sniffio" in requires("openai")
"""
LESS = Mutation("made-up", "_constants.py", "DEFAULT_MAX_RETRIES = 2", "DEFAULT_MAX_RETRIES = 1", "there is one")


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> SDK:
    return SDK(tmp_path_factory.mktemp("sdk"))


@pytest.mark.parametrize(
    ("mutation", "expected"),
    [
        pytest.param(LESS, CAUGHT, id="one that the proof looks at"),
        pytest.param(
            replace(LESS, file="METADATA", find="Requires-Dist: sniffio\n", replace=""), CAUGHT, id="metadata"
        ),
        pytest.param(
            replace(LESS, find="INITIAL_RETRY_DELAY = 0.5", replace="INITIAL_RETRY_DELAY = 1"), SURVIVED, id="other"
        ),
        pytest.param(replace(LESS, replace="DEFAULT_MAX_RETRIES = ="), BROKEN, id="one that cannot be imported"),
        pytest.param(replace(LESS, find="DEFAULT_MAX_RETRIES = 200"), STALE, id="one whose text is gone"),
        pytest.param(replace(LESS, count=2), STALE, id="one whose text is there less often"),
        pytest.param(replace(LESS, file="no_such_file.py"), STALE, id="one whose file is gone"),
    ],
)
def test_a_mutation_is_caught_survives_is_broken_or_stale(
    mutation: Mutation, expected: str, sdk: SDK, tmp_path: Path
) -> None:
    proof = tmp_path / "test_proof.py"
    proof.write_text(PROOF, "utf-8")
    before = sdk.package.joinpath("_constants.py").read_bytes()
    assert outcome(sdk, mutation, [f"{proof}::test_there_are_two_retries"]) == expected
    assert sdk.package.joinpath("_constants.py").read_bytes() == before


def test_the_summary_counts_claims_and_mutations_and_names_survivors() -> None:
    rows = [
        Outcome("one", "it is red", CAUGHT),
        Outcome("one", "it is blue", SURVIVED),
        Outcome("two", "it is old", CAUGHT),
    ]
    text = summary(4, 2, 1, Result("2026-11-29", version("openai"), rows))
    assert "| sourced | 4 |" in text
    assert "3 changes of the SDK were tried, each of which makes one of 2 claims false." in text
    assert "The proofs caught 2 of them; 1 went unnoticed." in text
    assert "| `one` | it is blue |" in text


def test_a_package_with_another_name_is_changed_in_its_copy(tmp_path: Path) -> None:
    mutation = next(row for row in mutations() if row.package == "openai-agents" and row.file != "METADATA")
    with SDK(tmp_path, mutation.package).changed(mutation) as found:
        assert found
        assert mutation.replace in (tmp_path / "agents" / mutation.file).read_text("utf-8")
    assert f"are changes of openai-agents {version('openai-agents')}." in others()


def test_no_mutation_is_listed_twice_or_changes_nothing() -> None:
    listed = mutations()
    assert len({(mutation.claim, mutation.why) for mutation in listed}) == len(listed)
    assert not [mutation for mutation in listed if mutation.find == mutation.replace]


def test_what_is_listed_are_claims_that_are_in_the_ledger() -> None:
    claims = ledger(ROOT).keys()
    assert {mutation.claim for mutation in mutations()} <= claims
    assert {id for row in out_of_scope() for id in row.claims} <= claims


def test_what_is_recorded_of_other_claims_is_kept_for_the_same_version_only() -> None:
    first, *_, last = (Outcome(mutation.claim, mutation.why, CAUGHT) for mutation in mutations())
    gone = Outcome("no-longer-listed", "", CAUGHT)
    recorded = Result("2026-11-29", version("openai"), [last, replace(first, outcome=SURVIVED), gone])
    assert merged([first], recorded) == [first, last]
    assert merged([first], replace(recorded, openai="0.28")) == [first]
    assert merged([first], None) == [first]
