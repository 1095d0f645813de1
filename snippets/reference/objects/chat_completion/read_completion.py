"""Read a chat completion: is it complete, what does it say, and what do you pay for?"""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say this is a test!"}],
)

choice = completion.choices[0]
if choice.finish_reason == "length":
    print("Cut off.")
if choice.message.refusal:
    print("Refused:", choice.message.refusal)
for call in choice.message.tool_calls or []:
    print("Calls a tool:", call.type, call.id)
print(choice.message.content)

usage = completion.usage
if usage:
    details = usage.completion_tokens_details
    reasoning = details.reasoning_tokens if details else None
    print(usage.prompt_tokens, "tokens in")
    print(usage.completion_tokens, "out, of these", reasoning, "for reasoning")
