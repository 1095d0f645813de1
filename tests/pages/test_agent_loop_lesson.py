"""Lesson 08: its diagram shows what its program sends, and its assignment, takeaways and answers are true."""

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from docs._tools.data.as_of import ROOT
from docs._tools.tables import agent_costs
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of

from .programs import Edit, replacing, run_edited

PAGE = (ROOT / "docs" / "lessons" / "agent-loop.md").read_text("utf-8")
PROGRAMS = ROOT / "snippets" / "lessons" / "agent_loop"
Scripted = Callable[..., Sandbox]


@pytest.fixture
def scripted(sandbox: Scripted) -> Iterator[Sandbox]:
    """The script of the page's programs, which all of them name."""
    plans = {name: plan_of(PROGRAMS / name) for name in ("agent.py", "budget.py", "approve.py", "resume.py")}
    assert len({str(plan) for plan in plans.values()}) == 1
    with sandbox(plans["agent.py"]) as api:
        yield api


def ran(program: str, edit: Edit | None = None, name: str = "__main__") -> tuple[str, dict[str, Any]]:
    """Run a program, edited, and return what it printed and its names."""
    return run_edited(PROGRAMS / program, edit, name)


def outputs(body: Any) -> list[str]:
    return [item["output"] for item in body["input"] if item.get("type") == "function_call_output"]


def test_the_diagram_shows_what_each_request_adds_and_each_reply_calls(scripted: Sandbox) -> None:
    ran("agent.py")
    drawn: list[tuple[str, ...]] = []
    for number, request in enumerate(scripted.requests):
        items = request.body["input"]
        called = {item["call_id"]: item["name"] for item in items if item.get("type") == "function_call"}
        last = items[-1]
        drawn.append(("C->>A", f"output of {called[last['call_id']]}" if number else "task"))
        if number + 1 < len(scripted.requests):
            added = scripted.requests[number + 1].body["input"][len(items) :]
            drawn.append(("A-->>C", *(f"call {item['name']}" for item in added if item.get("type") == "function_call")))
            assert [item.get("type") for item in added] == ["reasoning", "function_call", "function_call_output"]
    drawn.append(("A-->>C", "answer"))
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
    assert re.findall(r"^\s+(C->>A|A-->>C): (.+)$", diagram, re.MULTILINE) == drawn
    assert len(scripted.requests) == 5


def test_both_apis_take_the_same_steps(scripted: Sandbox) -> None:
    ours, _ = ran("agent.py")
    chat, _ = ran("agent_chat.py")
    assert ours == chat
    assert [request.path for request in scripted.requests] == ["/v1/responses"] * 5 + ["/v1/chat/completions"] * 5


@pytest.mark.parametrize("program", ["agent.py", "agent_chat.py"])
def test_the_state_is_json_and_is_all_that_the_model_was_told(scripted: Sandbox, program: str) -> None:
    _, names = ran(program)
    state = json.loads(json.dumps(names["state"]))
    assert state == names["state"]
    sent = scripted.requests[-1].body["input" if program == "agent.py" else "messages"]
    assert state["history"][: len(sent)] == sent
    assert state["plan"] == ["Say that it is lost", "Offer a refund"]


@pytest.mark.parametrize("program", ["agent.py", "agent_chat.py"])
def test_an_agent_without_rounds_left_has_no_answer(scripted: Sandbox, program: str) -> None:
    _, names = ran(program, replacing('"Where is order A-17?")', '"Where is order A-17?", rounds=3)'))
    assert names["state"]["answer"] == ""
    assert len(scripted.requests) == 3


def test_what_is_not_there_is_observed_and_the_agent_stops(scripted: Sandbox) -> None:
    printed, names = ran("agent.py", replacing("order A-17?", "order B-4?"))
    assert "-> error: no such number" in printed
    assert names["state"]["answer"]
    assert len(scripted.requests) == 2


