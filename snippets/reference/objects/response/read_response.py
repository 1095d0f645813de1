"""Read a response: is it complete, what does it contain, and what do you pay for?"""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say this is a test!")

if response.status == "incomplete" and response.incomplete_details:
    print("Cut off:", response.incomplete_details.reason)
elif response.error:
    print("Failed:", response.error.message)
print(response.output_text)

for item in response.output:
    if item.type == "message":
        for part in item.content:
            print(item.type, part.type)
    else:
        print(item.type)

usage = response.usage
if usage:
    reasoning = usage.output_tokens_details.reasoning_tokens
    print(usage.input_tokens, "tokens in")
    print(usage.output_tokens, "out, of these", reasoning, "for reasoning")
