"""Answers that are prepared: the same as any other, byte for byte."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from openai_sandbox.api.shared import prepared
from openai_sandbox.api.shared.prepared import Prepared, Recipes
from openai_sandbox.core import Core, Request
from openai_sandbox.http.address import API_KEY
from openai_sandbox.scripts import Script
from openai_sandbox.stages.latency import Latency

from ...good_requests import CHAT, RESPONSES

HEADERS = {"authorization": f"Bearer {API_KEY}", "content-type": "application/json"}
MODELS = ("gpt-6-luna", "gpt-4.1", "gpt-4o-mini", "gpt-5.1")
OTHERWISE: tuple[dict[str, Any], ...] = (
    {},
    {"stream": True},
    {"store": False},
    {"metadata": {"percent": "100 %s"}},
    {"stream": True, "stream_options": {"include_obfuscation": False}},
    {"service_tier": "flex"},
)


def core_of(*, used: bool, **options: Any) -> Core:
    core = Core(seed=5, now=1_764_441_600.0, **options)
    core.state = replace(core.state, recipes=Recipes(used=used))
    return core


def asked() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield requests of many kinds, each kind several times."""
    for turn in range(5):
        for model in MODELS:
            for prompt in ("Say hello", f"Nobody wrote an answer, {turn}"):
                said = [{"role": "user", "content": prompt}]
                for more in OTHERWISE:
                    yield RESPONSES, {"model": model, "input": prompt} | more
                    yield RESPONSES, {"model": model, "input": said, "instructions": "Be 100% brief"} | more
                    yield CHAT, {"model": model, "messages": said} | more
                    yield CHAT, {"model": model, "messages": [{"role": "system", "content": "x"}, *said], "n": 2} | more


def answers(core: Core, path: str, body: dict[str, Any]) -> list[Any]:
    """Return all that a client and the journal get, and the waits."""
    reply, exchange = core.handle(Request("POST", path, HEADERS, json.dumps(body).encode()))
    pieces = [(reply.delay, reply.body)] if isinstance(reply.body, bytes) else list(reply.body)
    waits = [round(wait, 6) for wait, _ in pieces if wait]
    answer = exchange.answer
    told = answer and (answer.finish, answer.text, answer.tokens, answer.id)
    headers = {name: value for name, value in reply.headers.items() if name != "openai-processing-ms"}
    return [reply.status, headers, b"".join(piece for _, piece in pieces), waits, exchange.authored, told]


@pytest.mark.parametrize("latency", [None, Latency(0.1, 0.01, 0.5)])
def test_what_is_prepared_is_answered_as_if_it_were_not(latency: Latency | None) -> None:
    preparing, ordinary = core_of(used=True, latency=latency), core_of(used=False, latency=latency)
    for path, body in asked():
        assert answers(preparing, path, body) == answers(ordinary, path, body), (path, body)
    stored = list(preparing.state.store.responses)
    assert sum(isinstance(one.made, Prepared) for one in stored) > len(stored) / 3
    for one, other in zip(stored, ordinary.state.store.responses, strict=True):
        assert (one.id, one.response, one.input_items) == (other.id, other.response, other.input_items)
        assert one.context() == other.context()


def test_what_a_script_says_is_prepared_unless_it_says_how_fast() -> None:
    def script() -> Script:
        rules = Script()
        rules.when("hello").say("Hello from the script.")
        rules.when("slowly").stream(["one ", "two ", "three"], delay=0.01)
        rules.when("counted").say("So many.").usage(input=99, cached=9, output=20)
        return rules

    preparing, ordinary = core_of(used=True, script=script()), core_of(used=False, script=script())
    for prompt in ("Say hello", "Say it slowly", "It is counted") * 4:
        for stream in (False, True):
            for path, said in (
                (RESPONSES, {"input": prompt}),
                (CHAT, {"messages": [{"role": "user", "content": prompt}]}),
            ):
                body = {"model": "gpt-6-luna", "stream": stream} | said
                assert answers(preparing, path, body) == answers(ordinary, path, body)
    made = [
        (isinstance(one.made, Prepared), one.input_items[0]["content"][0]["text"])
        for one in preparing.state.store.responses
    ]
    assert (True, "Say hello") in made
    assert (True, "It is counted") in made
    assert (True, "Say it slowly") not in made


@pytest.mark.parametrize(
    "more",
    [
        {"include": ["reasoning.encrypted_content"]},
        {"max_output_tokens": 900},
        {"text": {"format": {"type": "json_object"}}, "input": "Say hello in JSON"},
        {"background": True},
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Say hello"}]}]},
    ],
)
def test_what_may_differ_in_more_is_made_anew(more: dict[str, Any]) -> None:
    core = core_of(used=True)
    for _ in range(4):
        assert answers(core, RESPONSES, {"model": "gpt-6-luna", "input": "Say hello"} | more)[0] == 200
    assert not any(isinstance(one.made, Prepared) for one in core.state.store.responses)


def test_a_fault_is_met_by_an_answer_that_is_made_anew() -> None:
    core, body = core_of(used=True), {"model": "gpt-6-luna", "input": "Say hello", "stream": True}
    for _ in range(5):
        answers(core, RESPONSES, body)
    whole = answers(core, RESPONSES, body)[2]
    core.faults.queue.extend(Core("end_early after=5").faults.queue)
    assert answers(core, RESPONSES, body)[2].count(b"event: ") == 5 < whole.count(b"event: ")


def test_a_refused_request_is_refused_again() -> None:
    core = core_of(used=True)
    for body in ({"model": "gpt-0", "input": "Hi"}, {"model": "gpt-6-luna", "input": "Hi", "nonsense": 1}) * 3:
        assert answers(core, RESPONSES, body)[0] == 400


def test_a_request_to_one_api_says_nothing_about_the_other() -> None:
    core = core_of(used=True)
    said = [{"role": "user", "content": "Say hello"}]
    for _ in range(3):
        assert answers(core, RESPONSES, {"model": "gpt-6-luna", "input": said})[0] == 200
    reply = answers(core, CHAT, {"model": "gpt-6-luna", "messages": said})
    assert json.loads(reply[2])["object"] == "chat.completion"


def test_templates_take_no_more_memory_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_BYTES", 20_000)
    monkeypatch.setattr(prepared, "MOST_REQUESTS", 10)
    core = core_of(used=True)
    for number in range(100):
        for _ in range(3):
            answers(core, RESPONSES, {"model": "gpt-6-luna", "input": "Say hello", "user": str(number)})
    recipes = core.state.recipes
    assert 0 < sum(recipe.size for recipe in recipes._recipes.values()) == recipes._size <= 20_000
    assert max(len(recipes._checked), len(recipes._given)) <= 10


def test_contract_mode_prepares_nothing() -> None:
    core = Core(contract=True)
    for _ in range(4):
        answers(core, RESPONSES, {"model": "any-model", "input": "Say hello"})
        answers(core, RESPONSES, {"model": "gpt-6-luna", "input": "Say hello"})
    assert not any(isinstance(one.made, Prepared) for one in core.state.store.responses)
