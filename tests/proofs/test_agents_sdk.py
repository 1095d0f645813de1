"""What openai-agents does by default: limits, errors, approvals, saved state, sessions and traces."""

import asyncio
import contextlib
import gc
import inspect
import io
import json
import os
import shutil
import warnings
from collections.abc import Awaitable, Callable, Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import agents
import httpx2
import pytest
from agents import (
    Agent,
    MaxTurnsExceeded,
    ModelResponse,
    ModelSettings,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunContextWrapper,
    RunHooks,
    Runner,
    RunState,
    SQLiteSession,
    UserError,
    function_tool,
)
from agents.models import openai_provider
from agents.tracing.processors import BackendSpanExporter, BatchTraceProcessor
from agents.tracing.provider import DefaultTraceProvider
from agents.tracing.traces import NoOpTrace
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from openai.types.shared import Reasoning

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of

from ..good_requests import LUNA

MODEL = str(LUNA["model"])
# Chat Completions refuses function tools of models that reason.
WITHOUT_REASONING = ModelSettings(reasoning=Reasoning(effort="none"))


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    agents.set_tracing_disabled(True)
    yield
    agents.set_tracing_disabled(False)


def in_loop(work: Callable[[OpenAIResponsesModel], Awaitable[Any]]) -> Any:
    """Do something with a model whose client is closed afterward."""

    async def main() -> Any:
        async with AsyncOpenAI() as client:
            return await work(OpenAIResponsesModel(model=MODEL, openai_client=client))

    return asyncio.run(main())


def outputs(result: agents.RunResult) -> list[Any]:
    return [item.output for item in result.new_items if item.type == "tool_call_output_item"]


@function_tool
def look_up(number: str) -> str:
    """Look up a number."""
    return f"found {number}"


def looping(api: Sandbox) -> None:
    """Let the model call look_up in every round."""
    rule = api.when("Go on").call("look_up", number="1")
    for _ in range(20):
        rule.then().call("look_up", number="1")
    rule.then("Enough.")


@pytest.mark.proves("agents-max-turns")
def test_a_run_ends_after_ten_turns_or_after_max_turns(api: Sandbox) -> None:
    looping(api)

    async def work(model: OpenAIResponsesModel) -> None:
        agent = Agent("Loop", model=model, tools=[look_up])
        options: Any
        for options, most in (({}, 10), ({"max_turns": 3}, 3)):
            before = len(api.requests)
            with pytest.raises(MaxTurnsExceeded):
                await Runner.run(agent, "Go on", **options)
            assert len(api.requests) - before == most
        before = len(api.requests)
        result = await Runner.run(agent, "Go on", max_turns=2, error_handlers={"max_turns": lambda _: "Too long."})
        assert result.final_output == "Too long."
        assert len(api.requests) - before == 2, "the handler asks the model nothing"
        api.when("Two turns").call("look_up", number="1").then("Done.")
        assert (await Runner.run(agent, "Two turns", max_turns=2)).final_output == "Done."
        before = len(api.requests)
        assert (await Runner.run(agent, "Go on", max_turns=None)).final_output
        assert len(api.requests) - before > 20, "without a limit, it ends when the model answers"

    in_loop(work)


class BudgetSpentError(Exception):
    pass


async def spent(*_: Any, **__: Any) -> None:
    raise BudgetSpentError


class Budget(RunHooks[Any]):
    """Ends a run once it has used a number of tokens."""

    async def on_llm_end(self, context: RunContextWrapper[Any], agent: Agent[Any], response: ModelResponse) -> None:
        if context.usage.total_tokens > 300:
            raise BudgetSpentError


