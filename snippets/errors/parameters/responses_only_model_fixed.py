"""Ask a model on Responses that only Responses serves."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-5.5-pro",
    input=[{"role": "user", "content": "Say hello"}],
)
print(response.output_text)
#> Hello! What are you working on?
