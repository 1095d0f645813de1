"""Look a model up before using it."""

import sys
from difflib import get_close_matches

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "gpt-6-luna"

known = [model.id for model in client.models.list()]
if MODEL not in known:
    sys.exit(f"No {MODEL} for this key: {get_close_matches(MODEL, known)}")
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
