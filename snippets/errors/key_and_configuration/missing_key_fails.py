"""Make a client while the key stands in .env, where nobody reads it."""
# needs: .env

from openai import OpenAI

client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
