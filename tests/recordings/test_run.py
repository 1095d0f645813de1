"""What the comparison with recordings refuses: a floor that is missed, and a list that is not true any more."""

from typing import Any

import yaml

from openai_sandbox.compare.recordings import of_line
from openai_sandbox.compare.replay import Outcome, replay

from .run import KNOWN, problems

MOST_LISTED = 16
FLOORS: dict[str, Any] = {"floors": {"all": {"status": 100, "structure": 100}}, "differences": {}}


def outcome(**live: Any) -> Outcome:
    line = {"id": "a", "path": "/v1/models/gpt-4o", "request": None, "live": {"status": 200} | live}
    (found,) = replay([of_line("a", line)])
    return found


OTHER = outcome(body={"new": 1})


def found(one: Outcome, known: dict[str, Any] = FLOORS, *, large: bool = True, listed_only: bool = True) -> list[str]:
    return list(problems([one], [one] if large else [], [], known, listed_only=listed_only))


def test_a_floor_that_is_missed_is_told() -> None:
    assert OTHER.structure
    assert found(OTHER, FLOORS | {"differences": {"a": "new"}}) == ["all: the same structure in 0.0%, below 100%"]


def test_a_difference_has_to_be_listed() -> None:
    (said,) = found(OTHER, large=False)
    assert said.startswith("a is not listed: created: missing in the recording")
    assert found(OTHER, FLOORS | {"differences": {"a": "new"}}, large=False) == []


def test_what_is_listed_has_to_differ() -> None:
    same = outcome(status=200)
    assert not same.structure
    assert found(same, FLOORS | {"differences": {"a": "gone"}}) == ["a does not differ any more: take it off the list"]


def test_of_other_recordings_nothing_is_listed() -> None:
    assert found(OTHER, large=False, listed_only=False) == []


def test_the_list_only_shrinks_and_gives_reasons() -> None:
    listed = yaml.safe_load(KNOWN.read_text("utf-8"))["differences"]
    assert len(listed) <= MOST_LISTED
    assert all(isinstance(reason, str) and len(reason) > 10 for reason in listed.values())