@pytest.mark.proves("agents-no-budget")
def test_a_run_takes_no_limit_of_tokens_or_dollars_but_a_hook_can_end_it(api: Sandbox) -> None:
    options = {*inspect.signature(Runner.run).parameters, *inspect.signature(agents.RunConfig).parameters}
    assert "max_turns" in options
    assert not [
        name for name in options if any(word in name for word in ("budget", "cost", "dollar", "token", "usage"))
    ]
    looping(api)

    async def work(model: OpenAIResponsesModel) -> None:
        with pytest.raises(BudgetSpentError):
            await Runner.run(Agent("Loop", model=model, tools=[look_up]), "Go on", hooks=Budget())

    in_loop(work)
    assert len(api.requests) == 2


@pytest.mark.proves("agents-no-budget")
@pytest.mark.parametrize(
    ("hook", "asked"), [("agent_start", 0), ("llm_start", 0), ("llm_end", 1), ("tool_start", 1), ("tool_end", 1)]
)
def test_an_exception_in_any_hook_ends_the_run(api: Sandbox, hook: str, asked: int) -> None:
    looping(api)
    hooks = RunHooks[Any]()
    setattr(hooks, f"on_{hook}", spent)
    with pytest.raises((BudgetSpentError, UserError)) as raised:
        in_loop(lambda model: Runner.run(Agent("Loop", model=model, tools=[look_up]), "Go on", hooks=hooks))
    assert isinstance(raised.value if hook.split("_")[0] != "tool" else raised.value.__cause__, BudgetSpentError)
    assert len(api.requests) == asked


@pytest.mark.proves("agents-tool-error")
def test_the_model_does_not_learn_why_a_function_failed(api: Sandbox) -> None:
    api.when("Try it").call("broken").then("Sorry.")

    @function_tool
    def broken() -> str:
        """Break."""
        raise ConnectionError("cannot reach weather-db.internal:5432")

    result = in_loop(lambda model: Runner.run(Agent("Broken", model=model, tools=[broken]), "Try it"))
    assert outputs(result) == ["An error occurred while running the tool. Please try again."]
    assert "weather-db" not in str(api.requests[1].body)

    @function_tool(failure_error_function=lambda _, error: f"{type(error).__name__}: try Oslo")
    def told() -> str:
        """Break, and say how."""
        raise ConnectionError("cannot reach weather-db.internal:5432")

    api.when("Say how").call("told").then("Sorry.")
    result = in_loop(lambda model: Runner.run(Agent("Told", model=model, tools=[told]), "Say how"))
    assert outputs(result) == ["ConnectionError: try Oslo"]


@pytest.mark.proves("agents-tool-error")
def test_what_the_model_learns_of_a_failed_function_can_be_chosen(api: Sandbox) -> None:
    api.when("Try it").call("broken").then("Sorry.")

    def broken() -> str:
        """Break."""
        raise ConnectionError("cannot reach weather-db.internal:5432")

    def told(_: Any, error: Exception) -> str:
        return f"failed: {type(error).__name__}"

    telling = function_tool(broken, failure_error_function=told)
    result = in_loop(lambda model: Runner.run(Agent("Broken", model=model, tools=[telling]), "Try it"))
    assert outputs(result) == ["failed: ConnectionError"]
    silent = function_tool(broken, failure_error_function=None)
    with pytest.raises(UserError, match="broken"):
        in_loop(lambda model: Runner.run(Agent("Broken", model=model, tools=[silent]), "Try it"))


Refund = tuple[Agent[Any], list[str], str]


async def interrupted(model: OpenAIResponsesModel, api: Sandbox) -> Refund:
    """Return an agent, what its function has done, and the saved state of a run that waits for approval."""
    done: list[str] = []

    @function_tool(needs_approval=True)
    def refund(order: str) -> str:
        """Refund an order."""
        done.append(order)
        return "refunded"

    api.when("Refund A-17").call("look_up", number="A-17").then().call("refund", order="A-17").then("It is done.")
    agent = Agent("Refunds", model=model, tools=[look_up, refund])
    result = await Runner.run(agent, "Refund A-17")
    assert result.final_output is None
    (call,) = result.interruptions
    assert (call.name, json.loads(call.arguments or "")) == ("refund", {"order": "A-17"})
    return agent, done, result.to_state().to_string()


