"""The assignment of lesson 02 works as written."""

import json
from contextlib import redirect_stdout
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import openai
import pytest

from openai_sandbox import Sandbox

from ..made_up_server import Answer, always, client_of
from .programs import Edit, replacing, run_edited

PROGRAMS = Path(str(files("snippets") / "lessons" / "conversation_memory"))


def printed(program: str, edit: Edit) -> str:
    """Run an edited program and return what it prints."""
    return run_edited(PROGRAMS / program, edit)[0]


def test_the_model_forgets_once_the_users_own_words_are_gone(api: Sandbox) -> None:
    without_answers = replacing("    history += response.output\n", "")
    assert "Ada" in printed("history.py", without_answers).splitlines()[1]

    def fresh_history(source: str) -> str:
        bare = without_answers(source).replace("history: list[Any] = []\n", "", 1)
        return bare.replace("    history.append", "    history: list[Any] = []\n    history.append", 1)

    assert "Ada" not in printed("history.py", fresh_history).splitlines()[1]


def test_a_branch_from_the_second_turn_reads_more_than_one_from_the_first(api: Sandbox) -> None:
    def asking(id: str) -> Edit:
        question = (
            f'\nsummary = client.responses.create(model="gpt-6-luna", previous_response_id={id}, '
            'input="Summarize what we said in one sentence.")\nprint(summary.usage.input_tokens)\n'
        )
        return lambda source: source + question

    first, second = (int(printed("chain.py", asking(id)).splitlines()[-1]) for id in ("first.id", "second.id"))
    assert second > first + 20


def test_a_name_in_the_instructions_survives_the_cut(api: Sandbox) -> None:
    with_name = replacing(
        "input=last_turns(history, turns)",
        'input=last_turns(history, turns), instructions="The user\'s name is Ada."',
    )
    assert "Ada" in printed("trim.py", with_name).splitlines()[-1]


def test_no_turns_to_keep_is_refused() -> None:
    from snippets.lessons.conversation_memory.trim import last_turns

    with pytest.raises(ValueError, match="1 or more"):
        last_turns([], 0)


REPLY: dict[str, Any] = {"object": "response", "status": "completed", "output": []}


def refused(code: str, param: str) -> Answer:
    return always(
        400, json={"error": {"code": code, "param": param, "type": "invalid_request_error", "message": "No."}}
    )


@pytest.mark.parametrize("code", ["previous_response_not_found", "unsupported_parameter"])
def test_an_id_that_is_gone_or_never_was_gives_way_to_the_history(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from snippets.lessons.conversation_memory import lost_id

    client, sent = client_of(refused(code, "previous_response_id"), always(json=REPLY))
    monkeypatch.setattr(lost_id, "client", client)
    said = [{"role": "user", "content": "My name is Ada."}]
    with client, redirect_stdout(StringIO()):
        lost_id.ask("What is my name?", "resp_1", said)
    first, second = (json.loads(request.content) for request in sent)
    assert (first["previous_response_id"], first["input"]) == ("resp_1", "What is my name?")
    assert second["input"] == [*said, {"role": "user", "content": "What is my name?"}]
    assert "previous_response_id" not in second


@pytest.mark.parametrize(("code", "requests"), [("invalid_value", 1), ("unsupported_parameter", 2)])
def test_what_is_wrong_with_the_request_itself_is_raised(
    code: str, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from snippets.lessons.conversation_memory import lost_id

    client, sent = client_of(refused(code, "model"))
    monkeypatch.setattr(lost_id, "client", client)
    with client, redirect_stdout(StringIO()), pytest.raises(openai.BadRequestError):
        lost_id.ask("What is my name?", "resp_1", [])
    assert len(sent) == requests
