"""Tell the model what went wrong, so that it can correct itself."""
# sandbox: script=mistakes.json

import json
import logging
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

WEATHER = {"Lima": None, "Oslo": "4 degrees and snow", "Paris": "18 degrees"}
RULES = {"required": ["city"], "additionalProperties": False}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, **RULES}
TOOL = {"name": "get_weather", "strict": True, "parameters": CITY}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [{"type": "function", **TOOL}]}


class ToolError(Exception):
    """A message for the model: what is wrong, and what to do instead."""


def get_weather(city: str) -> str:
    if city not in WEATHER:
        raise ToolError(f"no city {city!r}. Use one of: {', '.join(WEATHER)}")
    if WEATHER[city] is None:
        raise ConnectionError("cannot reach weather-db.internal:5432")
    return f"{WEATHER[city]} in {city}"


def run(name: str, arguments: str) -> str:
    """Return the output of a call, or an error. It raises nothing."""
    function = {"get_weather": get_weather}.get(name)
    if function is None:
        return f"error: no tool {name!r}"
    try:
        return function(**json.loads(arguments))
    except ToolError as error:
        return f"error: {error}"
    except json.JSONDecodeError as error:
        return f"error: the arguments are not JSON: {error}"
    except Exception:
        logging.exception("%s(%s) failed", name, arguments)
        return "error: the tool failed. Do not call it again; tell the user."


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    question = "How is the weather in Pariss and Lima?"
    history: list[Any] = [{"role": "user", "content": question}]
    for _ in range(5):
        reply = client.responses.create(**REQUEST, input=history)
        history += reply.output
        calls = [item for item in reply.output if item.type == "function_call"]
        if not calls:
            break
        for call in calls:
            output = run(call.name, call.arguments)
            print(f"{call.name}({call.arguments}) -> {output}")
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})
    print(reply.output_text)
