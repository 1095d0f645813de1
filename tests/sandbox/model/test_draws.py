"""Random numbers from a hash."""

import statistics
from collections import Counter

from openai_sandbox.model.draws import Draws


def drawn(text: bytes) -> Draws:
    draws = Draws()
    draws.restart(text)
    return draws


def test_the_same_text_gives_the_same_numbers_whatever_was_drawn_before() -> None:
    used = drawn(b"other")
    used.getrandbits(12_345)
    used.restart(b"text")
    fresh = drawn(b"text")
    assert [used.random() for _ in range(30)] == [fresh.random() for _ in range(30)]


def test_other_texts_give_other_numbers() -> None:
    assert len({drawn(b"%d" % number).random() for number in range(1_000)}) == 1_000


def test_numbers_are_spread_evenly_from_0_to_1() -> None:
    draws = drawn(b"even")
    numbers = [draws.random() for _ in range(20_000)]
    assert 0 <= min(numbers) < 0.001
    assert 0.999 < max(numbers) < 1
    tenths = Counter(int(number * 10) for number in numbers)
    assert all(1_800 < tenths[tenth] < 2_200 for tenth in range(10))
    assert abs(statistics.correlation(numbers[:-1], numbers[1:])) < 0.03


def test_all_that_random_can_do_is_there() -> None:
    draws = drawn(b"all")
    assert Counter(draws.choice("abc") for _ in range(3_000)).keys() == set("abc")
    assert sorted(draws.sample(range(5), 5)) == [0, 1, 2, 3, 4]
    assert len(draws.randbytes(200)) == 200
    assert all(0 <= draws.getrandbits(k) < 2**k for k in range(1, 200))
    assert draws.getrandbits(0) == 0
