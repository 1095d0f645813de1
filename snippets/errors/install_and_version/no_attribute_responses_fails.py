"""Use the Responses API with an SDK that is older than the API."""
# needs: openai==1.55.2, httpx==0.27.2, python-dotenv==1.2.1

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
