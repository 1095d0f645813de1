"""Change the key in the environment after the client was created."""

import os

from openai import OpenAI

os.environ["OPENAI_API_KEY"] = "sk-proj-of-the-first-customer-1111"
client = OpenAI()
os.environ["OPENAI_API_KEY"] = "sk-proj-of-the-second-customer-2222"

print("The client's key ends in", client.api_key[-4:])
#> The client's key ends in 1111
