"""Expect the same fact from the same question, whatever the words."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

EXPECTED = "Paris"
for run in range(1, 4):
    answer = client.responses.create(
        model="gpt-6-luna", input="What is the capital of France?"
    ).output_text
    print(f"run {run}: {EXPECTED in answer}")
    #> run 1: True
    #> run 2: True
    #> run 3: True
