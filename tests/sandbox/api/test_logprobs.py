"""Log probabilities, of whole answers and of streams."""

import math
from typing import Any

import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from ...good_requests import CHAT, LOGPROBS, RESPONSES, WITHOUT_REASONING
from ..client import Ask

TAGLINE = "Write a tagline for a bakery."


@pytest.mark.simulates("logprobs")
def test_logprobs_are_those_of_the_tree(client: Ask) -> None:
    body = WITHOUT_REASONING | {"messages": [{"role": "user", "content": TAGLINE}], "logprobs": True, "top_logprobs": 3}
    completion = ChatCompletion.model_validate(client("POST", CHAT, json=body).json(), strict=True)
    logprobs = completion.choices[0].logprobs
    assert logprobs
    assert logprobs.content
    assert "".join(entry.token for entry in logprobs.content) == completion.choices[0].message.content
    first = logprobs.content[0]
    assert next(entry.token for entry in first.top_logprobs) == "B"
    assert first.top_logprobs[0].logprob == pytest.approx(math.log(0.5))
    assert len(first.top_logprobs) == 3
    assert first.bytes == list(first.token.encode())
    assert logprobs.content[-1].logprob == 0, "nothing else could follow"


def test_logprobs_follow_the_temperature(openai_client: OpenAI) -> None:
    def likeliest(temperature: float) -> float:
        completion = openai_client.chat.completions.create(
            **WITHOUT_REASONING,
            messages=[{"role": "user", "content": TAGLINE}],
            temperature=temperature,
            logprobs=True,
            top_logprobs=1,
        )
        return float(completion.choices[0].logprobs.content[0].top_logprobs[0].logprob)

    assert likeliest(0) == 0
    assert likeliest(0.5) > likeliest(1) > likeliest(2)


def test_responses_have_logprobs_where_they_are_included(client: Ask) -> None:
    body = WITHOUT_REASONING | {"input": TAGLINE, "include": [LOGPROBS], "top_logprobs": 2}
    response = Response.model_validate(client("POST", RESPONSES, json=body).json(), strict=True)
    item: Any = response.output[0]
    (part,) = item.content
    assert "".join(entry.token for entry in part.logprobs) == response.output_text


@pytest.mark.parametrize("surface", ["responses", "chat"])
def test_streamed_logprobs_are_those_of_the_whole(surface: str, openai_client: OpenAI) -> None:
    if surface == "chat":
        stream = openai_client.chat.completions.create(
            **WITHOUT_REASONING, messages=[{"role": "user", "content": TAGLINE}], logprobs=True, stream=True
        )
        pairs = [
            (chunk.choices[0].delta.content, [entry.token for entry in chunk.choices[0].logprobs.content])
            for chunk in stream
            if chunk.choices[0].logprobs
        ]
    else:
        events = openai_client.responses.create(**WITHOUT_REASONING, input=TAGLINE, include=[LOGPROBS], stream=True)
        pairs = [
            (event.delta, [entry.token for entry in event.logprobs])
            for event in events
            if event.type == "response.output_text.delta"
        ]
    assert len(pairs) > 3
    assert all([text] == tokens for text, tokens in pairs)
