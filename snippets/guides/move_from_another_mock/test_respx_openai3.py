"""With openai 3: respx does not see a request unless the client uses httpx."""
# needs: openai==3.57.0, httpx==0.28.1, respx==0.23.1, pytest==9.2.0
# needs: OPENAI_API_KEY=sk-test, OPENAI_BASE_URL=http://127.0.0.1:9/v1

import httpx
import pytest
import respx
from openai import APIConnectionError, OpenAI

URL = "http://127.0.0.1:9/v1/models/gpt-6-luna"
MODEL = {"id": "gpt-6-luna", "object": "model", "created": 0, "owned_by": "openai"}


@respx.mock
def test_a_request_of_openai_3_is_not_caught() -> None:
    respx.get(URL).mock(return_value=httpx.Response(200, json=MODEL))
    with pytest.raises(APIConnectionError):
        OpenAI(max_retries=0).models.retrieve("gpt-6-luna")


@respx.mock
def test_a_request_of_a_client_of_httpx_is_caught() -> None:
    respx.get(URL).mock(return_value=httpx.Response(200, json=MODEL))
    client = OpenAI(http_client=httpx.Client())
    assert client.models.retrieve("gpt-6-luna").id == "gpt-6-luna"