def test_the_budget_is_read_from_the_steps_and_the_last_reply_is_an_answer(scripted: Sandbox) -> None:
    _, names = ran("budget.py", name="budget")
    with OpenAI() as client:
        for limits, rounds in (
            ({"rounds": 2}, 3),
            ({"tokens": 1}, 2),
            ({"dollars": 0.0000001}, 2),
            ({"rounds": 8, "tokens": 9_999, "dollars": 1}, 4),
        ):
            before = len(scripted.requests)
            state = started()
            names["run"](client, state, limits)
            steps = state["steps"]
            asked = scripted.requests[before:]
            assert sum(step.get("rounds", 0) for step in steps) == len(asked) == rounds
            stopped = [step["did"] for step in steps if step["did"].startswith("stop: ")]
            assert len(stopped) == (rounds < 4)
            assert asked[-1].body.get("tool_choice") == ("none" if stopped else None)
            assert ("The budget is spent" in str(asked[-1].body["input"])) == bool(stopped)


def test_a_resumed_agent_has_what_is_left_of_its_budget(scripted: Sandbox) -> None:
    _, names = ran("budget.py", name="budget")
    state = started()
    names["RECORDS"].pop("C-8")
    with OpenAI() as client:
        with pytest.raises(KeyError):
            names["run"](client, state, {"rounds": 3})
        state = json.loads(json.dumps(state))
        assert sum(step.get("rounds", 0) for step in state["steps"]) == 3
        output = {"type": "function_call_output", "call_id": state["history"][-1]["call_id"], "output": "paid $20"}
        state["history"].append(output)
        names["run"](client, state, {"rounds": 3})
    assert [request.body.get("tool_choice") for request in scripted.requests] == [None, None, None, "none"]


def test_the_table_of_costs_is_of_the_rounds_that_the_program_prints() -> None:
    whole, stopped = agent_costs.runs((PROGRAMS / "budget.out").read_text("utf-8"))
    assert (len(whole), len(stopped)) == (4, 3)
    table = agent_costs.agent()
    spent, so_far = zip(*re.findall(r"^\| \d \| \d+ \| \d+ \| \$([\d.]+) \| \$([\d.]+) \|$", table, re.M), strict=True)
    assert sum(map(float, spent)) == pytest.approx(float(so_far[-1]), abs=2e-6)
    assert f"read {sum(read for read, _ in whole)} input tokens" in table
    for output in ("", "limits: {}\nlimits: {}\n", "limits: {}\n  model: call (1 in, 2 out)\n"):
        with pytest.raises(ValueError, match="expected two runs"):
            agent_costs.runs(output)


def test_nothing_risky_runs_before_it_is_approved(scripted: Sandbox) -> None:
    _, names = ran("approve.py", name="approve")
    ran_before: list[str] = []

    def refund(number: str) -> str:
        ran_before.append(number)
        return f"refunded {number}"

    names["FUNCTIONS"]["refund"] = refund
    with OpenAI() as client:
        for decision, refunded in (("declined", []), ("Approved", []), ("", []), ("approved", ["A-17"])):
            task = {"role": "user", "content": "Order A-17 never arrived. Refund it."}
            state: dict[str, Any] = {"history": [task], "decisions": {}}
            assert names["run"](client, state) is None
            assert ran_before == []
            asked = len(scripted.requests)
            assert names["run"](client, state) is None, "still undecided"
            assert len(scripted.requests) == asked
            (call,) = names["waiting"](state["history"])
            assert (call["name"], json.loads(call["arguments"])) == ("refund", {"number": "A-17"})
            state["decisions"]["another call"] = "approved"
            assert names["run"](client, state) is None, "a decision belongs to one call"
            state["decisions"][call["call_id"]] = decision
            assert names["run"](client, json.loads(json.dumps(state)))
            assert ran_before == refunded
            told = outputs(scripted.requests[-1].body)[-1]
            assert told == ("refunded A-17" if refunded else "error: a person declined this. Do not try again.")


