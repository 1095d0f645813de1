"""What the live API was seen to answer to bad requests is what the sandbox answers, word for word.

The cases were measured on gpt-5.6-terra from 2026-08-30 to 2026-09-04 and published in
kangminlee-maker/local-OAuth-CLI-API-adapter: test/openai-responses-validation-parity.test.mjs,
test/openai-chat-validation-parity.test.mjs and docs/conformance-matrix.md, 5.5.5 and 5.5.6.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from ...good_requests import CHAT, RESPONSES
from .answers import BAD, Answer, unknown
from .asker import Asker, Body, report
from .measured_on_chat import ON_CHAT, TAKEN_ON_CHAT, TWO_WRONG_ON_CHAT, TYPES_ON_CHAT
from .measured_on_responses import (
    ON_RESPONSES,
    TAKEN_ON_RESPONSES,
    TWO_WRONG_ON_RESPONSES,
    TYPES_ON_RESPONSES,
    items,
)
from .measured_requests import GOOD

NUMBERS = {"temperature", "top_p", "presence_penalty", "frequency_penalty", "max_output_tokens", "max_tool_calls"}
NUMBERS |= {"top_logprobs", "max_completion_tokens", "n", "seed", "max_tokens"}


def answer(asker: Asker, path: str, change: Body) -> Answer:
    """Send the good request with a change, and return how it is refused."""
    body = {name: value for name, value in (GOOD[path] | change).items() if value is not ...}
    refusal = asker.ask("POST", path, body)
    assert refusal.type in (None, BAD), refusal
    return refusal


def place(asker: Asker, path: str, change: Body) -> str | None:
    """Send the good request with a change, and return the param of the refusal."""
    refusal = answer(asker, path, change)
    return refusal.param if refusal.status != 200 else "taken"


def differing(cases: Iterable[tuple[Body, object, object]]) -> list[str]:
    """Report the cases, of change, expectation and answer, in which the last two differ."""
    return [report(*case) for case in cases if case[1] != case[2]]


@pytest.mark.simulates("measured-refusals")
@pytest.mark.parametrize(("path", "cases"), [(RESPONSES, ON_RESPONSES), (CHAT, ON_CHAT)], ids=["responses", "chat"])
def test_bad_requests_are_answered_word_for_word(asker: Asker, path: str, cases: list[tuple[Body, Answer]]) -> None:
    wrong = differing((change, expected, answer(asker, path, change)) for change, expected in cases)
    assert not wrong, "\n".join(wrong)
    assert len(cases) > 90
    assert len(ON_RESPONSES) + len(ON_CHAT) > 200


@pytest.mark.simulates("check-order")
@pytest.mark.parametrize(
    ("path", "cases"), [(RESPONSES, TWO_WRONG_ON_RESPONSES), (CHAT, TWO_WRONG_ON_CHAT)], ids=["responses", "chat"]
)
def test_of_two_mistakes_the_measured_one_is_told(
    asker: Asker, path: str, cases: list[tuple[Body, str | None]]
) -> None:
    wrong = differing((change, expected, place(asker, path, change)) for change, expected in cases)
    assert not wrong, "\n".join(wrong)
    assert len(cases) > 25


@pytest.mark.simulates("check-order")
@pytest.mark.parametrize(
    ("path", "order"), [(RESPONSES, TYPES_ON_RESPONSES), (CHAT, TYPES_ON_CHAT)], ids=["responses", "chat"]
)
def test_types_are_checked_in_the_measured_order(asker: Asker, path: str, order: list[str]) -> None:
    wrong = {name: "x" if name in NUMBERS else 7 for name in order}
    told = [place(asker, path, {second: wrong[second], first: wrong[first]}) for first, second in pairwise(order)]
    assert told == order[:-1]
    assert len(order) > 30


@pytest.mark.parametrize(
    ("path", "taken"), [(RESPONSES, TAKEN_ON_RESPONSES), (CHAT, TAKEN_ON_CHAT)], ids=["responses", "chat"]
)
def test_what_was_measured_to_be_taken_is_taken(asker: Asker, path: str, taken: list[Body]) -> None:
    wrong = differing((change, Answer(200), answer(asker, path, change)) for change in taken)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", ["audio", "modalities", "web_search_options"])
def test_what_audio_and_search_models_take_is_unknown_to_others(asker: Asker, key: str) -> None:
    assert answer(asker, CHAT, {key: {}}) == unknown(key)


@pytest.mark.parametrize("type", [7, "bogus"])
def test_an_item_of_no_known_type_is_told_all_of_them_in_alphabetical_order(asker: Asker, type: Any) -> None:
    refusal = answer(asker, RESPONSES, items({"type": type, "role": "user", "content": "x"}))
    assert refusal.status == 400
    given = type if isinstance(type, str) else ""
    assert (refusal.param, refusal.code) == ("input[0]", "invalid_value")
    assert refusal.message.startswith(f"Invalid value: '{given}'. Supported values are: 'additional_tools', ")
    assert refusal.message.endswith("'tool_search_output', and 'web_search_call'.")
    named = refusal.message.split("are: ")[1].removesuffix(".").replace("and ", "").split(", ")
    assert named == sorted(named)
    assert {"'message'", "'function_call'", "'reasoning'", "'item_reference'"} < set(named)
