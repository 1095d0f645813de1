"""Call the API as it was before version 1."""

import openai

try:
    openai.ChatCompletion.create(messages=[])  # type: ignore[attr-defined]
except openai.OpenAIError as error:
    print(type(error).__name__)
    print(str(error).strip().splitlines()[0])
