"""Every behavior that the site lists is shown by a test, and every such test is listed."""

from docs._tools.data.as_of import ROOT
from docs._tools.ledger import claims
from docs._tools.tables.sandbox import BEHAVIOR, EVIDENCE

LISTED = {row["id"] for row in BEHAVIOR}
SHOWN = {id for test in claims.marked(ROOT, "sandbox", "simulates") for id in test.claims}


def test_every_behavior_of_the_list_has_a_test() -> None:
    assert not LISTED - SHOWN, "mark a test in tests/sandbox/ with @pytest.mark.simulates"


def test_every_marked_test_shows_a_behavior_of_the_list() -> None:
    assert not SHOWN - LISTED, "add it to sandbox/behavior.json"


def test_every_behavior_says_how_it_is_known() -> None:
    assert len(LISTED) == len(BEHAVIOR)
    for row in BEHAVIOR:
        assert row["evidence"] in EVIDENCE, row
        assert row["source"], row
