"""Answer without the MCP server if the API cannot reach it."""

from dotenv import load_dotenv
from openai import APIStatusError, OpenAI

load_dotenv()
client = OpenAI()

try:
    response = client.responses.create(
        model="gpt-6-luna",
        input="Say hello",
        tools=[
            {
                "type": "mcp",
                "server_label": "orders",
                "server_url": "http://localhost:9/mcp",
                "require_approval": "never",
            }
        ],
    )
except APIStatusError as problem:
    if problem.status_code != 424:
        raise
    print("The tools of the MCP server are not available.")
    #> The tools of the MCP server are not available.
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
