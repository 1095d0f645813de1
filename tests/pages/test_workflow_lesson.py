"""Lesson 07: its diagrams show what its programs send, its table counts what waits for what, its takeaways hold."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
from openai import AsyncOpenAI

from docs._tools.data.as_of import ROOT
from docs._tools.tables.workflow_costs import ROWS, spent
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from openai_sandbox.stages.journal import Exchange

from .programs import replacing, run_source

PAGE = (ROOT / "docs" / "lessons" / "workflow-patterns.md").read_text("utf-8")
PROGRAMS = Path(str(files("snippets") / "lessons" / "workflow_patterns"))


class Ran(NamedTuple):
    """What a program printed and sent."""

    printed: str
    requests: list[Exchange]


Run = Callable[..., Ran]


@pytest.fixture
def run(sandbox: Callable[..., Sandbox]) -> Run:
    """Runs a program, edited, against a sandbox with its directives."""

    def ran(program: str, edits: dict[str, str] | None = None, latency: float = 0.0) -> Ran:
        source = (PROGRAMS / program).read_text("utf-8")
        for old, new in (edits or {}).items():
            source = replacing(old, new)(source)
        with sandbox(replace(plan_of(PROGRAMS / program), latency=latency)) as api:
            printed, _ = run_source(source, PROGRAMS / program)
        return Ran(printed, list(api.requests))

    return ran


def step(request: Exchange) -> str:
    """Name a request as the diagrams do: by the first word of its instructions."""
    said: str = request.body.get("instructions") or request.body["messages"][0]["content"]
    return re.split(r"\W", said)[0]


NODE = re.compile(r'(\w+)(?:\("(?P<call>\w+)"\)|\["[^"]*"\]|\{"[^"]*"\})')
EDGE = re.compile(r'(\w+) --(?: "[^"]*" --)?> (\w+)')


class Diagram:
    """A flowchart. A rounded node is a call; the others are Python."""

    def __init__(self, source: str) -> None:
        self.calls = {node[1]: node["call"] for node in NODE.finditer(source) if node["call"]}
        self.edges = EDGE.findall(NODE.sub(r"\1", source))

    def leads_to(self, node: str, seen: frozenset[str] = frozenset()) -> set[str]:
        """Return the calls, by name, after which a node comes without another call between."""
        found: set[str] = set()
        for left, right in self.edges:
            if right == node and left not in seen:
                found |= {self.calls[left]} if left in self.calls else self.leads_to(left, seen | {left})
        return found

    def before(self, name: str) -> set[str]:
        """Return the calls that a call of this name may follow. None: it is the first."""
        return set().union(*(self.leads_to(node) for node, call in self.calls.items() if call == name))


DIAGRAMS = dict(
    zip(
        ("chain", "route", "sections", "orchestrate", "optimize"),
        map(Diagram, re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)),
        strict=True,
    )
)


@pytest.mark.parametrize("program", [*DIAGRAMS, "chain_chat", "route_chat"])
def test_the_diagram_has_the_calls_of_the_program_in_their_order(run: Run, program: str) -> None:
    diagram = DIAGRAMS[program.removesuffix("_chat")]
    requests = [request for request in run(f"{program}.py").requests if request.status == 200]
    assert {step(request) for request in requests} == set(diagram.calls.values())
    done: list[str] = []
    for name in map(step, requests):
        before = diagram.before(name)
        if not before and name not in ("Billing", "Workshop", "Returns"):
            done = []  # the program's next message
        if before:
            beside = {one for one in diagram.calls.values() if diagram.before(one) == before}
            last = next(one for one in reversed(done) if one not in beside or one in before)
            assert last in before, f"{name} after {done}"
        done.append(name)


def test_the_optimizer_goes_around_as_drawn(run: Run) -> None:
    sent = [step(request) for request in run("optimize.py").requests]
    passed, failed = ["Write", "Grade", "Revise", "Grade"], ["Write", "Grade", *["Revise", "Grade"] * 2]
    assert sent == passed + failed
    assert DIAGRAMS["optimize"].before("Grade") == {"Write", "Revise"}
    assert DIAGRAMS["optimize"].before("Revise") == {"Grade"}


def in_a_row(requests: list[Exchange]) -> int:
    """Return the length of the longest chain of requests that came after the one before them was answered."""
    longest: list[int] = []
    for request in requests:
        ended = [
            length
            for length, other in zip(longest, requests, strict=False)
            if other.trace.ended is not None and other.trace.ended <= request.trace.arrived
        ]
        longest.append(max(ended, default=0) + 1)
    return max(longest)


@pytest.mark.parametrize("program", sorted({row.program for row in ROWS}))
def test_the_table_says_how_many_calls_wait_for_each_other(run: Run, program: str) -> None:
    requests = run(program, latency=0.05).requests
    for number, took in enumerate(spent(program)):
        part, requests = requests[: took.calls], requests[took.calls :]
        for row in ROWS:
            if (row.program, row.run) == (program, number):
                assert {request.status for request in part} == {200}
                assert in_a_row(part) == row.in_a_row


def test_the_gate_ends_the_chain_and_the_second_call_gets_what_it_returned(run: Run) -> None:
    requests = run("chain.py").requests
    assert list(map(step, requests)) == ["Read", "Write", "Read"]
    assert requests[1].body["input"].startswith("refund of a double charge. Order 1042: $89")
    assert "I was charged twice" not in str(requests[1].body)


def test_a_gate_that_knows_orders_only_lets_a_wrong_answer_through(run: Run) -> None:
    paint = {"Where is order 77?": "Please paint order 1042 blue."}
    printed, requests = run("chain.py", paint)
    assert printed.count("We refund the second $89") == 2
    wider = {"if facts is None or": 'if facts is None or "refund" not in facts.wish or'}
    printed, requests = run("chain.py", paint | wider)
    assert list(map(step, requests)) == ["Read", "Write", "Read"]
    assert "For a person" in printed


@pytest.mark.parametrize("program", ["route.py", "route_chat.py"])
def test_a_refusal_of_the_router_leads_to_a_person(run: Run, program: str) -> None:
    printed, requests = run(program)
    assert list(map(step, requests)) == ["Sort", "Billing", "Sort", "Workshop", "Sort"]
    assert "for a person" in printed


def test_two_parts_are_kept_and_the_third_has_had_all_its_attempts(run: Run) -> None:
    printed, requests = run("sections.py")
    assert printed.count("no answer (RateLimitError)") == 1
    assert Counter((step(request), request.status) for request in requests[3:]) == {
        ("Billing", 200): 1,
        ("Workshop", 200): 1,
        ("Returns", 429): 3,
    }


def test_no_more_calls_are_under_way_than_the_limit_allows(run: Run) -> None:
    first = run("sections.py", latency=0.05).requests[:3]
    spans = [(request.trace.arrived, request.trace.ended or 0) for request in first]
    assert max(sum(began <= at < ended for began, ended in spans) for at, _ in spans) == 2


def test_five_votes_of_one_request_read_its_input_once(run: Run) -> None:
    (one,), (vote, five) = spent("votes_chat.py"), spent("votes.py")
    assert (one.calls, five.calls) == (1, 5)
    assert (five.read, five.wrote) == (5 * vote.read, 5 * vote.wrote)
    assert one.read < five.read / 4
    (request,) = run("votes_chat.py").requests
    assert request.body["n"] == 5


def test_a_plan_that_is_too_long_is_cut(api: Sandbox) -> None:
    from snippets.lessons.workflow_patterns import orchestrate

    api.when(instructions="^Plan").say_json(questions=[f"Question {number}?" for number in range(9)])
    api.when(instructions="^Answer").say("Yes.")
    api.when(instructions="^Combine").say("Yes to all.")

    async def answer() -> str:
        async with AsyncOpenAI() as client:
            return await orchestrate.answer(client, "Nine questions.")

    assert asyncio.run(answer()) == "Yes to all."
    assert Counter(map(step, api.requests)) == {"Plan": 1, "Answer": orchestrate.MOST, "Combine": 1}


def test_one_worker_that_fails_ends_the_orchestrator_or_is_named_to_the_last_call(run: Run) -> None:
    printed, requests = run("orchestrate.py")
    assert "For a person: InternalServerError" in printed
    assert Counter(map(step, requests))["Combine"] == 1
    kept = {
        "    async with asyncio.TaskGroup() as group:\n"
        "        work = [group.create_task(ask(client, WORK, one)) for one in questions]\n": "    work = await "
        "asyncio.gather(*(ask(client, WORK, one) for one in questions), return_exceptions=True)\n",
        '"\\n".join(task.result().output_text for task in work)': '"\\n".join(getattr(one, "output_text", '
        'f"{question} No answer.") for question, one in zip(questions, work))',
    }
    printed, requests = run("orchestrate.py", kept)
    assert "A colleague will answer your question about the helmet." in printed
    assert Counter(map(step, requests))["Combine"] == 2


@pytest.mark.parametrize("rounds", [1, 5])
def test_an_optimizer_takes_at_most_two_calls_a_round(run: Run, rounds: int) -> None:
    printed, requests = run("optimize.py", {"rounds: int = 3": f"rounds: int = {rounds}"})
    taken = [request for request in requests if "77" in str(request.body["input"])]
    assert len(taken) == 2 * rounds
    assert "For a person: " in printed
