"""Continue a response that was not stored."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

first = client.responses.create(
    model="gpt-6-luna",
    input="My name is Ada. I am learning Python.",
    store=False,
)
second = client.responses.create(
    model="gpt-6-luna",
    input="What is my name?",
    store=False,
    previous_response_id=first.id,
)
print(second.output_text)