@pytest.mark.proves("agents-approval")
def test_a_call_that_needs_approval_waits_in_a_state_that_is_json(api: Sandbox) -> None:
    async def work(model: OpenAIResponsesModel) -> None:
        agent, done, saved = await interrupted(model, api)
        assert done == []
        assert json.loads(saved)["current_agent"] == {"name": "Refunds"}
        before = len(api.requests)
        undecided = await Runner.run(agent, await RunState.from_string(agent, saved))
        assert undecided.interruptions
        assert len(api.requests) == before, "nothing is asked until the call is decided"

        state = await RunState.from_string(agent, saved)
        state.reject(state.get_interruptions()[0])
        rejected = await Runner.run(agent, state)
        assert outputs(rejected)[1:] == ["Tool execution was not approved."]
        assert api.requests[-1].body["input"][-1]["output"] == "Tool execution was not approved."
        assert done == []

        state = await RunState.from_string(agent, saved)
        state.approve(state.get_interruptions()[0])
        approved = await Runner.run(agent, state)
        assert approved.final_output == "It is done."
        assert outputs(approved) == ["found A-17", "refunded"]
        assert done == ["A-17"]

    in_loop(work)


@pytest.mark.proves("agents-state-twice")
def test_the_same_saved_state_runs_the_function_again(api: Sandbox) -> None:
    async def work(model: OpenAIResponsesModel) -> None:
        agent, done, saved = await interrupted(model, api)
        for _ in range(2):
            state = await RunState.from_string(agent, saved)
            state.approve(state.get_interruptions()[0])
            await Runner.run(agent, state)
        assert done == ["A-17", "A-17"]

    in_loop(work)


@pytest.mark.proves("agents-usage")
def test_usage_is_of_all_replies_also_of_those_before_the_state_was_saved(sandbox: Callable[..., Sandbox]) -> None:
    told: list[dict[str, Any]] = []

    async def noted(response: httpx2.Response) -> None:
        await response.aread()
        if response.is_success:
            told.append(response.json()["usage"])

    async def main(api: Sandbox) -> agents.Usage:
        hooks: Any = {"response": [noted]}
        async with AsyncOpenAI(http_client=DefaultAsyncHttpxClient(event_hooks=hooks)) as client:
            agent, _, saved = await interrupted(OpenAIResponsesModel(model=MODEL, openai_client=client), api)
            state = await RunState.from_string(agent, saved)
            state.approve(state.get_interruptions()[0])
            return (await Runner.run(agent, state)).context_wrapper.usage

    with sandbox("server_error retry_after_ms=1") as api:
        usage = asyncio.run(main(api))
    assert [request.status for request in api.requests] == [500, 200, 200, 200]
    assert usage.requests == len(told) == 3
    entries = [(entry.input_tokens, entry.output_tokens) for entry in usage.request_usage_entries]
    assert entries == [(one["input_tokens"], one["output_tokens"]) for one in told]
    assert usage.total_tokens == sum(one["total_tokens"] for one in told)


class PowerFailsError(BaseException):
    pass


@pytest.mark.proves("agents-session-crash")
def test_a_session_knows_nothing_of_the_call_during_which_a_process_ended(api: Sandbox, tmp_path: Path) -> None:
    disk, left = tmp_path / "disk", tmp_path / "left"
    disk.mkdir()

    @function_tool
    def refund(order: str) -> str:
        """Refund an order."""
        assert order == "A-17"
        shutil.copytree(disk, left)  # what a process that ends here leaves behind
        raise PowerFailsError

    api.when("Refund A-17").call("look_up", number="A-17").then().call("refund", order="A-17")

    async def work(model: OpenAIResponsesModel) -> list[Any]:
        running, later = SQLiteSession("one", disk / "sessions.db"), None
        try:
            with pytest.raises(PowerFailsError):
                await Runner.run(Agent("Refunds", model=model, tools=[look_up, refund]), "Refund A-17", session=running)
            later = SQLiteSession("one", left / "sessions.db")
            return list(await later.get_items())
        finally:
            running.close()
            if later:
                later.close()

    assert inspect.signature(SQLiteSession).parameters["db_path"].default == ":memory:"

    items = in_loop(work)
    assert len(api.requests) == 2
    assert [item.get("type", item.get("role")) for item in items] == [
        "user",
        "reasoning",
        "function_call",
        "function_call_output",
    ]
    assert {item["name"] for item in items if item.get("type") == "function_call"} == {"look_up"}