def test_a_call_that_nobody_decides_on_waits_and_costs_nothing(scripted: Sandbox) -> None:
    line = '        state["decisions"][call["call_id"]] = decision\n'
    printed, _ = ran("approve.py", replacing(line, ""))
    assert printed.count("None\n") == 2
    assert not [request for request in scripted.requests if "refunded" in str(outputs(request.body))]
    assert len(scripted.requests) == 4, "two for each order, before the decision"


def started() -> dict[str, Any]:
    return {"history": [{"role": "user", "content": "What happened to order A-17?"}], "steps": []}


class CrashError(BaseException):
    pass


@pytest.mark.parametrize("moment", range(5))
@pytest.mark.parametrize("written", [False, True], ids=["before", "after"])
def test_a_crash_at_any_save_repeats_no_refund(scripted: Sandbox, tmp_path: Path, moment: int, written: bool) -> None:
    """Of the two processes, the first ends before or after it saved for the nth time."""
    _, names = ran(
        "resume.py",
        replacing('raise SystemExit("crash: the money is paid, and the output is not saved")', "return PAID[key]"),
        "resume",
    )
    save, saves = names["save"], 0

    def crashing(path: Path, state: Any) -> None:
        nonlocal saves
        if saves == moment and not written:
            raise CrashError
        save(path, state)
        saves += 1
        if saves == moment + 1:
            raise CrashError

    path = tmp_path / "state.json"
    task = {"role": "user", "content": "Order A-17 never arrived. Refund it."}
    save(path, {"history": [task], "rounds": 0, "answer": ""})
    names["save"] = crashing
    with OpenAI() as client, contextlib.redirect_stdout(io.StringIO()):
        with pytest.raises(CrashError):
            names["run"](client, path)
        names["save"] = save
        assert names["run"](client, path) == "Order A-17 is refunded: $20."
        asked = len(scripted.requests)
        assert names["run"](client, path), "a task that is done stays done"
    assert len(scripted.requests) == asked
    assert list(names["PAID"]) == ["refund A-17"]
    replies = (0, 2, 4)  # the saves that follow a reply
    assert asked == 3 + (moment in replies and not written), "a reply that was not saved is paid for twice"


def test_a_reply_that_was_not_saved_comes_back_with_another_call_id(scripted: Sandbox) -> None:
    ids = []
    with OpenAI() as client:
        _, names = ran("resume.py", name="resume")
        for _ in range(2):
            reply = client.responses.create(**names["REQUEST"], input="Order A-17 never arrived. Refund it.")
            ids += [item.call_id for item in reply.output if item.type == "function_call"]
    assert len(set(ids)) == 2


def test_after_the_crash_the_history_ends_with_the_call_that_is_repeated(scripted: Sandbox) -> None:
    crash = '                print(" ", crash)\n'
    printed, _ = ran("resume.py", replacing(crash, f"{crash}                print(path.read_text())\n"))
    (saved,) = re.findall(r"^\{.*\}$", printed, re.MULTILINE)
    last = json.loads(saved)["history"][-1]
    assert (last["type"], last["name"]) == ("function_call", "refund")
    assert printed.partition("process 2:")[2].count("refund -> already refunded $20") == 1


def test_a_refund_without_a_key_happens_twice(scripted: Sandbox) -> None:
    printed, names = ran("resume.py", replacing('f"refund {number}"', 'f"refund {number} {len(PAID)}"'))
    assert len(names["PAID"]) == 2
    assert "Order A-17 is refunded" not in printed


def test_a_crash_while_saving_leaves_the_old_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, names = ran("resume.py", name="resume")
    path = tmp_path / "state.json"
    names["save"](path, {"rounds": 1})

    def power_fails(self: Path, *_: Any) -> None:
        with self.open("w") as file:
            file.write('{"rou')
        raise CrashError

    monkeypatch.setattr(Path, "write_text", power_fails)
    with pytest.raises(CrashError):
        names["save"](path, {"rounds": 2})
    assert json.loads(path.read_text("utf-8")) == {"rounds": 1}
