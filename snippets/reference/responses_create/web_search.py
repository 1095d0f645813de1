"""Let the model search the web before it answers."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="What is the latest stable version of Python?",
    tools=[{"type": "web_search"}],
)

for item in response.output:
    print(item.type)
print(response.output_text)
