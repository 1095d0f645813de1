"""pydantic-ai against the API at OPENAI_BASE_URL, over Responses and Chat Completions: see run.py."""

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
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings, OpenAIResponsesModel


async def plain(model: Model) -> str:
    result = await Agent(model).run(QUESTION)
    return answered(result.output)


async def streamed(model: Model) -> str:
    async with Agent(model).run_stream(LONG_QUESTION) as result:
        return joined([piece async for piece in result.stream_text(delta=True, debounce_by=None)])


async def tool(model: Model) -> str:
    result = await Agent(model, tools=[get_weather]).run(WEATHER)
    return told(result.output)


async def tool_streamed(model: Model) -> str:
    async with Agent(model, tools=[get_weather]).run_stream(WEATHER) as result:
        return told(await result.get_output())


async def structured(model: Model) -> str:
    """The library's default: the answer is the call of a tool."""
    result = await Agent(model, output_type=Person).run(FACTS)
    return filled_in(result.output)


async def structured_native(model: Model) -> str:
    """The answer is a text that fits a JSON Schema."""
    result = await Agent(model, output_type=NativeOutput(Person)).run(FACTS)
    return filled_in(result.output)


if __name__ == "__main__":
    # Chat Completions refuses function tools of this model while it reasons.
    settings = OpenAIChatModelSettings(openai_reasoning_effort="none")
    models = {"Responses": OpenAIResponsesModel(MODEL), "Chat Completions": OpenAIChatModel(MODEL, settings=settings)}
    calls = (plain, streamed, tool, tool_streamed, structured, structured_native)
    sys.exit(report("pydantic-ai-slim", models, calls))
