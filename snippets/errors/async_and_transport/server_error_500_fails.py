"""Call an API whose server fails three times in a row."""

# sandbox: server_error x3 retry_after_ms=50

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
