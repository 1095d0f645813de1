"""Send a header with every request, set in the environment."""

import os
from typing import Any

from dotenv import load_dotenv
from openai import DefaultHttpxClient, OpenAI

load_dotenv()
os.environ["OPENAI_CUSTOM_HEADERS"] = "X-Team: search"


def show(request: Any) -> None:
    print("X-Team:", request.headers.get("X-Team"))
    #> X-Team: search


client = OpenAI(http_client=DefaultHttpxClient(event_hooks={"request": [show]}))
client.responses.create(model="gpt-6-luna", input="Say hello")
