"""Print an answer, then another one as it arrives."""

from openai import APIError, OpenAI

client = OpenAI()
question = "Write a haiku about coding"

try:
    completion = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": "Say hello"}],
    )
    print(completion.choices[0].message.content)

    for chunk in client.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": question}],
        stream=True,
    ):
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()
except APIError as error:
    print(type(error).__name__, error.message)
