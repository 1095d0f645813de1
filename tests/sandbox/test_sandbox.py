"""`Sandbox`: the environment, its journal, many requests at once, and the end of the block."""

import os
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox


def test_the_environment_points_at_the_sandbox_and_is_put_back() -> None:
    before = {name: os.environ[name] for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY")}
    with Sandbox() as api:
        assert os.environ["OPENAI_BASE_URL"] == api.base_url
        assert os.environ["OPENAI_API_KEY"] == api.api_key
    assert {name: os.environ[name] for name in before} == before


def test_the_environment_can_be_left_alone() -> None:
    before = os.environ["OPENAI_BASE_URL"]
    with Sandbox(set_environment=False) as api, OpenAI(base_url=api.base_url, api_key=api.api_key) as client:
        assert os.environ["OPENAI_BASE_URL"] == before
        assert client.models.list().data


def test_a_sandbox_that_is_not_running_says_so() -> None:
    with pytest.raises(RuntimeError, match="use it in a `with` block"):
        Sandbox().base_url  # noqa: B018


def test_two_sandboxes_do_not_share_anything() -> None:
    with Sandbox(set_environment=False) as one, Sandbox(set_environment=False) as two:
        with OpenAI(base_url=one.base_url, api_key=one.api_key) as client:
            response = client.responses.create(model="gpt-6-luna", input="Hi")
        with (
            OpenAI(base_url=two.base_url, api_key=two.api_key) as client,
            pytest.raises(openai.NotFoundError),
        ):
            client.responses.retrieve(response.id)
        assert (len(one.requests), len(two.requests)) == (1, 1)


def test_the_journal_masks_keys(api: Sandbox) -> None:
    with OpenAI() as client:
        client.models.list()
    assert api.requests[0].headers["authorization"] == "Bearer sk-sandb***0000"
    assert api.api_key not in repr(api.requests)


def test_concurrent_requests_are_all_answered(api: Sandbox) -> None:
    with OpenAI() as client, ThreadPoolExecutor(20) as pool:
        ids = list(pool.map(lambda _: client.responses.create(model="gpt-6-luna", input="Hi").id, range(60)))
        assert len(set(ids)) == 60
        assert all(client.responses.retrieve(id).id == id for id in ids)


def test_leaving_the_block_ends_requests_in_flight() -> None:
    with ThreadPoolExecutor() as pool:
        with Sandbox("timeout") as api:
            client = OpenAI(max_retries=0, timeout=30)
            waiting = pool.submit(client.models.list)
            while not api.requests:
                assert not waiting.done()
        with pytest.raises(openai.APIConnectionError):
            waiting.result(timeout=5)


def test_a_sandbox_can_be_used_again() -> None:
    sandbox = Sandbox()
    for _ in range(2):
        with sandbox, OpenAI() as client:
            assert client.models.list().data
    assert len(sandbox.requests) == 2


def test_a_proxy_of_the_environment_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "example.com")
    with Sandbox(), OpenAI(max_retries=0) as client:
        assert client.models.list().data
        assert os.environ["NO_PROXY"] == "example.com,127.0.0.1"
    assert os.environ["NO_PROXY"] == "example.com"
