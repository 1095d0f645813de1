"""Lose the connection while an answer is generated, and let the client retry."""

# sandbox: connection_drop

import httpx2
from dotenv import load_dotenv
from openai import DefaultHttpxClient, OpenAI

load_dotenv()


def show(request: httpx2.Request) -> None:
    key = request.headers.get("idempotency-key")
    retry = request.headers["x-stainless-retry-count"]
    print(f"{request.method}, retry {retry}, idempotency key {key}")
    #> POST, retry 0, idempotency key None
    #> POST, retry 1, idempotency key None


if __name__ == "__main__":
    client = OpenAI(http_client=DefaultHttpxClient(event_hooks={"request": [show]}))
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
    #> Hello! How can I help you today?
