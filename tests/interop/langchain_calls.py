"""LangChain against the API at OPENAI_BASE_URL, over Responses and Chat Completions: see run.py."""

import sys

from expectations import (
    FACTS,
    LONG_QUESTION,
    MODEL,
    QUESTION,
    WEATHER,
    Person,
    answered,
    filled_in,
    get_weather,
    joined,
    report,
    told,
)
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI

ASKED = {"messages": [{"role": "user", "content": WEATHER}]}


async def plain(model: ChatOpenAI) -> str:
    message = await model.ainvoke(QUESTION)
    return answered(message.text)


async def streamed(model: ChatOpenAI) -> str:
    return joined([chunk.text async for chunk in model.astream(LONG_QUESTION)])


async def tool(model: ChatOpenAI) -> str:
    state = await create_agent(model, [get_weather]).ainvoke(ASKED)
    return told(state["messages"][-1].text)


async def tool_streamed(model: ChatOpenAI) -> str:
    events = create_agent(model, [get_weather]).astream(ASKED, stream_mode="messages")
    pieces = [chunk.text async for chunk, origin in events if origin["langgraph_node"] == "model"]
    return told("".join(pieces))


async def structured(model: ChatOpenAI) -> str:
    """The library's default: the answer is a text that fits a JSON Schema."""
    return filled_in(await model.with_structured_output(Person).ainvoke(FACTS))


async def structured_by_a_call(model: ChatOpenAI) -> str:
    """The answer is the call of a tool."""
    return filled_in(await model.with_structured_output(Person, method="function_calling").ainvoke(FACTS))


if __name__ == "__main__":
    # Chat Completions refuses function tools of this model while it reasons.
    models = {
        "Responses": ChatOpenAI(model=MODEL, use_responses_api=True),
        "Chat Completions": ChatOpenAI(model=MODEL, use_responses_api=False, reasoning_effort="none"),
    }
    calls = (plain, streamed, tool, tool_streamed, structured, structured_by_a_call)
    sys.exit(report("langchain-openai", models, calls))
