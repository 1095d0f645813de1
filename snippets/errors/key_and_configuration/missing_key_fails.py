"""Create a client while the key is in .env, which nothing reads."""
# needs: .env

from openai import OpenAI

client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
