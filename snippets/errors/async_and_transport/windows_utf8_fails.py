"""Print a letter that the output's encoding does not have."""

# needs: PYTHONIOENCODING=cp1252

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Write pi in Greek")
print(response.output_text)
