"""Ask a model on Chat Completions that only Responses serves."""

# sandbox: responses_only

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-5.5-pro",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
