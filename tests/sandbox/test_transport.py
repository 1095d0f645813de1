"""The in-process transports."""

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from openai_sandbox.core import Core
from openai_sandbox.stages.latency import Latency
from openai_sandbox.transport import AsyncSandboxTransport, SandboxTransport


def test_the_transport_answers_without_a_socket() -> None:
    http = httpx2.Client(transport=SandboxTransport(Core(seed=7)))
    with OpenAI(http_client=http, api_key="sk-sandbox", base_url="http://sandbox/v1") as client:
        response = client.responses.create(model="gpt-6-luna", input="Hi")
        streamed = client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        assert response.output_text
        assert [event.type for event in streamed][-1] == "response.completed"


@pytest.mark.parametrize(
    ("fault", "exception"),
    [
        ("timeout", openai.APITimeoutError),
        ("connection_drop", openai.APIConnectionError),
        ("cut_stream", openai.APIConnectionError),
        ("server_error", openai.InternalServerError),
        ("ok latency=5", openai.APITimeoutError),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_the_transport_has_the_same_faults(fault: str, exception: type[openai.APIError], streamed: bool) -> None:
    http = httpx2.Client(transport=SandboxTransport(Core(fault)))
    client = OpenAI(http_client=http, api_key="sk-sandbox", base_url="http://sandbox/v1", max_retries=0, timeout=0.05)
    with client, pytest.raises(exception):
        reply = client.responses.create(model="gpt-6-luna", input="Hi", stream=streamed)
        list(reply)


@pytest.mark.anyio
async def test_the_async_transport_answers_too() -> None:
    http = httpx2.AsyncClient(transport=AsyncSandboxTransport(Core("rate_limit retry_after_ms=1")))
    async with AsyncOpenAI(http_client=http, api_key="sk-sandbox", base_url="http://sandbox/v1") as client:
        response = await client.responses.create(model="gpt-6-luna", input="Hi")
        assert response.output_text
        stream = await client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        assert [event.type async for event in stream][-1] == "response.completed"


def test_the_transport_times_out_between_two_events() -> None:
    core = Core(latency=Latency(per_token=0.01))
    http = httpx2.Client(transport=SandboxTransport(core))
    with OpenAI(http_client=http, api_key="sk-sandbox", base_url="http://sandbox/v1", timeout=0.05) as client:
        stream = client.responses.create(model="gpt-6-luna", input="Hi", stream=True)  # reasoning takes longer
        with pytest.raises(openai.APITimeoutError):
            list(stream)
