"""Request JSON with a schema that strict mode refuses."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "born": {"type": "integer"},
        "city": {"type": "string"},
    },
}
response = client.responses.create(
    model="gpt-6-luna",
    input="Describe her as JSON: Ada Lovelace, born 1815 in London.",
    text={
        "format": {
            "type": "json_schema",
            "name": "Person",
            "strict": True,
            "schema": schema,
        }
    },
)
print(response.output_text)
