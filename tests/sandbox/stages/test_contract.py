"""In contract mode every documented call of the SDK gets an answer that is strictly valid, whatever it asks for."""

import base64
import inspect
import io
import json
import random
import struct
import typing
from collections.abc import Callable, Iterator
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import openai
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, DefaultHttpxClient, OpenAI
from openai._types import FileTypes, Omit
from openai.types import Completion
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from openai_sandbox.core import Core
from openai_sandbox.transport import AsyncSandboxTransport, SandboxTransport
from openai_sandbox.values.instances import instance

from ..client import ROUTES
from ..event_stream import DONE, frames_of

RESOURCES = (
    "responses",
    "responses.input_items",
    "responses.input_tokens",
    "conversations",
    "conversations.items",
    "chat.completions",
    "chat.completions.messages",
    "models",
    "completions",
    "embeddings",
    "files",
    "batches",
    "moderations",
    "uploads",
    "uploads.parts",
    "vector_stores",
    "vector_stores.file_batches",
    "vector_stores.files",
)
# Not calls of the API: helpers of the SDK around them, and WebSockets.
HELPERS = {"parse", "stream", "connect", "wait_for_processing", "retrieve_content", "with_raw_response"}
HELPERS |= {"with_streaming_response", "upload_file_chunked", "create_and_poll", "poll", "upload", "upload_and_poll"}
CHUNKS: dict[str, Any] = {"chat.completions": ChatCompletionChunk, "completions": Completion}
OF_THE_CLIENT = {"self", "extra_headers", "extra_query", "extra_body", "timeout"}


def methods() -> list[tuple[str, str]]:
    """Return (resource, method) of every call the sandbox has routes for."""
    client = OpenAI(api_key="any", base_url="http://x")
    found = []
    for path in RESOURCES:
        resource: Any = client
        for name in path.split("."):
            resource = getattr(resource, name)
        for name, member in inspect.getmembers(type(resource), inspect.isfunction):
            if not name.startswith("_") and name not in HELPERS:
                found.append((path, name))
                assert member
    return found


def resolved(client: Any, path: str, name: str) -> Callable[..., Any]:
    for part in path.split("."):
        client = getattr(client, part)
    method: Callable[..., Any] = getattr(client, name)
    return method


@cache
def parameters(path: str, name: str) -> dict[str, Any]:
    """Return the types of a call's own parameters, those it needs first."""
    function = resolved(OpenAI(api_key="any", base_url="http://x"), path, name).__func__  # type: ignore[attr-defined]
    function = inspect.unwrap(function)
    hints = typing.get_type_hints(function, include_extras=True)
    return {
        name: (hints[name], parameter.default is inspect.Parameter.empty)
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in OF_THE_CLIENT
    }


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def schema_of(annotation: Any) -> dict[str, Any]:
    return TypeAdapter(annotation).json_schema()


def sample(annotation: Any, rng: random.Random) -> Any:
    """Return a value of a parameter's type."""
    if get_origin(annotation) in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part not in (Omit, type(None))]
        if any(part in get_args(FileTypes) for part in parts):
            return ("requests.jsonl", io.BytesIO(b"{}"), "application/jsonl")
        annotation = Union[tuple(parts)]  # noqa: UP007 - built at run time
    if annotation == FileTypes:
        return ("requests.jsonl", io.BytesIO(b"{}"), "application/jsonl")
    return instance(schema_of(annotation), rng)


