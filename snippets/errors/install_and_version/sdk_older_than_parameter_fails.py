"""Use a parameter that is newer than the SDK."""
# needs: openai==1.97.1, python-dotenv==1.2.1

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    verbosity="low",
)
print(completion.choices[0].message.content)
