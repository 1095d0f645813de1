"""Simulated latency."""

from openai_sandbox.core import Core, Request

from ...good_requests import KEY, MODELS
from ..client import reply_of

LISTING = Request("GET", MODELS, KEY)


def test_latency_delays_the_reply() -> None:
    assert reply_of(Core("ok latency=0.25"), LISTING).delay == 0.25
    assert reply_of(Core("latency=0.5"), LISTING).delay == 0.5
    assert reply_of(Core(latency=2), LISTING).delay == 2


def test_an_explicit_latency_beats_that_of_the_faults() -> None:
    assert reply_of(Core("latency=0.5", latency="none"), LISTING).delay == 0
