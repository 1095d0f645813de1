"""Directives: where they are read, in which order they apply, and what a mistake in one says."""

from pathlib import Path

import openai
import pytest
from openai import OpenAI
from pydantic_core import to_json

from openai_sandbox.core import Core, Request
from openai_sandbox.faults import KINDS, DirectiveError, parse, plan_of

from ...good_requests import KEY, MODELS, RESPONSE, RESPONSES
from ..client import MakeSandbox, reply_of

UNANSWERED = ("timeout", "connection_drop", "http_error")


def test_faults_are_consumed_in_order_request_by_request(sandbox: MakeSandbox) -> None:
    with (
        sandbox("rate_limit x2 retry_after_ms=1; server_error retry_after_ms=1") as api,
        OpenAI(max_retries=3) as client,
    ):
        assert client.responses.create(**RESPONSE)
        assert [exchange.status for exchange in api.requests] == [429, 429, 500, 200]


def test_after_lets_requests_through_first(sandbox: MakeSandbox) -> None:
    with sandbox("bad_key after=2") as api, OpenAI() as client:
        assert client.responses.create(**RESPONSE)
        assert client.responses.create(**RESPONSE)
        with pytest.raises(openai.AuthenticationError):
            client.responses.create(**RESPONSE)
        assert [exchange.status for exchange in api.requests] == [200, 200, 401]


@pytest.mark.parametrize(
    "fault",
    [kind.name for kind in KINDS.values() if not kind.of_deliveries and kind.name not in UNANSWERED],
)
def test_every_fault_is_used_up_by_one_request(fault: str) -> None:
    core = Core(f"{fault} after=0")
    asked = Request("POST", RESPONSES, KEY, to_json(RESPONSE))
    reply_of(core, asked)
    assert reply_of(core, asked).status == 200
    assert core.requests[1].fault is None


def test_directives_are_read_from_comments_and_only_there(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "\ufeff# sandbox: rate_limit x2\n"
        'TEXT = """\n# sandbox: bad_key\n"""\n'
        "if True:\n    # sandbox: timeout latency=1\n    pass\n"
        "x = 1  #sandbox : server_error\n",
        "utf-8",
    )
    names = [fault.kind.name for fault in plan_of(program).queue]
    assert names == ["rate_limit", "rate_limit", "timeout", "server_error"]


def test_a_program_with_a_syntax_error_is_left_to_python(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("# sandbox: bad_key\nprint('\n", "utf-8")
    assert [fault.kind.name for fault in plan_of(program).queue] == ["bad_key"]


def test_a_wrong_key_uses_up_no_fault() -> None:
    core = Core("rate_limit")
    right = Request("GET", MODELS, KEY)
    wrong = Request("GET", MODELS, {"authorization": "Bearer sk-wrong-wrong-wrong-wrong"})
    assert [reply_of(core, request).status for request in (wrong, right, right)] == [401, 429, 200]
    assert [exchange.fault for exchange in core.requests] == [None, "rate_limit", None]


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("rate_limt", "unknown fault 'rate_limt': did you mean 'rate_limit'?"),
        ("zzz", f"unknown fault 'zzz': known faults: {', '.join(KINDS)}"),
        ("timeout x0", "'x0' is not understood: use xN, after=N"),
        ("timeout twice", "'twice' is not understood: use xN, after=N"),
        ("timeout latency=soon", "'latency=soon': latency takes a number from 0 up"),
        ("timeout latency=-1", "'latency=-1': latency takes a number from 0 up"),
        ("timeout latency=nan", "'latency=nan': latency takes a number from 0 up"),
        ("cut_stream after=1.5", "'after=1.5': after takes a whole number from 0 up"),
        ("retry_after=3", "only latency= and tier= may be used without the name of a fault"),
        ("latency=1 x3", "only latency= and tier= may be used without the name of a fault"),
        ("timeout x2 x3", "'x3' is not understood"),
        ("tls x2", "'x2': tls takes no options and applies to every request"),
        ("http_error", "http_error needs a status, such as 'http_error status=409'"),
        ("http_error status=200", "'status=200': the status of an error is from 400 to 599"),
        ("http_error status=4xx", "'status=4xx': the status of an error is from 400 to 599"),
        ("server_error param=top_p", "'param=top_p' is not understood"),
        ("parameter_unsupported param=", "'param=' is not understood"),
        ("server_error status=502", "'status=502' is not understood: use xN, after=N"),
        ("", "an empty directive: name a fault"),
    ],
)
def test_a_bad_directive_names_the_place_and_the_remedy(directive: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DirectiveError) as caught:
        parse(directive)
    assert str(caught.value).startswith("faults: ")
    assert message in str(caught.value)
    program = tmp_path / "program.py"
    program.write_text(f'"""A program."""\n\n# sandbox: {directive}\n')
    with pytest.raises(DirectiveError) as caught:
        plan_of(program)
    assert str(caught.value).startswith(f"{program}:3: ")


def test_faults_of_what_a_webhook_is_told_are_a_queue_of_their_own() -> None:
    plan = parse("rate_limit; webhook_forged after=1; webhook_retry x2")
    assert [fault.kind.name for fault in plan.queue] == ["rate_limit"]
    names = [(plan.next_delivery() or plan.queue[0]).kind.name for _ in range(5)]
    assert names == ["ok", "webhook_forged", "webhook_retry", "webhook_retry", "rate_limit"]
