"""Mock the answer in the HTTP library that the client uses."""

import httpx2
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
TEXT = {"type": "output_text", "text": "Said by the mock."}
REPLY = {"output": [{"type": "message", "content": [TEXT]}]}


def reply(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=REPLY)


mock = httpx2.Client(transport=httpx2.MockTransport(reply))
client = OpenAI(http_client=mock)
response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Said by the mock.
