"""Send a conversation and print the reply."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[
        {"role": "developer", "content": "You are a helpful assistant."},
        {
            "role": "user",
            "content": "Explain quantum entanglement in one sentence.",
        },
    ],
    max_completion_tokens=1000,
)

choice = completion.choices[0]
print(choice.finish_reason)
print(choice.message.content or choice.message.refusal)
