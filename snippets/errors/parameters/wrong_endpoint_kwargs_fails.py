"""Pass responses.create() an argument of Chat Completions."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(  # type: ignore[call-overload]
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(response.output_text)
