"""Let .env replace the shell's value."""
# needs: .env, OPENAI_API_KEY=sk-proj-revoked-last-month-9f3a

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv(override=True)
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
