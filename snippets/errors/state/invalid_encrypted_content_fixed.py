"""Send back the text of an answer, without its reasoning."""

# sandbox: encrypted_content_invalid x2

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

history: list[Any] = [
    {"role": "user", "content": "My name is Ada. I am learning Python."},
]
first = client.responses.create(model="gpt-6-luna", input=history, store=False)

history.append({"role": "assistant", "content": first.output_text})
history.append({"role": "user", "content": "What is my name?"})
second = client.responses.create(model="gpt-6-luna", input=history, store=False)
print(second.output_text)
#> Your name is Ada.