@contextlib.contextmanager
def traced_by(answer: Callable[[httpx2.Request], httpx2.Response], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let the SDK's own exporter send its traces, and answer its requests."""
    exporter = BackendSpanExporter(base_delay=0.001)
    exporter._client.close()
    exporter._client = httpx2.Client(transport=httpx2.MockTransport(answer))
    processor: Any = BatchTraceProcessor(exporter)
    provider: Any = agents.tracing.get_trace_provider()
    (registered,) = provider._multi_processor._processors
    assert (type(registered), type(registered._exporter)) == (BatchTraceProcessor, BackendSpanExporter)
    assert registered._exporter.endpoint == exporter.endpoint, "the SDK has registered one like it"
    monkeypatch.setattr(provider._multi_processor, "_processors", (processor,))
    agents.set_tracing_disabled(False)
    try:
        yield processor
    finally:
        processor.shutdown()
        exporter._client.close()


@pytest.mark.proves("agents-traces-sent")
def test_traces_go_to_openai_with_the_key_wherever_the_requests_go(
    api: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200)

    api.when("Look up 7").call("look_up", number="7").then("Done.")
    with traced_by(take, monkeypatch) as processor:
        for disabled in (False, True):
            agents.set_tracing_disabled(disabled)
            in_loop(lambda model: Runner.run(Agent("Numbers", model=model, tools=[look_up]), "Look up 7"))
            processor.force_flush()
            assert len(sent) == 1
    assert f"{sent[0].url}" == "https://api.openai.com/v1/traces/ingest"
    assert not f"{sent[0].url}".startswith(os.environ["OPENAI_BASE_URL"])
    assert sent[0].headers["authorization"] == f"Bearer {os.environ['OPENAI_API_KEY']}"
    spans = {span["span_data"]["type"]: span["span_data"] for span in json.loads(sent[0].read())["data"][1:]}
    assert json.loads(spans["function"]["input"]) == {"number": "7"}
    assert spans["function"]["output"] == "found 7"


@pytest.mark.proves("agents-traces-sent")
@pytest.mark.parametrize(
    ("kind", "told"), [(OpenAIResponsesModel, set()), (OpenAIChatCompletionsModel, {"Rhyme.", "Hello", "Hi, pie."})]
)
def test_with_the_model_class_of_chat_completions_traces_also_have_prompts_and_answers(
    kind: Any, told: set[str], api: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.read())
        return httpx2.Response(200)

    async def work(_: OpenAIResponsesModel) -> None:
        async with AsyncOpenAI() as client:
            model = kind(model=MODEL, openai_client=client)
            await Runner.run(Agent("Poet", instructions="Rhyme.", model=model), "Hello")

    api.when("Hello").say("Hi, pie.")
    with traced_by(take, monkeypatch) as processor:
        in_loop(work)
        processor.force_flush()
    (trace,) = sent
    assert {text for text in ("Rhyme.", "Hello", "Hi, pie.") if text.encode() in trace} == told


@pytest.mark.proves("agents-traces-sent")
def test_a_run_does_not_fail_if_its_traces_cannot_be_sent(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[httpx2.Request] = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        tried.append(request)
        raise httpx2.ConnectError("no network")

    with traced_by(refuse, monkeypatch) as processor:
        api.when("Hello").say("Hi")
        result = in_loop(lambda model: Runner.run(Agent("Hello", model=model), "Hello"))
        processor.force_flush()
    assert result.final_output == "Hi"
    assert tried


@pytest.mark.proves("agents-traces-sent")
@pytest.mark.parametrize(("value", "traced"), [(None, True), ("1", False), ("true", False)])
def test_a_variable_turns_traces_off(value: str | None, traced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = DefaultTraceProvider()
    if value:
        monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", value)
    assert isinstance(provider.create_trace("a run"), NoOpTrace) != traced
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    assert isinstance(provider.create_trace("a later run"), NoOpTrace) != traced, "it is read once"


@pytest.mark.proves("agents-shared-client")
def test_a_second_event_loop_finds_the_clients_connection_closed(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    api.when("Hello").say("Hi")
    monkeypatch.setattr(openai_provider, "_http_client", None)

    async def once() -> str:
        return str((await Runner.run(Agent("Hello", model=MODEL), "Hello")).final_output)

    assert asyncio.run(once()) == "Hi"
    kept: Any = openai_provider._http_client
    made = [openai_provider.OpenAIProvider()._get_client() for _ in range(2)]
    assert {one._client for one in made} == {kept}
    assert made[0] is not made[1]
    with pytest.raises(RuntimeError, match="Event loop is closed"):
        asyncio.run(once())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # nobody can close the connection any more
        monkeypatch.undo()
        gc.collect()


@pytest.mark.proves("agents-needs-openai-3")
def test_the_package_requires_openai_3() -> None:
    (wanted,) = [line for line in requires("openai-agents") or [] if line.startswith("openai<")]
    assert wanted == "openai<4,>=3.0.0"


@pytest.mark.proves("agents-both-apis")
def test_the_model_class_decides_which_api_is_called(api: Sandbox) -> None:
    api.when("Look up 7").call("look_up", number="7").then("Done.")

    async def work(_: OpenAIResponsesModel) -> None:
        async with AsyncOpenAI() as client:
            for kind in (OpenAIResponsesModel, OpenAIChatCompletionsModel):
                model = kind(model=MODEL, openai_client=client)
                agent = Agent("Numbers", model=model, model_settings=WITHOUT_REASONING, tools=[look_up])
                assert (await Runner.run(agent, "Look up 7")).final_output == "Done."

    in_loop(work)
    assert [request.path for request in api.requests] == ["/v1/responses"] * 2 + ["/v1/chat/completions"] * 2


def sent_by(program: str, sandbox: Callable[..., Sandbox]) -> list[dict[str, Any]]:
    """Return the requests of a program of lesson 08, as it would be run."""
    path = ROOT / "snippets" / "lessons" / "agent_loop" / program
    with sandbox(plan_of(path)) as api, contextlib.redirect_stdout(io.StringIO()):
        exec(compile(path.read_text("utf-8"), program, "exec"), {"__name__": "__main__"})  # noqa: S102
    return [request.body for request in api.requests]


def without(value: Any, *names: str) -> Any:
    """Return JSON without members of these names."""
    if isinstance(value, dict):
        return {name: without(inner, *names) for name, inner in value.items() if name not in names}
    return [without(inner, *names) for inner in value] if isinstance(value, list) else value


@pytest.mark.proves("agents-same-requests")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_programs_of_lesson_08_send_the_same(sandbox: Callable[..., Sandbox]) -> None:
    ours, theirs = sent_by("agent.py", sandbox), sent_by("agents_sdk.py", sandbox)
    assert len(ours) == 5
    for one, other in zip(ours, theirs, strict=True):
        assert other.pop("include") == []
        assert other.keys() == one.keys() == {"input", "instructions", "model", "tools"}
        assert other | {"tools": None} == one | {"tools": None}
        assert without(other["tools"], "title") == without(one["tools"], "title")
        assert "title" in str(other["tools"])
