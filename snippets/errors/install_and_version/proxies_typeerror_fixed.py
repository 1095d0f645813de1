"""Pass the client an HTTP client that sends https requests to a proxy."""

from dotenv import load_dotenv
from httpx2 import HTTPTransport
from openai import DefaultHttpx2Client, OpenAI

load_dotenv()
PROXY = "http://proxy.example.com:3128"
http_client = DefaultHttpx2Client(mounts={"https://": HTTPTransport(proxy=PROXY)})
client = OpenAI(http_client=http_client)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
