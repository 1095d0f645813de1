"""What endpoints work with: chance that no other request can disturb."""

from openai_sandbox.api.shared.state import Chance


def test_a_generator_that_is_drawn_from_late_gives_what_it_would_have_given_at_once() -> None:
    at_once = Chance(7).generator("Say hello")
    expected = [at_once.random() for _ in range(3)]

    chance = Chance(7)
    late = chance.generator("Say hello")
    drawn = [late.random()]
    for prompt in ("Say hello", "Something else"):
        chance.generator(prompt).random()
        drawn.append(late.random())
    assert drawn == expected


def test_the_same_prompt_draws_anew_each_time_it_is_asked() -> None:
    chance = Chance(7)
    first, second = chance.generator("Say hello").random(), chance.generator("Say hello").random()
    assert first != second


def test_a_seed_of_the_request_draws_the_same_again() -> None:
    chance = Chance(7)
    assert chance.generator("Say hello", 3).random() == chance.generator("Say hello", 3).random()


def test_what_else_was_asked_makes_no_difference() -> None:
    alone, among_others = Chance(7), Chance(7)
    among_others.generator("Something else")
    assert alone.generator("Say hello").random() == among_others.generator("Say hello").random()
