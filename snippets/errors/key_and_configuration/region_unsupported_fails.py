"""Send a request from a place that OpenAI does not serve."""
# sandbox: region_unsupported

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
