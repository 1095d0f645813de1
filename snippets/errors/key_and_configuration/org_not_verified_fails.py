"""Stream an answer that only verified organizations may stream."""
# sandbox: organization_unverified

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.responses.create(model="gpt-6-luna", input="Say hello", stream=True)
for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)
print()
