"""Call an API whose certificate comes from an authority that Python does not trust."""

# sandbox: tls

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(max_retries=0)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
