"""Find the reply in `choices`; objects are not dictionaries."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion: Any = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)

try:
    print(completion.message.content)
except AttributeError as error:
    print(error)
    #> 'ChatCompletion' object has no attribute 'message'
try:
    print(completion["choices"])
except TypeError as error:
    print(error)
    #> 'ChatCompletion' object is not subscriptable
print(completion.choices[0].message.content)
#> Hello! What are you working on?
