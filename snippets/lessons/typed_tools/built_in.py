"""Offer a search of one website and a function of your own in the same request."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Program(BaseModel):
    name: str


made = pydantic_function_tool(Program, name="installed_version")["function"]
own: Any = {"type": "function", **made}
search: Any = {"type": "web_search", "filters": {"allowed_domains": ["python.org"]}}

reply = client.responses.create(
    model="gpt-6-luna",
    input="What is the latest stable version of Python?",
    tools=[search, own],
    max_tool_calls=2,
)
for item in reply.output:
    print(item.type)
