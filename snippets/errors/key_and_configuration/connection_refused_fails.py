"""Call a local server that is not running."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(base_url="http://localhost:9/v1", max_retries=0)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
