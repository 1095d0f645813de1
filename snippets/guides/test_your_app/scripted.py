"""Ask two questions."""
# sandbox: script=answers.json

from openai import OpenAI

client = OpenAI()
for question in ("What are your opening hours?", "I want a refund."):
    response = client.responses.create(model="gpt-6-luna", input=question)
    print(response.output_text)
