"""The OpenAI Agents SDK against the API at OPENAI_BASE_URL, over Responses and Chat Completions: see run.py."""

import sys

from agents import Agent, Model, ModelSettings, OpenAIChatCompletionsModel, Runner, function_tool
from agents.result import RunResultStreaming
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
from openai import AsyncOpenAI
from openai.types.shared import Reasoning

TOOLS = [function_tool(get_weather)]
# Chat Completions refuses function tools of this model while it reasons.
SETTINGS = ModelSettings(reasoning=Reasoning(effort="none"))


async def pieces_of(run: RunResultStreaming) -> list[str]:
    """Return the pieces of text that a run streams."""
    events = [event.data async for event in run.stream_events() if event.type == "raw_response_event"]
    return [event.delta for event in events if event.type == "response.output_text.delta"]


async def plain(model: Model | str) -> str:
    result = await Runner.run(Agent("Plain", model=model), QUESTION)
    return answered(result.final_output)


async def streamed(model: Model | str) -> str:
    return joined(await pieces_of(Runner.run_streamed(Agent("Streamed", model=model), LONG_QUESTION)))


async def tool(model: Model | str) -> str:
    result = await Runner.run(Agent("Tool", model=model, model_settings=SETTINGS, tools=TOOLS), WEATHER)
    return told(result.final_output)


async def tool_streamed(model: Model | str) -> str:
    agent = Agent("Tool", model=model, model_settings=SETTINGS, tools=TOOLS)
    return told("".join(await pieces_of(Runner.run_streamed(agent, WEATHER))))


async def structured(model: Model | str) -> str:
    result = await Runner.run(Agent("Structured", model=model, output_type=Person), FACTS)
    return filled_in(result.final_output)


if __name__ == "__main__":
    # A model's name alone is the library's default: Responses.
    models = {"Responses": MODEL, "Chat Completions": OpenAIChatCompletionsModel(MODEL, AsyncOpenAI())}
    sys.exit(report("openai-agents", models, (plain, streamed, tool, tool_streamed, structured)))
