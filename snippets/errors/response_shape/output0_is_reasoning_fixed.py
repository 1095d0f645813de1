"""Read the text of the answer, wherever it is in the output."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say hello",
)
print(response.output_text)
#> Hello! What are you working on?
