"""LangChain with tools that the API runs itself, and custom tools, over Responses: see run.py."""

import base64
import sys
from collections.abc import Awaitable, Callable, Sequence
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
from expectations import MODEL, WEATHER, answered, asked_for, expect, get_weather, report, told
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.tools import BaseTool
from langchain_core.tools import tool as function
from langchain_openai import ChatOpenAI, custom_tool

INCLUDE = ["code_interpreter_call.outputs", "file_search_call.results", "web_search_call.action.sources"]

# The forms in which the library has what the API answers: the oldest, the API's own, and that of all providers.
FORMS = ("v0", "responses/v1", "v1")

Ask = Callable[[Any, Sequence[BaseMessage]], Awaitable[AIMessage]]
Asked = str | Sequence[BaseMessage]
Run = Callable[[list[Any], Asked], Awaitable[list[BaseMessage]]]


async def conversation(ask: Ask, tools: list[Any], asked: Asked, form: str = "responses/v1") -> list[BaseMessage]:
    """Ask a model that has tools, call those that are functions, and return all messages up to the answer."""
    model = ChatOpenAI(model=MODEL, use_responses_api=True, output_version=form, include=INCLUDE).bind_tools(tools)
    functions = {tool.name: tool for tool in tools if isinstance(tool, BaseTool)}
    messages = [HumanMessage(asked)] if isinstance(asked, str) else [*asked]
    messages.append(await ask(model, messages))
    while calls := messages[-1].tool_calls:
        messages += [await functions[call["name"]].ainvoke(call) for call in calls]
        messages.append(await ask(model, messages))
    return messages


async def invoked(model: Any, messages: Sequence[BaseMessage]) -> AIMessage:
    """Return the message that a model answers."""
    return await model.ainvoke(messages)


async def joined(model: Any, messages: Sequence[BaseMessage]) -> AIMessage:
    """Return the message that a model answers in chunks."""
    chunks = [chunk async for chunk in model.astream(messages)]
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    pieces = [chunk.text for chunk in chunks if chunk.text]
    expect("".join(pieces) == whole.text, f"not the answer in pieces: {pieces}")
    expect(len(pieces) > 5 or not pieces, f"the answer did not come in several pieces: {pieces}")
    return whole


async def plain(tools: list[Any], asked: Asked) -> list[BaseMessage]:
    """Ask a model that has tools."""
    return await conversation(invoked, tools, asked)


async def streamed(tools: list[Any], asked: Asked) -> list[BaseMessage]:
    """Ask a model that has tools, and put its chunks together."""
    return await conversation(joined, tools, asked)


async def continued(tools: list[Any], asked: Asked) -> list[BaseMessage]:
    """Ask a model that has tools, then something else: all that happened is sent again, in each form."""
    kept: list[BaseMessage] = []
    for form in FORMS:
        calls = asked_for.copy()
        asked_for.clear()
        messages = await conversation(invoked, tools, asked, form)
        then = await conversation(invoked, tools, [*messages, HumanMessage(NEXT)], form)
        answered(then[-1].text)
        expect(not kept or asked_for == calls, f"form {form}: tools were called for {asked_for}, not for {calls}")
        if form == "responses/v1":
            kept = messages
    return kept


