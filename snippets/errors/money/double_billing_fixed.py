"""Start an expensive answer once, in the background, and fetch it whenever needed."""

# sandbox: connection_drop after=1

import time

import httpx2
from dotenv import load_dotenv
from openai import DefaultHttpxClient, OpenAI

load_dotenv()


def show(request: httpx2.Request) -> None:
    key = request.headers.get("idempotency-key")
    retry = request.headers["x-stainless-retry-count"]
    print(f"{request.method}, retry {retry}, idempotency key {key}")
    #> POST, retry 0, idempotency key None
    #> GET, retry 0, idempotency key None
    #> GET, retry 1, idempotency key None
    #> GET, retry 0, idempotency key None


if __name__ == "__main__":
    client = OpenAI(http_client=DefaultHttpxClient(event_hooks={"request": [show]}))
    once = client.with_options(max_retries=0)
    response = once.responses.create(
        model="gpt-6-luna", input="Say hello", background=True
    )
    while response.status in ("queued", "in_progress"):
        time.sleep(0.1)  # use a second or more for a long answer
        response = client.responses.retrieve(response.id)
    print(response.output_text)
    #> Hello! What are you working on?
