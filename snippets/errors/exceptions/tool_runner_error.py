"""Run tools until there is an answer, but allow only one request."""

import openai
from dotenv import load_dotenv
from openai.lib.responses_tool_runner import (
    RegisteredFunction,
    ResponsesToolRunner,
    ToolRunnerError,
)

load_dotenv()
weather = RegisteredFunction(
    {
        "type": "function",
        "name": "get_weather",
        "parameters": None,
        "strict": False,
    },
    lambda arguments: "Sunny",
)
runner = ResponsesToolRunner(functions=[weather])

try:
    runner.run(
        openai.OpenAI(),
        {"model": "gpt-6-luna", "input": "What is the weather in Paris?"},
        max_steps=1,
    )
except ToolRunnerError as error:
    print(error)
    #> Tool run reached max_steps before completion.
    print("attempted:", error.attempted_call_ids, "done:", error.completed_call_ids)
    #> attempted: () done: ()
