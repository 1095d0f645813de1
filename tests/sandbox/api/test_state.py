"""What endpoints work with: chance that no other request can disturb."""

from openai_sandbox.api.shared.state import Chance


def test_the_same_prompt_draws_anew_each_time_it_is_asked() -> None:
    chance = Chance(7)
    first, second = chance.draws("Say hello").random(), chance.draws("Say hello").random()
    assert first != second


def test_a_seed_of_the_request_draws_the_same_again() -> None:
    chance = Chance(7)
    assert chance.draws("Say hello", 3).random() == chance.draws("Say hello", 3).random()


def test_what_else_was_asked_makes_no_difference() -> None:
    alone, among_others = Chance(7), Chance(7)
    among_others.draws("Something else")
    assert alone.draws("Say hello").random() == among_others.draws("Say hello").random()
