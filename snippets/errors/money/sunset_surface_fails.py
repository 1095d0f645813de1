"""Use the Assistants API, which has been shut down."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

assistant = client.beta.assistants.create(
    model="gpt-6-luna",
    instructions="Answer in one sentence.",
)
print(assistant.id)