def calls(path: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield arguments: those that are needed, then each of the others with them, then all."""
    rng = random.Random(f"{path}.{name}")
    types = parameters(path, name)
    needed = {key: sample(kind, rng) for key, (kind, wanted) in types.items() if wanted}
    rest = {key: sample(kind, rng) for key, (kind, wanted) in types.items() if not wanted and key != "stream"}
    if "stream" in types:
        needed["stream"] = False
    yield needed
    for key, value in rest.items():
        yield needed | {key: value}
    yield needed | rest
    if "stream" in types:
        yield needed | {"stream": True}


def returned(path: str, name: str) -> Any:
    function = inspect.unwrap(resolved(OpenAI(api_key="any", base_url="http://x"), path, name).__func__)  # type: ignore[attr-defined]
    return typing.get_type_hints(function)["return"]


def check(body: bytes, streamed: bool, path: str, kind: Any) -> None:
    """Raise unless a reply is strictly valid."""
    if streamed:
        event: Any = CHUNKS.get(path, ResponseStreamEvent)
        frames = [frame for frame in frames_of(body.decode()) if frame.data != DONE]
        assert frames
        for frame in frames:
            adapter(event).validate_json(frame.data, strict=True)
        return
    parsed = json.loads(body)
    if kind is type(None):
        assert parsed["deleted"]
        return
    for row in parsed.get("data", ()) if isinstance(parsed.get("data"), list) else ():
        if isinstance(row.get("embedding"), str):
            row["embedding"] = list(struct.unpack("<1536f", base64.b64decode(row["embedding"])))
    models = [part for part in [kind, *get_args(kind)] if inspect.isclass(part) and issubclass(part, BaseModel)]
    for model in models[:1] or [kind]:
        adapter(model).validate_json(json.dumps(parsed), strict=True)


def in_process() -> Core:
    return Core(contract=True, seed=1)


CALLS = methods()


def test_every_route_is_called_by_a_method_of_the_sdk() -> None:
    assert len(CALLS) >= len([path for _, path in ROUTES if path.startswith("/v1/")])


@pytest.mark.simulates("contract", "legacy-completions")
@pytest.mark.parametrize(("path", "name"), CALLS, ids=[".".join(call) for call in CALLS])
def test_a_call_with_any_of_its_parameters_gets_a_strictly_valid_answer(path: str, name: str) -> None:
    core = in_process()
    replies: list[tuple[int, bytes]] = []

    class Recorder(SandboxTransport):
        def handle_request(self, request: Any) -> Any:
            response = super().handle_request(request)
            replies.append((response.status_code, response.read()))
            return response

    with OpenAI(api_key="any key", http_client=DefaultHttpxClient(transport=Recorder(core)), max_retries=0) as client:
        for arguments in calls(path, name):
            answer = resolved(client, path, name)(**arguments)
            if arguments.get("stream"):
                list(answer)
            status, body = replies[-1]
            assert status == 200, arguments
            if name != "content":
                check(body, bool(arguments.get("stream")), path, returned(path, name))


@pytest.mark.anyio
@pytest.mark.parametrize(("path", "name"), CALLS, ids=[".".join(call) for call in CALLS])
async def test_the_async_client_gets_the_same_answers(path: str, name: str) -> None:
    http_client = DefaultAsyncHttpxClient(transport=AsyncSandboxTransport(in_process()))
    async with AsyncOpenAI(api_key="any key", http_client=http_client, max_retries=0) as client:
        *_, everything = (arguments for arguments in calls(path, name) if not arguments.get("stream"))
        answer = resolved(client, path, name)(**everything)
        rows = await answer if inspect.isawaitable(answer) else [row async for row in answer]
        assert rows or returned(path, name) is type(None)


@pytest.mark.simulates("contract")
@pytest.mark.parametrize("model", ["my-own-model", "gpt-4-turbo", "ft:gpt-4.1:acme::1"])
def test_any_model_answers_by_its_own_name(model: str) -> None:
    transport = SandboxTransport(in_process())
    with OpenAI(api_key="any", http_client=DefaultHttpxClient(transport=transport)) as client:
        response = client.responses.create(model=model, input="Say hello", temperature=0.3)
        assert response.model == model
        assert response.output_text
        assert client.responses.retrieve("resp_of_another_day").id == "resp_of_another_day"
        chunks = list(
            client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi"}], stream=True)
        )
        assert {chunk.model for chunk in chunks} == {model}


def test_faults_and_broken_bodies_are_still_answered_as_such() -> None:
    core = Core("rate_limit", contract=True)
    with OpenAI(
        api_key="any", http_client=DefaultHttpxClient(transport=SandboxTransport(core)), max_retries=0
    ) as client:
        with pytest.raises(openai.RateLimitError):
            client.responses.create(model="x", input="Hi")
        with pytest.raises(openai.NotFoundError):
            client.post("/nothing/here", cast_to=object)
