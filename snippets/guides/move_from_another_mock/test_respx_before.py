"""With respx: you write the reply, and openai has to use httpx."""
# needs: openai==2.54.0, respx==0.23.1, pytest==9.2.0, OPENAI_API_KEY=sk-test

import httpx
import respx
from openai import OpenAI

URL = "https://api.openai.com/v1/responses"


def answer(text: str) -> dict[str, object]:
    part = {"type": "output_text", "text": text, "annotations": []}
    message = {"type": "message", "id": "msg_1", "role": "assistant"}
    output = [{**message, "status": "completed", "content": [part]}]
    return {"id": "resp_1", "object": "response", "output": output}


def summarize(text: str) -> str:
    response = OpenAI().responses.create(model="gpt-6-luna", input=text)
    return response.output_text


@respx.mock
def test_a_rate_limit_is_survived() -> None:
    limited = httpx.Response(429, headers={"retry-after-ms": "1"})
    done = httpx.Response(200, json=answer("Sales went up."))
    route = respx.post(URL).mock(side_effect=[limited, done])
    assert summarize("Our quarterly report") == "Sales went up."
    assert route.call_count == 2
