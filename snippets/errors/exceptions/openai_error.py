"""Create a client without a key."""

import os

import openai

for variable in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
    os.environ.pop(variable, None)

try:
    openai.OpenAI()
except openai.OpenAIError as error:
    print(type(error).__name__)
    print(error)
