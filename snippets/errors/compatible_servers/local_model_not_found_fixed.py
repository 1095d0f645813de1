"""Ask Ollama for a model that it has."""
# sandbox: as=ollama

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "llama3.2"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
#> Hello! How can I help you today?
