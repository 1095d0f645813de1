"""Notice that a gateway sent an error with status 200."""

# sandbox: error_as_200

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)
if completion.choices:
    print(completion.choices[0].message.content)
else:
    print("no answer:", completion.to_dict().get("error"))
