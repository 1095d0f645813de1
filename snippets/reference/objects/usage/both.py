"""Compare the usage of one question in both APIs."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna", input="Say hello", reasoning={"effort": "none"}
)
completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    reasoning_effort="none",
)

if response.usage and completion.usage:
    print(response.usage.input_tokens, completion.usage.prompt_tokens)
    #> 8 9
