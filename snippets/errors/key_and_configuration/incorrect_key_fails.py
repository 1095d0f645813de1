"""Use an example's placeholder as a key."""

from openai import OpenAI

client = OpenAI(api_key="paste-your-api-key-here")

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
