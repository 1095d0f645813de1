"""The verdict itself: as a sequence, as text and as JSON; waits by a clock of its own; what is said not to be known."""

import json
import random
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.stages.journal import Exchange
from openai_sandbox.verdict import KINDS, Outcome, Verdict, judge
from openai_sandbox.wire.trace import Link, Trace

from ...good_requests import RESPONSE, RESPONSES
from ..client import MakeSandbox, ask

SCHEMA = json.loads(files("openai_sandbox.verdict").joinpath("verdict.schema.json").read_text("utf-8"))
IMPATIENT = {"authorization": "Bearer sk-sandbox-0000000000000000"}


def tries(
    *waits: float, status: int = 503, retry_after: float | None = None, link: int = 1, **changes: Any
) -> list[Exchange]:
    """Return the tries of a call by one connection, so many seconds after each other. All but the last one fail."""
    now, found, connection = 100.0, [], Link(link, 99.0)
    for index in range(len(waits) + 1):
        last = index == len(waits)
        trace = Trace(connection, now, now + 0.001, now + 0.001, "sent")
        code = 200 if last else status
        found.append(Exchange("POST", RESPONSES, {}, RESPONSE | changes, code, retry_after=retry_after, trace=trace))
        now += 0.0 if last else 0.001 + waits[index]
    return found


@pytest.mark.parametrize(
    ("waits", "found"),
    [
        ((0.0,), []),
        ((0.0, 0.0), ["no_backoff"]),
        ((0.01, 0.02, 0.02), ["no_backoff"]),
        ((0.01, 0.02, 0.04), []),
        ((0.5, 0.5, 0.5), ["no_backoff"]),
        ((0.5, 0.5), ["no_backoff"]),
        ((0.5, 0.52), []),
        ((0.5, 0.49, 0.51), ["no_backoff"]),
        ((0.5, 0.4, 0.6), []),
        ((0.5, 0.5, 1.0), []),
        ((0.5, 1.0, 2.0), []),
        ((0.0, 1.0, 2.0), []),
        ((9.0, 0.0), []),
    ],
)
def test_waits_that_do_not_grow_are_found_unless_chance_may_have_made_them(
    waits: tuple[float, ...], found: list[str]
) -> None:
    assert judge(tries(*waits)).ids == found


@pytest.mark.parametrize(
    ("asked", "waited", "found"),
    [
        (1.0, 0.99, []),
        (1.0, 0.8, ["retry_after_ignored"]),
        (1.0, 7.0, []),
        (0.05, 0.03, ["retry_after_ignored"]),
        (0.05, 0.045, []),
        (0.01, 0.0, []),
    ],
)
def test_only_a_wait_that_is_surely_too_short_is_one(asked: float, waited: float, found: list[str]) -> None:
    assert judge(tries(waited, status=429, retry_after=asked)).ids == found


