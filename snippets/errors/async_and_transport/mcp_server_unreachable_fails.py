"""Name an MCP server that the API cannot reach."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

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
print(response.output_text)
