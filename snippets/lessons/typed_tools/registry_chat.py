"""Register typed functions and check their arguments, with Chat Completions."""
# sandbox: script=booking.json

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, get_type_hints

from dotenv import load_dotenv
from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel, Field, ValidationError, model_validator


class Registry:
    """Functions that the model may call. Each takes an object of a Pydantic class."""

    def __init__(self) -> None:
        self.tools: list[Any] = []
        self.known: dict[str, tuple[type[BaseModel], Callable[..., str]]] = {}

    def add(self, function: Callable[..., str]) -> Callable[..., str]:
        """Describe a function by its name, its docstring and the class it takes."""
        name, doc = function.__name__, function.__doc__
        model, *_ = get_type_hints(function).values()
        made = pydantic_function_tool(model, name=name, description=doc)
        self.tools.append(made)
        self.known[name] = model, function
        return function

    def run(self, name: str, arguments: str) -> str:
        """Return what the function returned, or what is wrong with the call."""
        if name not in self.known:
            return f"error: no tool {name!r}"
        model, function = self.known[name]
        try:
            checked = model.model_validate_json(arguments)
        except ValidationError as error:
            wrong = [(*one["loc"], one["msg"]) for one in error.errors()]
            return "error: " + "; ".join(": ".join(map(str, one)) for one in wrong)
        return function(checked)


class Booking(BaseModel):
    day: date
    guests: int = Field(ge=1, le=8)
    area: Literal["inside", "terrace"]

    @model_validator(mode="after")
    def _check_seats(self) -> "Booking":
        if self.area == "terrace" and self.guests > 4:
            raise ValueError("tables on the terrace have 4 seats")
        return self


registry = Registry()


@registry.add
def book_table(booking: Booking) -> str:
    """Book a table for a day and a number of guests."""
    return f"booked: {booking.guests} guests {booking.area} on {booking.day:%B %d}"


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    question = "Book a table on the terrace for six on December 24, 2026."
    history: list[Any] = [{"role": "user", "content": question}]
    request: Any = {"model": "gpt-6-luna", "reasoning_effort": "none"}
    for _ in range(5):
        reply = client.chat.completions.create(
            **request, messages=history, tools=registry.tools
        )
        message = reply.choices[0].message
        history.append(message)
        for call in message.tool_calls or ():
            name, arguments = call.function.name, call.function.arguments
            output = registry.run(name, arguments)
            print(f"{name}({arguments})\n  -> {output}")
            result = {"tool_call_id": call.id, "content": output}
            history.append({"role": "tool", **result})
        if not message.tool_calls:
            break
    print(message.content)
