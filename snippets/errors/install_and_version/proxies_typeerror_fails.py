"""Pass the client a proxy in an argument that it does not have."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
PROXY = "http://proxy.example.com:3128"
client = OpenAI(proxies={"https://": PROXY})

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
