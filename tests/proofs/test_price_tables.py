"""What the price tables say of the SDK."""

import inspect

import pytest
from openai.types.responses import response_create_params


@pytest.mark.proves("fast-mode")
def test_the_sdk_says_that_fast_and_priority_are_one() -> None:
    said = " ".join(inspect.getsource(response_create_params).split())
    assert "include the `service_tier=fast` or `service_tier=priority` parameter" in said
    assert "[Fast mode](https://developers.openai.com/api/docs/guides/fast-mode)" in said
