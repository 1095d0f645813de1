"""Expect the same words from the same question."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

EXPECTED = "The capital of France is Paris."
for run in range(1, 4):
    answer = client.responses.create(
        model="gpt-6-luna", input="What is the capital of France?"
    ).output_text
    print(f"run {run}: {answer == EXPECTED}")
    #> run 1: True
    #> run 2: True
    #> run 3: False
