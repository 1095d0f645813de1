"""The prefix tree, and how temperature and top_p choose in it."""

import random
from collections import Counter

import pytest

from openai_sandbox.model.sampling import build, distribution, sample


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
