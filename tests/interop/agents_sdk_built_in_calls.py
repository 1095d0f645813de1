"""The OpenAI Agents SDK with tools that the API runs itself, and custom tools, over Responses: see run.py."""

import base64
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from agents import (
    Agent,
    CodeInterpreterTool,
    CustomTool,
    FileSearchTool,
    HostedMCPTool,
    ImageGenerationTool,
    Runner,
    ToolSearchTool,
    WebSearchTool,
    function_tool,
    tool_namespace,
)
from agents.result import RunResultBase
from built_in_expectations import (
    CALCULATE,
    DRAW,
    LOOK_UP,
    MCP_URL,
    NEXT,
    RUN,
    SEARCH,
    drawn,
    file_cited,
    found,
    once,
    page_cited,
    reading_room,
    runs,
    tells,
)
from expectations import MODEL, WEATHER, answered, asked_for, expect, get_weather, report, told

Run = Callable[[list[Any], str], Awaitable[RunResultBase]]


async def plain(tools: list[Any], prompt: str) -> RunResultBase:
    """Ask an agent that has tools."""
    return await Runner.run(Agent("Plain", model=MODEL, tools=tools), prompt)


async def streamed(tools: list[Any], prompt: str) -> RunResultBase:
    """Ask an agent that has tools, and read its events."""
    run = Runner.run_streamed(Agent("Streamed", model=MODEL, tools=tools), prompt)
    events = [event async for event in run.stream_events()]
    raw = [event.data for event in events if event.type == "raw_response_event"]
    pieces = [event.delta for event in raw if event.type == "response.output_text.delta"]
    expect(len(pieces) > 5 and "".join(pieces) == run.final_output, f"not the answer in pieces: {pieces}")
    done = [event.item.id for event in raw if event.type == "response.output_item.done"]
    expect(done == [item.id for item in output_of(run)], f"not the items of the response were streamed: {done}")
    stages = {event.type.removeprefix("response.") for event in raw}
    open_ends = {f"{item.type}.completed" for item in output_of(run) if item.type in RUN} - stages
    expect(not open_ends, f"events are missing: {open_ends}")
    items = [event.item for event in events if event.type == "run_item_stream_event"]
    expect(items == run.new_items, f"not the items of the run were streamed: {[item.type for item in items]}")
    return run


async def continued(tools: list[Any], prompt: str) -> RunResultBase:
    """Ask an agent that has tools, then something else: all that happened is sent again."""
    agent = Agent("Continued", model=MODEL, tools=tools)
    run = await Runner.run(agent, prompt)
    then = await Runner.run(agent, [*run.to_input_list(), {"role": "user", "content": NEXT}])
    answered(then.final_output)
    return run


def output_of(run: RunResultBase) -> list[Any]:
    """Return the items of all responses."""
    return [item for response in run.raw_responses for item in response.output]


def item_of(run: RunResultBase, kind: str) -> Any:
    """Return the only item of a kind, which the library passes on as an item of the run."""
    once(kind, [item.type for item in output_of(run)])
    listed = [item.raw_item for item in run.new_items if getattr(item.raw_item, "type", None) == kind]
    expect(len(listed) == 1, f"not one item of the run is a {kind}: {[item.type for item in run.new_items]}")
    return listed[0]


def citations_of(run: RunResultBase) -> list[dict[str, Any]]:
    """Return the annotations of the last message."""
    return [citation.to_dict() for citation in output_of(run)[-1].content[0].annotations]


async def web_search(run: Run) -> str:
    result = await run([WebSearchTool(user_location={"type": "approximate", "city": "Paris"})], SEARCH)
    call = item_of(result, "web_search_call")
    expect(call.action.query == SEARCH, f"not this search: {call.action}")
    return page_cited(result.final_output, citations_of(result))


async def file_search(run: Run) -> str:
    async with reading_room() as store:
        result = await run([FileSearchTool([store.id], max_num_results=3, include_search_results=True)], LOOK_UP)
        call = item_of(result, "file_search_call")
        found([one.to_dict() for one in call.results], store)
        return file_cited(result.final_output, citations_of(result), store)


async def code_interpreter(run: Run) -> str:
    tool = CodeInterpreterTool({"type": "code_interpreter", "container": {"type": "auto"}})
    result = await run([tool], CALCULATE)
    runs(item_of(result, "code_interpreter_call").code)
    return tells(result.final_output, "wrote code")


async def image_generation(run: Run) -> str:
    result = await run([ImageGenerationTool({"type": "image_generation", "size": "1024x1536"})], DRAW)
    drawn(base64.b64decode(item_of(result, "image_generation_call").result))
    return tells(result.final_output, "picture")


