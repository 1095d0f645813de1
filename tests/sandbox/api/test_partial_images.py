"""The partial pictures of `image_generation` in a stream: how many there are, and what each shows."""

import base64
from typing import Any

import pytest
from openai import BadRequestError, OpenAI
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from openai_sandbox.core import Core

from ...good_requests import LUNA, RESPONSES
from ..client import ask
from ..event_stream import events_of


@pytest.mark.simulates("image-generation")
@pytest.mark.parametrize("count", [None, 0, 1, 3])
def test_a_stream_has_as_many_partial_pictures_as_were_asked_for(count: int | None) -> None:
    tool: Any = {"type": "image_generation", "partial_images": count}
    body = LUNA | {"input": "Draw a lighthouse", "tools": [tool], "stream": True}
    events = events_of(ask(Core(seed=1, now=0), "POST", RESPONSES, json=body).text)
    for event in events:
        TypeAdapter(ResponseStreamEvent).validate_python(event, strict=True)
    partial = [event for event in events if event["type"].endswith(".partial_image")]
    assert [event["partial_image_index"] for event in partial] == list(range(count or 0))
    (whole,) = [item for item in events[-1]["response"]["output"] if item["type"] == "image_generation_call"]
    pictures = [*(event["partial_image_b64"] for event in partial), whole["result"]]
    assert len(set(pictures)) == len(pictures)
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)
    assert all((event["item_id"], event["size"]) == (whole["id"], whole["size"]) for event in partial)


def test_partial_pictures_are_read_again_where_a_background_response_is_streamed(openai_client: OpenAI) -> None:
    tool: Any = {"type": "image_generation", "partial_images": 2}
    asked: Any = LUNA | {"input": "Draw a lighthouse", "tools": [tool], "background": True}
    events = list(openai_client.responses.create(**asked, stream=True))
    id = events[0].response.id
    again = list(openai_client.responses.retrieve(id, stream=True, starting_after=3))
    assert [event.type for event in again] == [event.type for event in events[4:]]


def test_more_than_three_partial_pictures_are_refused(openai_client: OpenAI) -> None:
    tool: Any = {"type": "image_generation", "partial_images": 4}
    with pytest.raises(BadRequestError, match="Expected a value <= 3"):
        openai_client.responses.create(**LUNA, input="Draw a lighthouse", tools=[tool])
