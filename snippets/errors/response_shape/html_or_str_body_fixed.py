"""Notice that the address answers with a web page."""

# sandbox: html_page

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

reply = client.responses.with_raw_response.create(
    model="gpt-6-luna",
    input="Say hello",
)
kind = reply.headers.get("content-type", "")
if "json" in kind:
    print(reply.parse().output_text)
else:
    print(f"Not the API, it sent {kind}. Is OPENAI_BASE_URL right?")
    #> Not the API, it sent text/html; charset=utf-8. Is OPENAI_BASE_URL right?
