"""The language model: tokens, the prefix tree, sampling and answers."""

import random
from collections import Counter

import pytest
import rs_bpe

from openai_sandbox.model import tokens
from openai_sandbox.model.answers import FALLBACK, Message, find, generate, load, prompts, tree
from openai_sandbox.model.sampling import build, distribution, sample

STRINGS = [
    "",
    "Say this is a test!",
    "naïve café — “quotes” …",
    "日本語のテキスト、句読点。",
    "👩‍👩‍👧‍👦 family 🏳️‍🌈",
    "مرحبا بالعالم",
    "def f(x):\n\treturn x  # comment\n\n\n",
    "   leading and trailing   \r\n",
    "<|endoftext|> looks special",
    "1234567890 3.14159 0xDEADBEEF",
    "\x00\x01\x7f control",
]


@pytest.mark.parametrize("text", STRINGS)
def test_tokens_agree_with_an_independent_implementation(text: str) -> None:
    assert tokens.encode(text) == rs_bpe.openai.o200k_base().encode(text)


@pytest.mark.parametrize("text", STRINGS)
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(tokens.pieces(tokens.encode(text))) == text


@pytest.mark.simulates("token-counts")
def test_openai_samples_of_chat_overhead_are_met() -> None:
    assert tokens.chat_input_tokens([("user", "Say this is a test!")]) == 13
    system, user = ("system", "You are a helpful assistant."), ("user", "Hello!")
    assert tokens.chat_input_tokens([system, user]) == 19


def test_a_branch_weighs_what_the_answers_behind_it_weigh() -> None:
    root = build([([1, 2], 5), ([1, 3], 3), ([4], 2)])
    assert distribution(root, 1, 1) == [(1, 0.8), (4, 0.2)]
    assert dict(distribution(root.children[1], 1, 1)) == pytest.approx({2: 0.625, 3: 0.375})


@pytest.mark.simulates("temperature")
def test_temperature_sharpens_and_flattens() -> None:
    root = build([([1], 8), ([2], 2)])
    assert distribution(root, 0, 1) == [(1, 1.0)]
    cool, warm, hot = (dict(distribution(root, t, 1))[1] for t in (0.5, 1, 2))
    assert cool == pytest.approx(64 / 68)
    assert warm == pytest.approx(0.8)
    assert hot == pytest.approx(2 / 3)


def test_top_p_keeps_the_smallest_sufficient_set() -> None:
    root = build([([1], 5), ([2], 3), ([3], 2)])
    assert [token for token, _ in distribution(root, 1, 0.5)] == [1]
    assert [token for token, _ in distribution(root, 1, 0.6)] == [1, 2]
    assert sum(p for _, p in distribution(root, 1, 0.6)) == pytest.approx(1)


def test_sampling_follows_the_weights() -> None:
    root = build([([1], 7), ([2], 3)])
    rng = random.Random(1)
    drawn = Counter(sample(root, rng)[0] for _ in range(2000))
    assert drawn[1] / 2000 == pytest.approx(0.7, abs=0.04)


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
        ('[{"ask": ["Hi"], "answers": [{"text": "Ho", "weight": 0}]}]', "weights are above 0"),
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
