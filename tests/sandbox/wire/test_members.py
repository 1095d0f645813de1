"""The API's objects have the members of their model and day, as members.json says."""

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import openai_sandbox
from openai_sandbox.core import Core
from openai_sandbox.wire.members import lacking, members, rows

from ...good_requests import CHAT, RESPONSES
from ..client import ask, available_models

TODAY = date(2026, 11, 21)


def answered(path: str, body: Any, day: date = TODAY) -> Any:
    return ask(Core(seed=1, now=0, today=day), "POST", path, json=body).json()


def response(model: str = "gpt-6-luna", day: date = TODAY, **more: Any) -> Any:
    return answered(RESPONSES, {"model": model, "input": "Say hello"} | more, day)


def test_every_row_with_a_day_names_the_recording_that_had_it_first() -> None:
    dated = [row for listed in rows().values() for row in listed if row.since or row.models]
    assert len(dated) > 30
    assert not [row.member for row in dated if not row.source]


def test_what_newer_models_have_is_said_to_be_inferred() -> None:
    newer = [row for listed in rows().values() for row in listed if row.models and re.match(row.models, "gpt-6-luna")]
    assert len(newer) > 5
    assert [row.member for row in newer if "gpt-6 as gpt-5.6" not in row.inferred] == []


@pytest.mark.parametrize(
    ("name", "reply", "absent"),
    [
        ("response", "unfinished", {"billing"}),
        ("response", "streamed", {"billing"}),
        ("response.tools.function", "unasked", {"defer_loading"}),
        ("response.stream", "background", {"obfuscation"}),
        ("response", "background", set()),
    ],
)
def test_some_replies_lack_a_member_that_others_have(name: str, reply: str, absent: set[str]) -> None:
    assert lacking(name, reply) == absent


def test_every_kind_of_reply_that_lacks_a_member_is_asked_for_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(openai_sandbox.__file__).parent.rglob("*.py"))
    kinds = {kind for listed in rows().values() for row in listed for kind in row.unless}
    assert kinds == set(re.findall(r'lacking\([^()]+, "(\w+)"\)', source))


def test_the_file_has_no_members_that_are_read_by_nobody() -> None:
    loaded = json.loads(files("openai_sandbox.wire").joinpath("members.json").read_text("utf-8"))
    allowed = {"member", "value", "since", "until", "models", "on", "unless", "source", "inferred"}
    assert not {key for rows in loaded.values() if isinstance(rows, list) for row in rows for key in row} - allowed


@pytest.mark.simulates("members")
def test_a_response_has_the_members_of_its_day_in_the_apis_order() -> None:
    for day in (date(2025, 6, 10), date(2025, 12, 1), date(2026, 5, 1), TODAY):
        expected = [*members("gpt-4o", day)["response"]]
        assert [*response("gpt-4o", day)] == expected
    assert "billing" not in response("gpt-4o", date(2025, 9, 1))
    assert response("gpt-4o")["billing"] == {"payer": "developer"}


@pytest.mark.simulates("members")
@pytest.mark.parametrize(
    ("model", "retention", "top_p", "context", "mode"),
    [
        ("gpt-4o", "in_memory", 1.0, None, None),
        ("gpt-5-mini", "in_memory", 1.0, "current_turn", "standard"),
        ("gpt-5.4", "24h", 0.98, "current_turn", "standard"),
        ("gpt-5.5", "24h", 0.98, "current_turn", "standard"),
        ("gpt-5.6-sol", "24h", 0.98, "all_turns", "standard"),
    ],
)
def test_defaults_are_those_of_the_model(
    model: str, retention: str, top_p: float, context: str | None, mode: str | None
) -> None:
    said = response(model)
    assert (said["prompt_cache_retention"], said["top_p"]) == (retention, top_p)
    assert (said["reasoning"]["context"], said["reasoning"].get("mode")) == (context, mode)


