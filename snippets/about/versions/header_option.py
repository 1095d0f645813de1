"""Send a header with every request, set in the code."""

from typing import Any

from dotenv import load_dotenv
from openai import DefaultHttpxClient, OpenAI

load_dotenv()


def show(request: Any) -> None:
    print("X-Team:", request.headers.get("X-Team"))
    #> X-Team: search


client = OpenAI(
    default_headers={"X-Team": "search"},
    http_client=DefaultHttpxClient(event_hooks={"request": [show]}),
)
client.responses.create(model="gpt-6-luna", input="Say hello")
