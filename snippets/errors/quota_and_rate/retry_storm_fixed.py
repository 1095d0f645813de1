"""Let only the client retry."""
# sandbox: server_error x9 retry_after_ms=1

import httpx2
from dotenv import load_dotenv
from openai import DefaultHttpx2Client, InternalServerError, OpenAI

load_dotenv()
sent: list[httpx2.Request] = []
hooks = {"request": [sent.append]}
client = OpenAI(http_client=DefaultHttpx2Client(event_hooks=hooks))


def answer(question: str) -> str:
    response = client.responses.create(model="gpt-6-luna", input=question)
    return response.output_text


try:
    print(answer("Say hello"))
except InternalServerError:
    print(f"No answer after {len(sent)} requests")
    #> No answer after 3 requests
