"""Register typed functions, and check the arguments before a function runs."""
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
        self.tools.append({"type": "function", **made["function"]})
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
    for _ in range(5):
        reply = client.responses.create(
            model="gpt-6-luna", input=history, tools=registry.tools
        )
        history += reply.output
        calls = [item for item in reply.output if item.type == "function_call"]
        for call in calls:
            output = registry.run(call.name, call.arguments)
            print(f"{call.name}({call.arguments})\n  -> {output}")
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})
        if not calls:
            break
    print(reply.output_text)
