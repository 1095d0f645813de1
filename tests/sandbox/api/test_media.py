"""Images, files and audio in a prompt."""

from base64 import b64encode
from typing import Any

import pytest
from openai import OpenAI

from ...good_requests import LUNA


@pytest.mark.simulates("media")
def test_images_and_files_cost_tokens(openai_client: OpenAI) -> None:
    def cost(*parts: dict[str, Any]) -> int:
        content = [{"type": "input_text", "text": "Say hello"}, *parts]
        response = openai_client.responses.create(
            **LUNA,
            input=[{"role": "user", "content": content}],  # type: ignore[list-item,misc]
        )
        return int(response.usage.input_tokens)  # type: ignore[union-attr]

    image = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}
    file = {"type": "input_file", "filename": "a.txt", "file_data": "data:text/plain;base64,SGVsbG8gd29ybGQh"}
    assert cost() < cost(file) < cost(image) < cost(image, file) < cost(image | {"detail": "high"})
    assert cost({"type": "input_image", "image_url": image["image_url"]}) == cost(image | {"detail": "auto"})
    assert cost() < cost({"type": "input_audio", "input_audio": {"data": "SGk=", "format": "mp3"}})
    message: Any = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": image["image_url"]}}]}]
    chat = openai_client.chat.completions.create(**LUNA, messages=message)
    assert chat.usage
    assert chat.usage.prompt_tokens > 700


@pytest.mark.simulates("media")
def test_what_a_file_or_an_image_shows_changes_no_answer(openai_client: OpenAI) -> None:
    def said(*parts: dict[str, Any]) -> str:
        content: Any = [{"type": "input_text", "text": "Say hello"}, *parts]
        response = openai_client.responses.create(
            **LUNA, input=[{"role": "user", "content": content}], temperature=0, reasoning={"effort": "none"}
        )
        return str(response.output_text)

    files = [
        {"type": "input_file", "filename": "a.txt", "file_data": f"data:text/plain;base64,{b64encode(text).decode()}"}
        for text in (b"Hello world!", b"What is the capital of France?")
    ]
    assert len({said(), *(said(file) for file in files)}) == 1
