"""Count the tokens of a prompt before you send it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

counted = client.responses.input_tokens.count(
    model="gpt-6-luna", input="Why is the sky blue?"
)
print(counted.input_tokens, "tokens")
#> 12 tokens
