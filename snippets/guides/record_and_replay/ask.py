"""Ask for a greeting as a stream."""

from openai import OpenAI

stream = OpenAI().chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    stream=True,
)
print("".join(chunk.choices[0].delta.content or "" for chunk in stream))
#> Hello! What are you working on?