def test_calls_that_fail_at_different_times_may_wait_the_same() -> None:
    together = [entry for n in range(4) for entry in tries(0.5, link=n, input=str(n))]
    assert judge(together).ids == ["no_jitter"]
    assert judge(together[:4]).ids == []
    for number, entry in enumerate(together):
        later = 0.4 * (number // 2)
        entry.trace.arrived += later
        entry.trace.begun = (entry.trace.begun or 0.0) + later
    assert judge(together).ids == []


def test_a_verdict_is_a_sequence_that_is_false_when_nothing_was_found(sandbox: MakeSandbox) -> None:
    with sandbox("rate_limit retry_after=1") as api:
        assert not api.verdict()
        assert api.verdict().requests == 0
        for _ in range(2):
            ask(api, "POST", RESPONSES, json=RESPONSE)
        verdict = api.verdict()
        # `ask` makes a client for each request, which has closed its connection when it returns.
        assert [finding.id for finding in verdict] == verdict.ids == ["retry_after_ignored"]
        assert len(verdict) == 1
        assert verdict[0].requests == (2,)
        assert verdict[0].certainty == "certain"
        with pytest.raises(AssertionError, match=r"retry_after_ignored \(certain\): It retried a request"):
            verdict.assert_clean()
    Verdict(()).assert_clean()


def test_a_verdict_reads_as_what_was_seen_why_it_matters_and_what_to_do() -> None:
    lines = str(judge(tries(0.1, status=429, retry_after=1.0))).splitlines()
    assert lines[:3] == [
        "1 finding in 2 requests",
        "retry_after_ignored (certain): It retried a request sooner than the server asked.",
        "    seen: request 2 came 101 ms after a 429 that asked to wait 1.0 s",
    ] or lines[2].startswith("    seen: request 2 came 100 ms")
    assert lines[3].startswith("    why:  ")
    assert lines[4].startswith("    fix:  ")


def test_what_shows_often_is_one_finding_with_a_few_lines() -> None:
    finding = judge(tries(*[0.1] * 9, status=429, retry_after=1.0))[0]
    assert len(finding.requests) == 9
    assert len(finding.evidence) == 5
    assert finding.evidence[-1] == "and 5 more like these"


def test_the_json_is_as_its_schema_says() -> None:
    found = judge(tries(0.1, status=429, retry_after=1.0)).as_json()
    jsonschema.validate(found, SCHEMA)
    assert found["findings"][0]["id"] == "retry_after_ignored"
    del found["findings"][0]["evidence"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_the_schema_knows_every_finding() -> None:
    assert SCHEMA["properties"]["findings"]["items"]["properties"]["id"]["enum"] == list(KINDS)


def streamed() -> str:
    with OpenAI() as client:
        text = ""
        for event in client.responses.create(model="gpt-6-luna", input="Write a haiku about coding", stream=True):
            if event.type == "response.output_text.delta":
                text += event.delta
        return text


@pytest.mark.simulates("verdict")
def test_what_the_journal_cannot_tell_is_said_to_be_unknown(sandbox: MakeSandbox) -> None:
    with sandbox("end_early") as api:
        text = streamed()
        verdict = api.verdict()
        assert not verdict
        assert [unknown.id for unknown in verdict.unknown] == ["cut_stream_accepted"]
        assert "cut_stream_accepted, request 1: its stream broke off" in str(verdict)
        assert api.verdict(returned=text).ids == ["cut_stream_accepted"]
        assert not api.verdict(returned=None)
        assert not api.verdict(returned=f"{text} [cut off]")


@pytest.mark.parametrize(
    ("returned", "usual", "reaction"),
    [
        ("moon", "moon and half", "returned"),
        ("moon", None, "returned"),
        ("MOON", "WHOLE", "unknown"),
        ("moon [broken off]", "whole", "noticed"),
        (None, "whole", "noticed"),
        (None, None, "unknown"),
        (("moon", True), ("whole", True), "returned"),
        (("moon", False), ("whole", True), "unknown"),
        ({"text": "moon", "tokens": 12}, {"text": "whole", "tokens": 30}, "returned"),
        ({"text": "moon", "end": "length"}, {"text": "whole", "end": "stop"}, "unknown"),
        ({"text": "moon", "end": None}, {"text": "whole", "end": "stop"}, "unknown"),
        (["moon"], ["whole", "more"], "unknown"),
        (object(), object(), "unknown"),
    ],
)
def test_a_function_took_half_for_whole_if_its_caller_cannot_tell(
    returned: object, usual: object, reaction: str
) -> None:
    assert Outcome(returned=returned, usual=usual).reaction("moon") == reaction


@pytest.mark.parametrize(
    ("printed", "reaction"),
    [
        ("moon\n", "printed"),
        ("moon\nSaved 4 characters.\n", "printed"),
        ("moon\nlength: 4\n", "printed"),
        ("", "unknown"),
        ("moon\n(the stream broke off)\n", "noticed"),
        ("moon\nfinish reason: length\n", "noticed"),
        ("moon\nwhole: False\n", "noticed"),
        ("moon\nWARNING not complete\n", "noticed"),
    ],
)
def test_a_program_took_half_for_whole_if_it_said_no_word_about_it(printed: str, reaction: str) -> None:
    assert Outcome(exit_code=0, printed=printed).reaction("moon") == reaction
    assert Outcome(exit_code=1, printed=printed).reaction("moon") == "noticed"


def test_words_of_the_answer_and_the_prompt_are_no_remark() -> None:
    said = "Q: Why do streams fail?\nBecause they broke\n"
    assert Outcome(exit_code=0, printed=said).reaction("Because they broke", "Why do streams fail?") == "printed"


def test_a_sandbox_in_another_place_shows_nothing() -> None:
    with Sandbox() as api:
        assert str(api.verdict()) == "0 findings in 0 requests"


@pytest.mark.parametrize(("calls", "retries", "most"), [(1, 2, 6), (1, 3, 1), (3, 1, 3), (10, 1, 1), (20, 2, 1)])
def test_random_waits_are_hardly_ever_taken_for_the_same(calls: int, retries: int, most: int) -> None:
    chance = random.Random(7)
    found = [
        judge(
            entry
            for call in range(calls)
            for entry in tries(*(chance.uniform(0.0, 2.0**n) for n in range(retries)), link=call, input=str(call))
        )
        for _ in range(200)
    ]
    assert sum(map(bool, found)) <= most
