"""pydantic-ai with tools that the API runs itself, over Responses: see run.py."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any

from built_in_expectations import (
    CALCULATE,
    DRAW,
    LOOK_UP,
    MCP_URL,
    NEXT,
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
from expectations import MODEL, WEATHER, answered, expect, get_weather, report, told
from pydantic_ai import Agent, BinaryImage, Tool
from pydantic_ai.capabilities import NativeTool, ToolSearch
from pydantic_ai.messages import (
    FilePart,
    ModelResponse,
    NativeToolCallPart,
    NativeToolReturnPart,
    PartStartEvent,
    TextPart,
)
from pydantic_ai.models.openai import OpenAIResponsesModel, OpenAIResponsesModelSettings
from pydantic_ai.native_tools import (
    CodeExecutionTool,
    FileSearchTool,
    ImageGenerationTool,
    MCPServerTool,
    WebSearchTool,
)

SETTINGS = OpenAIResponsesModelSettings(
    openai_include_code_execution_outputs=True,
    openai_include_file_search_results=True,
    openai_include_web_search_sources=True,
    openai_include_raw_annotations=True,
)

Run = Callable[[Agent[None, Any], str], Awaitable[list[Any]]]


def agent(*tools: Any, functions: Sequence[Any] = (), output: Any = str) -> Agent[None, Any]:
    """Return an agent with tools, capabilities and functions."""
    capabilities = [tool if isinstance(tool, ToolSearch) else NativeTool(tool) for tool in tools]
    return Agent(
        OpenAIResponsesModel(MODEL, settings=SETTINGS), output_type=output, tools=functions, capabilities=capabilities
    )


async def plain(asked: Agent[None, Any], prompt: str) -> list[Any]:
    """Ask an agent, and return the parts of all responses."""
    return parts_of((await asked.run(prompt)).all_messages())


async def streamed(asked: Agent[None, Any], prompt: str) -> list[Any]:
    """Ask an agent, read its events, and return the parts of all responses."""
    begun: list[Any] = []
    pieces = 0
    async with asked.run_stream_events(prompt) as events:
        async for event in events:
            if isinstance(event, PartStartEvent):
                begun.append(event.part)
            pieces += getattr(getattr(event, "delta", None), "part_delta_kind", "") == "text"
            if event.event_kind == "agent_run_result":
                parts = parts_of(event.result.all_messages())
    expect(pieces > 5, f"the answer came in {pieces} pieces")
    kinds = [part.part_kind for part in begun]
    expect(kinds == [part.part_kind for part in parts], f"not the parts of the response were streamed: {kinds}")
    return parts


async def continued(asked: Agent[None, Any], prompt: str) -> list[Any]:
    """Ask an agent, then something else: all that happened is sent again."""
    result = await asked.run(prompt)
    then = await asked.run(NEXT, message_history=result.all_messages(), output_type=str)
    answered(then.output)
    return parts_of(result.all_messages())


def parts_of(messages: Sequence[Any]) -> list[Any]:
    """Return the parts of the responses among messages."""
    return [part for message in messages if isinstance(message, ModelResponse) for part in message.parts]


def used(parts: Sequence[Any], name: str) -> tuple[Any, Any]:
    """Return the arguments of the only call of a tool, and what it returned."""
    calls = [part for part in parts if isinstance(part, NativeToolCallPart) and part.tool_name == name]
    returned = [part for part in parts if isinstance(part, NativeToolReturnPart) and part.tool_name == name]
    once(name, [part.tool_name for part in calls])
    expect([part.tool_call_id for part in returned] == [calls[0].tool_call_id], f"not one return of it: {returned}")
    return calls[0].args_as_dict(), returned[0].content


def text_of(parts: Sequence[Any]) -> TextPart:
    """Return the last part, which is the answer."""
    expect(isinstance(parts[-1], TextPart), f"no answer at the end: {parts[-1]!r}")
    return parts[-1]


async def web_search(run: Run) -> str:
    parts = await run(agent(WebSearchTool(allowed_domains=["example.org"], user_location={"city": "Paris"})), SEARCH)
    arguments, returned = used(parts, "web_search")
    expect(arguments["query"] == SEARCH and returned["status"] == "completed", f"not this search: {arguments}")
    expect([source["type"] for source in returned["sources"]] == ["url"], f"not its sources: {returned}")
    text = text_of(parts)
    said = page_cited(text.content, text.provider_details["citations"])
    for citation in text.citations:
        marked = said[citation.anchor.start : citation.anchor.end]
        expect(citation.sources[0].url in marked, f"the library's citation is not what it cites: {marked}")
    return said


async def file_search(run: Run) -> str:
    async with reading_room() as store:
        parts = await run(agent(FileSearchTool(file_store_ids=[store.id], max_num_results=3)), LOOK_UP)
        arguments, returned = used(parts, "file_search")
        expect(arguments == {"queries": [LOOK_UP]}, f"not this search: {arguments}")
        found(returned["results"], store)
        text = text_of(parts)
        named = [asdict(source)["document_id"] for citation in text.citations for source in citation.sources]
        expect(named == [store.file_id], f"the library's citations name {named}")
        return file_cited(text.content, text.provider_details["citations"], store)


async def code_execution(run: Run) -> str:
    parts = await run(agent(CodeExecutionTool()), CALCULATE)
    arguments, returned = used(parts, "code_execution")
    runs(arguments["code"])
    expect("no code was run" in "".join(returned["logs"]), f"not its logs: {returned}")
    return tells(text_of(parts).content, "wrote code")


async def image_generation(run: Run) -> str:
    parts = await run(agent(ImageGenerationTool(size="1024x1536", output_format="png")), DRAW)
    _, returned = used(parts, "image_generation")
    expect(returned["size"] == "1024x1536", f"not of the size asked for: {returned}")
    (file,) = [part for part in parts if isinstance(part, FilePart)]
    drawn(file.content.data)
    return tells(text_of(parts).content, "picture")


async def image_as_the_output(run: Run) -> str:
    """The library's other way to a picture: what the agent puts out is one."""
    parts = await run(agent(ImageGenerationTool(aspect_ratio="2:3"), output=BinaryImage), DRAW)
    used(parts, "image_generation")
    (file,) = [part for part in parts if isinstance(part, FilePart)]
    drawn(file.content.data)
    return f"{len(file.content.data)} bytes"


