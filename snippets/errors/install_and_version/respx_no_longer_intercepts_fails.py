"""Mock the answer with respx, which supports only httpx."""
# needs: openai==3.57.0, respx==0.23.1, python-dotenv==1.2.1

import httpx
import respx
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
TEXT = {"type": "output_text", "text": "Said by the mock."}
REPLY = {"output": [{"type": "message", "content": [TEXT]}]}

with respx.mock as router:
    router.route().mock(return_value=httpx.Response(200, json=REPLY))
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
    #> Hello! What are you working on?