def blocks_of(messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """Return the blocks of all answers."""
    return [block for message in messages if isinstance(message, AIMessage) for block in message.content]


def block_of(messages: Sequence[BaseMessage], kind: str) -> dict[str, Any]:
    """Return the only block of a kind."""
    blocks = blocks_of(messages)
    once(kind, [block["type"] for block in blocks])
    return next(block for block in blocks if block["type"] == kind)


def used(messages: Sequence[BaseMessage], name: str) -> None:
    """Fail unless the form of all providers has a call of the tool, and that it succeeded."""
    blocks = [block for message in messages if isinstance(message, AIMessage) for block in message.content_blocks]
    ids = [block["id"] for block in blocks if block["type"] == "server_tool_call" and block["name"] == name]
    done = [
        block["tool_call_id"]
        for block in blocks
        if block["type"] == "server_tool_result" and block["status"] == "success"
    ]
    expect(len(ids) == 1 and ids[0] in done, f"not one call of {name} that succeeded: {blocks}")


async def web_search(run: Run) -> str:
    location = {"type": "approximate", "city": "Paris"}
    messages = await run([{"type": "web_search", "user_location": location}], SEARCH)
    action = block_of(messages, "web_search_call")["action"]
    expect(action["query"] == SEARCH and bool(action["sources"]), f"not this search, or no sources: {action}")
    used(messages, "web_search")
    return page_cited(messages[-1].text, block_of(messages, "text")["annotations"])


async def file_search(run: Run) -> str:
    async with reading_room() as store:
        messages = await run([{"type": "file_search", "vector_store_ids": [store.id]}], LOOK_UP)
        found(block_of(messages, "file_search_call")["results"], store)
        used(messages, "file_search")
        return file_cited(messages[-1].text, block_of(messages, "text")["annotations"], store)


async def code_interpreter(run: Run) -> str:
    messages = await run([{"type": "code_interpreter", "container": {"type": "auto"}}], CALCULATE)
    call = block_of(messages, "code_interpreter_call")
    runs(call["code"])
    expect("no code was run" in call["outputs"][0]["logs"], f"not its logs: {call}")
    used(messages, "code_interpreter")
    return tells(messages[-1].text, "wrote code")


async def image_generation(run: Run) -> str:
    messages = await run([{"type": "image_generation", "size": "1024x1536"}], DRAW)
    drawn(base64.b64decode(block_of(messages, "image_generation_call")["result"]))
    return tells(messages[-1].text, "picture")


def server(require_approval: str) -> dict[str, Any]:
    """Return the server of run.py as a tool."""
    return {"type": "mcp", "server_label": "weather", "server_url": MCP_URL, "require_approval": require_approval}


async def mcp(run: Run) -> str:
    messages = await run([server("never")], WEATHER)
    listed = [tool["name"] for tool in block_of(messages, "mcp_list_tools")["tools"]]
    expect(listed == ["get_weather"], f"not the server's tools: {listed}")
    call = block_of(messages, "mcp_call")
    expect(call["arguments"] == '{"city":"Paris"}' and "sunny" in call["output"], f"not this call: {call}")
    return tells(messages[-1].text, "sunny")


async def mcp_with_approval(run: Run) -> str:
    tools = [server("always")]
    asked = await conversation(invoked, tools, WEATHER)
    request = block_of(asked, "mcp_approval_request")
    approval = {"type": "mcp_approval_response", "approval_request_id": request["id"], "approve": True}
    messages = await run(tools, [*asked, HumanMessage([approval])])
    call = block_of(messages, "mcp_call")
    expect(call["approval_request_id"] == request["id"] and "sunny" in call["output"], f"not this call: {call}")
    return tells(messages[-1].text, "sunny")


@function(extras={"defer_loading": True})
def find_hotels(city: str) -> str:
    """Return the hotels in a town."""
    raise AssertionError(f"find_hotels was called for {city}")


async def tool_search(run: Run) -> str:
    weather = function(get_weather, extras={"defer_loading": True})
    messages = await run([{"type": "tool_search"}, weather, find_hotels], WEATHER)
    loaded = block_of(messages, "tool_search_output")["tools"]
    expect([tool["name"] for tool in loaded] == ["get_weather"], f"not this function was loaded: {loaded}")
    return told(messages[-1].text)


@custom_tool
def pirate_speech(text: str) -> str:
    """Translate a text into pirate speech."""
    asked_for.append(text)
    return "Ahoy"


async def custom(run: Run) -> str:
    messages = await run([pirate_speech], "Translate into pirate speech: good morning")
    call = block_of(messages, "custom_tool_call")
    expect(asked_for == [call["input"]] and "good morning" in call["input"], f"the tool ran for {asked_for}")
    return tells(messages[-1].text, "Ahoy")


if __name__ == "__main__":
    ways = {"Responses": plain, "Responses streamed": streamed, "Responses continued": continued}
    calls = (web_search, file_search, code_interpreter, image_generation, mcp, mcp_with_approval, tool_search, custom)
    sys.exit(report("langchain-openai", ways, calls))
