"""Leave the organization to the key."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
print("Organization sent:", client.organization)
#> Organization sent: None

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