async def mcp_server(run: Run) -> str:
    parts = await run(agent(MCPServerTool(id="weather", url=MCP_URL, allowed_tools=["get_weather"])), WEATHER)
    names = [part.args_as_dict().get("action") for part in parts if isinstance(part, NativeToolCallPart)]
    expect(names == ["list_tools", "call_tool"], f"not a list and a call: {names}")
    (call,) = [part for part in parts if isinstance(part, NativeToolCallPart) and "tool_name" in part.args_as_dict()]
    arguments = call.args_as_dict()
    expect(
        (arguments["tool_name"], arguments["tool_args"]) == ("get_weather", {"city": "Paris"}),
        f"not this call: {arguments}",
    )
    (returned,) = [
        part.content
        for part in parts
        if isinstance(part, NativeToolReturnPart) and part.tool_call_id == call.tool_call_id
    ]
    expect(returned["error"] is None and "sunny" in returned["output"], f"not what it returned: {returned}")
    return tells(text_of(parts).content, "sunny")


def find_hotels(city: str) -> str:
    """Return the hotels in a town."""
    raise AssertionError(f"find_hotels was called for {city}")


DEFERRED = [Tool(tool, defer_loading=True) for tool in (get_weather, find_hotels)]


async def tool_search(run: Run) -> str:
    """The API searches the functions."""
    parts = await run(agent(functions=DEFERRED), WEATHER)
    _, returned = used(parts, "tool_search")
    expect("get_weather" in str(returned) and "find_hotels" not in str(returned), f"not this was found: {returned}")
    return told(text_of(parts).content)


async def tool_search_by_the_client(run: Run) -> str:
    """The API asks the program, which searches the functions itself."""
    queries: list[Sequence[str]] = []

    def search(context: Any, wanted: Sequence[str], tools: Sequence[Any]) -> list[str]:
        queries.append(wanted)
        return [tool.name for tool in tools if "weather" in tool.name]

    parts = await run(agent(ToolSearch(strategy=search), functions=DEFERRED), WEATHER)
    expect(len(queries) == 1, f"the program was asked for {queries}")
    return told(text_of(parts).content)


if __name__ == "__main__":
    ways = {"Responses": plain, "Responses streamed": streamed, "Responses continued": continued}
    calls = (
        web_search,
        file_search,
        code_execution,
        image_generation,
        image_as_the_output,
        mcp_server,
        tool_search,
        tool_search_by_the_client,
    )
    sys.exit(report("pydantic-ai-slim", ways, calls))
