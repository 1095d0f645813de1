"""Print an answer, then another one as it arrives."""

from openai import APIError, OpenAI

client = OpenAI()

try:
    response = client.responses.create(
        model="gpt-6-luna",
        input="Say hello",
    )
    print(response.output_text)

    for event in client.responses.create(
        model="gpt-6-luna",
        input="Write a haiku about coding",
        stream=True,
    ):
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
    print()
except APIError as error:
    print(type(error).__name__, error.message)
