"""Create a client for each key."""

import os

from openai import OpenAI

os.environ["OPENAI_API_KEY"] = "sk-proj-of-the-first-customer-1111"
client = OpenAI()
client = client.with_options(api_key="sk-proj-of-the-second-customer-2222")

print("The client's key ends in", client.api_key[-4:])
#> The client's key ends in 2222
