"""Pass the id of the response that the second call continues."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

first = client.responses.create(
    model="gpt-6-luna",
    input="My name is Ada. I am learning Python.",
)
second = client.responses.create(
    model="gpt-6-luna",
    input="What is my name?",
    previous_response_id=first.id,
)
print(second.output_text)
#> Your name is Ada.
