"""Read the first item of the output as the answer."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say hello",
)
print(response.output[0].content[0].text)