def test_what_was_asked_for_is_given_back_instead() -> None:
    said = response("gpt-4o", top_p=0.5, frequency_penalty=1, prompt_cache_retention="24h", temperature=0)
    assert (said["top_p"], said["frequency_penalty"], said["prompt_cache_retention"]) == (0.5, 1.0, "24h")
    assert said["temperature"] == 0.0
    reasoning = response(reasoning={"context": "current_turn", "mode": "pro", "summary": "auto", "effort": "low"})
    assert reasoning["reasoning"] == {"context": "current_turn", "mode": "pro", "summary": "detailed", "effort": "low"}


def test_items_have_the_members_of_their_model() -> None:
    thought, message = response()["output"]
    assert (thought["content"], message["phase"]) == ([], "final_answer")
    (plain,) = response("gpt-4o")["output"]
    assert "phase" not in plain


def test_a_function_without_strict_comes_back_made_strict() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}}
    (tool,) = response(tools=[{"type": "function", "name": "f", "description": "", "parameters": schema}])["tools"]
    inner = {
        "type": "object",
        "properties": {"b": {"type": "string"}},
        "additionalProperties": False,
        "required": ["b"],
    }
    closed = {"type": "object", "properties": {"a": inner}, "additionalProperties": False, "required": ["a"]}
    assert tool == {
        "type": "function",
        "description": None,
        "name": "f",
        "output_schema": None,
        "parameters": closed,
        "strict": True,
    }
    (loose,) = response(tools=[{"type": "function", "name": "f", "parameters": schema, "strict": False}])["tools"]
    assert loose["parameters"] == schema


def test_a_deeply_nested_function_without_strict_is_made_strict_in_one_pass() -> None:
    schema: Any = {"type": "string"}
    for _ in range(40):
        schema = {"type": "object", "properties": {"a": schema}}
    tools = [{"type": "function", "name": "f", "parameters": schema}]
    (tool,) = response(tools=tools)["tools"]
    assert str(tool["parameters"]).count("'additionalProperties': False") == 40


def test_ids_of_responses_have_50_digits() -> None:
    said = response()
    assert [bool(re.fullmatch(r"(?:resp|rs|msg)_[0-9a-f]{50}", item["id"])) for item in (said, *said["output"])] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("model", [model.id for model in available_models()])
def test_completions_have_log_probabilities_or_no_member_for_them(model: str) -> None:
    said = answered(CHAT, {"model": model, "messages": [{"role": "user", "content": "Say hello"}]})
    choice = said["choices"][0]
    reasons = "reasoning_tokens" in said["usage"]["completion_tokens_details"] and re.match(r"gpt-5|gpt-6|o\d", model)
    assert ("logprobs" in choice) == (not reasons and "audio" not in model)


def test_the_end_of_a_calls_arguments_has_the_members_that_were_recorded() -> None:
    body = {"model": "gpt-4o", "input": "Hi", "tools": [{"type": "function", "name": "f"}], "tool_choice": "required"}
    said = ask(Core(seed=1, now=0), "POST", RESPONSES, json=body | {"stream": True}).text
    (event,) = [json.loads(line[6:]) for line in said.splitlines() if '"response.function_call_arguments.done"' in line]
    assert [*event] == [row.member for row in rows()["response.function_call_arguments.done"]]


def test_some_models_have_a_fingerprint_that_stays() -> None:
    ask_of: Any = {"messages": [{"role": "user", "content": "Say hello"}]}
    first, again, luna = (answered(CHAT, ask_of | {"model": model}) for model in ("gpt-4o", "gpt-4o", "gpt-6-luna"))
    assert re.fullmatch(r"fp_[0-9a-f]{10}", first["system_fingerprint"])
    assert first["system_fingerprint"] == again["system_fingerprint"]
    assert luna["system_fingerprint"] is None


def test_recorded_models_answer_by_the_names_that_were_recorded() -> None:
    ask_of: Any = {"messages": [{"role": "user", "content": "Say hello"}]}
    named = {model: answered(CHAT, ask_of | {"model": model})["model"] for model in ("gpt-4o", "gpt-5.4", "gpt-5.6")}
    assert named == {"gpt-4o": "gpt-4o-2024-08-06", "gpt-5.4": "gpt-5.4-2026-03-05", "gpt-5.6": "gpt-5.6-sol"}
