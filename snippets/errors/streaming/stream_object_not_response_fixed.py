"""Read a stream to its end and get the response from it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

with client.responses.stream(
    model="gpt-6-luna",
    input="Say hello",
) as stream:
    response = stream.get_final_response()
print(response.output_text)
#> Hello! What are you working on?
