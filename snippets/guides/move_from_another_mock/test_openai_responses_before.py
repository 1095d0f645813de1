"""With openai-responses: you write the completion as the API would send it."""
# needs: openai-responses==0.13.1, pytest==9.2.0, OPENAI_API_KEY=sk-test

import openai_responses
from openai import OpenAI
from openai_responses import OpenAIMock


def summarize(text: str) -> str | None:
    completion = OpenAI().chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": text}]
    )
    return completion.choices[0].message.content


@openai_responses.mock()
def test_the_summary_is_returned(openai_mock: OpenAIMock) -> None:
    message = {"role": "assistant", "content": "Sales went up."}
    openai_mock.chat.completions.create.response = {
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}]
    }
    assert summarize("Our quarterly report") == "Sales went up."
    assert openai_mock.chat.completions.create.route.call_count == 1
