"""Count what a question costs whose call is right at once, and after a mistake."""
# sandbox: script=booking.json

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Booking(BaseModel):
    day: str
    guests: int
    area: str


made = pydantic_function_tool(Booking, name="book_table")["function"]
TOOL: Any = {"type": "function", **made}
REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
WRONG = "error: Value error, tables on the terrace have 4 seats"
OUTPUTS = {"inside": ["booked", ""], "on the terrace": [WRONG, "booked", ""]}

for place, outputs in OUTPUTS.items():
    text = f"Book a table {place} for six on December 24, 2026."
    history: list[Any] = [{"role": "user", "content": text}]
    for output in outputs:
        reply = client.responses.create(**REQUEST, input=history, tools=[TOOL])
        history += reply.output
        if usage := reply.usage:
            print(f"{place}: {usage.input_tokens} in, {usage.output_tokens} out")
        for item in reply.output:
            if item.type == "function_call":
                result = {"call_id": item.call_id, "output": output}
                history.append({"type": "function_call_output", **result})
