"""The authored answers: which prompt they are for, and how much is reasoned before one."""

import random

import pytest

from openai_sandbox.model import tokens
from openai_sandbox.model.answers import FALLBACK, Message, find, generate, load, prompts, tree
from openai_sandbox.model.sampling import sample


def test_every_sampled_answer_is_one_that_was_written() -> None:
    written = {text for entries in prompts().values() for prompt in entries for text, _ in prompt.answers}
    rng = random.Random(1)
    for entries in prompts().values():
        for prompt in entries:
            for temperature in (0.0, 1.0, 2.0):
                assert "".join(tokens.pieces(sample(tree(prompt.answers), rng, temperature))) in written


def test_every_prompt_has_three_to_six_answers() -> None:
    for entries in prompts().values():
        for prompt in entries:
            assert 3 <= len(prompt.answers) <= 6, prompt.ask
            assert all(weight > 0 for _, weight in prompt.answers)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[\n{"ask": ["Hi"],}]', "answers.json:2: "),
        ('[{"ask": ["Hi"], "answers": [{"text": "Ho"}]}]', "entry 1 needs .*KeyError: 'weight'"),
        ('[{"ask": ["Hi"], "answers": [{"text": "Ho", "weight": 0}]}]', "weights must be above 0"),
        ('[{"answers": [{"text": "Ho", "weight": 1}]}]', "KeyError: 'ask'"),
    ],
)
def test_a_mistake_in_the_answers_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(text)


def test_prompts_are_recognized_whatever_their_case_and_punctuation() -> None:
    assert find([Message("user", "say this is a TEST")]) == find([Message("user", "Say this is a test!")])
    assert find([Message("user", "Say this is not a test")]) is None


def test_an_unknown_prompt_gets_an_answer_that_says_so() -> None:
    answer = generate([Message("user", "What is the weather?")], random.Random(1))
    assert answer.text == FALLBACK
    assert not answer.authored


@pytest.mark.simulates("reasoning-tokens")
def test_more_effort_spends_more_reasoning_tokens() -> None:
    def spent(effort: str | None) -> int:
        return generate([Message("user", "Hi")], random.Random(1), effort=effort).reasoning_tokens

    efforts = (None, "none", "minimal", "low", "medium", "high", "xhigh", "max")
    amounts = [spent(effort) for effort in efforts]
    assert amounts == sorted(amounts)
    assert amounts[1] == 0 < amounts[3] < amounts[-1]
