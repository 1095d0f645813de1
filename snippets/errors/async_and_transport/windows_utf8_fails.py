"""Print a letter that is missing from the output's encoding."""

# needs: PYTHONIOENCODING=cp1252

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Write pi in Greek")
print(response.output_text)
