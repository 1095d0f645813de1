"""Use the Responses API, and report the SDK if it is too old."""

import sys

import openai
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

if not hasattr(client, "responses"):
    sys.exit(f"openai {openai.__version__} is too old: {openai.__file__}")
response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