def hosted_mcp(require_approval: str) -> HostedMCPTool:
    """Return the server of run.py as a tool. Who is asked approves, and keeps which tool that was."""

    def approve(request: Any) -> Any:
        asked_for.append(request.data.name)
        return {"approve": True}

    config: Any = {"type": "mcp", "server_label": "weather", "server_url": MCP_URL}
    return HostedMCPTool(config | {"require_approval": require_approval}, on_approval_request=approve)


async def mcp(run: Run) -> str:
    result = await run([hosted_mcp("never")], WEATHER)
    expect([tool.name for tool in item_of(result, "mcp_list_tools").tools] == ["get_weather"], "not the server's tool")
    call = item_of(result, "mcp_call")
    expect(call.arguments == '{"city":"Paris"}' and "sunny" in call.output, f"not this call: {call}")
    expect(asked_for == [], f"approval was asked for {asked_for}")
    return tells(result.final_output, "sunny")


async def mcp_with_approval(run: Run) -> str:
    result = await run([hosted_mcp("always")], WEATHER)
    request = item_of(result, "mcp_approval_request")
    expect(asked_for == ["get_weather"], f"approval was asked for {asked_for}")
    call = item_of(result, "mcp_call")
    expect(call.approval_request_id == request.id and "sunny" in call.output, f"not this call: {call}")
    return tells(result.final_output, "sunny")


def find_hotels(city: str) -> str:
    """Return the hotels in a town."""
    raise AssertionError(f"find_hotels was called for {city}")


async def tool_search(run: Run) -> str:
    deferred = [function_tool(tool, defer_loading=True) for tool in (get_weather, find_hotels)]
    result = await run([ToolSearchTool(), *deferred], WEATHER)
    search = item_of(result, "tool_search_call")
    expect(search.arguments == {"paths": ["get_weather"]}, f"not this search: {search}")
    loaded = item_of(result, "tool_search_output").tools
    expect([tool.name for tool in loaded] == ["get_weather"], f"not this function was loaded: {loaded}")
    return told(result.final_output)


async def tool_search_in_a_namespace(run: Run) -> str:
    deferred = [function_tool(tool, defer_loading=True) for tool in (get_weather, find_hotels)]
    travel = tool_namespace(name="travel", description="Tools for travellers.", tools=deferred)
    result = await run([ToolSearchTool(), *travel], WEATHER)
    (space,) = item_of(result, "tool_search_output").tools
    expect((space.type, space.name) == ("namespace", "travel"), f"not the namespace was loaded: {space}")
    expect([tool.name for tool in space.tools] == ["get_weather"], f"not this function was loaded: {space}")
    expect(item_of(result, "function_call").namespace == "travel", "not a call in the namespace")
    return told(result.final_output)


async def custom(run: Run) -> str:
    """A tool that takes a text, whatever it is."""
    prompt = "Translate into pirate speech: good morning"

    def translate(context: Any, text: str) -> str:
        asked_for.append(text)
        return "Ahoy"

    result = await run([CustomTool("pirate_speech", "Translate a text into pirate speech.", translate)], prompt)
    item_of(result, "custom_tool_call")
    expect(len(asked_for) == 1 and "good morning" in asked_for[0], f"the tool ran for {asked_for}")
    return tells(result.final_output, "Ahoy")


async def custom_with_a_grammar(run: Run) -> str:
    """A tool that takes a text that fits a regular expression."""

    def set_alarm(context: Any, text: str) -> str:
        asked_for.append(text)
        return f"The alarm is set: {text}"

    form = {"type": "grammar", "syntax": "regex", "definition": r"(0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]"}
    tool = CustomTool("set_alarm", "Set the alarm to a time.", set_alarm, format=form)
    result = await run([tool], "Set the alarm, please.")
    item_of(result, "custom_tool_call")
    hours, minutes = map(int, asked_for[0].split(":"))
    expect(len(asked_for) == 1 and hours < 24 and minutes < 60, f"the tool ran for {asked_for}")
    return tells(result.final_output, f"The alarm is set: {asked_for[0]}")


if __name__ == "__main__":
    ways = {"Responses": plain, "Responses streamed": streamed, "Responses continued": continued}
    calls = (
        web_search,
        file_search,
        code_interpreter,
        image_generation,
        mcp,
        mcp_with_approval,
        tool_search,
        tool_search_in_a_namespace,
        custom,
        custom_with_a_grammar,
    )
    sys.exit(report("openai-agents", ways, calls))
