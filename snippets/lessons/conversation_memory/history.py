"""Keep the conversation in your program, and send all of it with every call."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

history: list[Any] = []
for text in ("My name is Ada. I am learning Python.", "What is my name?"):
    history.append({"role": "user", "content": text})
    response = client.responses.create(model="gpt-6-luna", input=history)
    history += response.output
    print(response.output_text)
