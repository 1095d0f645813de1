"""Pass responses.create() its own arguments."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input=[{"role": "user", "content": "Say hello"}],
)
print(response.output_text)
#> Hello! What are you working on?
