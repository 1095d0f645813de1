"""Generated bad requests: whatever is sent, the sandbox answers with the API's envelope and never fails itself.

2,000 here, or as many as `BAD_BODIES` says. The seed of a request that fails is to be added to bad_body_seeds.json, so
that it is tried in every run from then on.
"""

import json
import os
import random
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from openai_sandbox.api.shared.store import StoredFile
from openai_sandbox.core import Core

from ...good_requests import (
    BATCH,
    BATCHES,
    CALL_OUTPUT,
    CHAT,
    CONVERSATIONS,
    EMBEDDINGS,
    FLAT_CALL,
    HI,
    KEY,
    MODERATIONS,
    NESTED_CALL,
    RESPONSE,
    RESPONSES,
    TEXT,
    VECTOR_STORES,
    closed,
)
from ..client import ROUTES, ask, store_of

NUMBER = int(os.environ.get("BAD_BODIES", "2000"))
KEPT: list[int] = json.loads(Path(__file__).with_name("bad_body_seeds.json").read_text("utf-8"))
CHUNK = 500

JUNK: list[Any] = [None, True, False, 0, -1, 1e308, 10**25, 0.5, "", " ", "x" * 5000, "\ud800", "auto", [], [[]], {}]
JUNK += [{"type": "x"}, {"type": None}, [None], [{}], {"": 1}, {"a": {"b": {"c": []}}}, "2026-11-21", "\x00", -(2**63)]
JUNK += [{"role": "user", "content": "x"}, {"type": "function"}, {"type": "json_schema"}, {"role": []}, "gpt-6-luna"]

STRICT = closed({"city": TEXT})
PARAMETERS = {name: value for name, value in STRICT.items() if name != "additionalProperties"}

FILE = "file-x"
CHUNKING = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}}
FILTERS = {"type": "or", "filters": [{"type": "eq", "key": "a", "value": "b"}, {"type": "and", "filters": []}]}
FILE_SEARCH = {"type": "file_search", "vector_store_ids": ["vs_x"], "filters": FILTERS, "max_num_results": 2}

GOOD: dict[str, list[dict[str, Any]]] = {
    "/v1/responses/compact": [{"model": "gpt-6-luna", "input": "Hi"}],
    "/v1/completions": [
        {"model": "gpt-3.5-turbo-instruct", "prompt": ["Hi", "Ho"], "n": 2, "logprobs": 2, "echo": True}
    ],
    RESPONSES: [
        RESPONSE,
        {
            "model": "gpt-6-luna",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
                {"type": "reasoning", "id": "rs_1", "summary": []},
                FLAT_CALL,
                CALL_OUTPUT,
            ],
            "tools": [{"type": "function", "name": "f", "parameters": STRICT, "strict": True}],
            "tool_choice": {"type": "function", "name": "f"},
            "text": {"format": {"type": "json_schema", "name": "a", "schema": STRICT, "strict": True}},
            "reasoning": {"effort": "low", "summary": "auto"},
            "metadata": {"a": "b"},
            "include": ["reasoning.encrypted_content"],
            "stream": True,
            "stream_options": {"include_obfuscation": False},
        },
        {"model": "gpt-6-luna", "input": "Search the files", "tools": [FILE_SEARCH], "tool_choice": "required"},
        {
            "model": "gpt-4.1",
            "input": [
                {"role": "user", "content": [{"type": "input_image", "image_url": "data:,", "detail": "low"}]},
                {"role": "user", "content": [{"type": "input_file", "file_data": "SGk=", "filename": "a"}]},
            ],
            "temperature": 0.5,
            "top_logprobs": 3,
            "include": ["message.output_text.logprobs"],
            "background": True,
            "conversation": "conv_x",
            "max_output_tokens": 20,
        },
    ],
    "/v1/responses/input_tokens": [{"model": "gpt-6-luna", "input": "Say hello", "tools": []}],
    CHAT: [
        {"model": "gpt-6-luna", "messages": [HI], "store": True, "metadata": {"a": "b"}},
        {
            "model": "gpt-4.1",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "Hi"}], "name": "ada"},
                {"role": "assistant", "tool_calls": [NESTED_CALL]},
                {"role": "tool", "tool_call_id": "call_1", "content": "4"},
            ],
            "tools": [{"type": "function", "function": {"name": "f", "parameters": PARAMETERS}}],
            "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [NESTED_CALL]}},
            "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": STRICT, "strict": True}},
            "n": 2,
            "stop": ["x"],
            "logprobs": True,
            "top_logprobs": 2,
            "seed": 1,
            "stream": True,
            "stream_options": {"include_usage": True},
            "logit_bias": {"1": 1},
        },
    ],
    "/v1/chat/completions/chatcmpl-x": [{"metadata": {"a": "b"}}],
    CONVERSATIONS: [{"items": [HI], "metadata": {"a": "b"}}],
    "/v1/conversations/conv_x": [{"metadata": {"a": "b"}}],
    "/v1/conversations/conv_x/items": [{"items": [{"type": "message", "role": "user", "content": "Hi"}]}],
    EMBEDDINGS: [{"model": "text-embedding-3-small", "input": ["Hi"], "dimensions": 8, "encoding_format": "float"}],
    MODERATIONS: [{"input": [{"type": "text", "text": "Hi"}]}],
    BATCHES: [BATCH],
    "/v1/uploads": [{"bytes": 3, "filename": "a.txt", "mime_type": "text/plain", "purpose": "vision"}],
    "/v1/uploads/upload_x/complete": [{"part_ids": ["part_x"], "md5": ""}],
    VECTOR_STORES: [
        {"name": "a", "file_ids": [FILE], "metadata": {"a": "b"}, "chunking_strategy": {"type": "auto"}},
        {"expires_after": {"anchor": "last_active_at", "days": 3}, "chunking_strategy": CHUNKING},
    ],
    f"{VECTOR_STORES}/vs_x": [{"name": "a", "metadata": {}, "expires_after": None}],
    f"{VECTOR_STORES}/vs_x/search": [
        {"query": ["Hi", "Ho"], "filters": FILTERS, "max_num_results": 3, "ranking_options": {"score_threshold": 0.1}}
    ],
    f"{VECTOR_STORES}/vs_x/files": [{"file_id": FILE, "attributes": {"a": 1}, "chunking_strategy": CHUNKING}],
    f"{VECTOR_STORES}/vs_x/files/{FILE}": [{"attributes": {"a": True}}],
    f"{VECTOR_STORES}/vs_x/file_batches": [
        {"file_ids": [FILE], "attributes": {"a": "b"}},
        {"files": [{"file_id": FILE, "attributes": {"a": "b"}, "chunking_strategy": CHUNKING}]},
    ],
}


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) inside a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


def bad(seed: int) -> tuple[str, bytes]:
    """Return a path and a body that was good, with one to three things wrong."""
    rng = random.Random(seed)
    path = rng.choice(list(GOOD))
    body = deepcopy(rng.choice(GOOD[path]))
    if rng.random() < 0.03:
        return path, rng.choice([b"", b"{", b"[]", b"null", b"\xff", b'"x"', b"{}" * 2, b"[" * 5000, b'{"a":NaN}'])
    for _ in range(rng.randint(1, 3)):
        found = places(body)
        if not found:
            break
        container, key = rng.choice(found)
        action = rng.random()
        if action < 0.65:
            container[key] = deepcopy(rng.choice(JUNK))
        elif action < 0.8:
            del container[key]
        elif isinstance(container, dict):
            container[rng.choice(["zzz", "type", "role", "", "x" * 300, "stream", "name"])] = deepcopy(rng.choice(JUNK))
        else:
            container.append(deepcopy(rng.choice(JUNK)))
    return path, json.dumps(body).encode()


def with_a_store() -> Core:
    """Return a sandbox with a vector store and a file in it that have the ids of the good bodies."""
    core = Core(seed=1)
    fill(core)
    return core


def fill(core: Core) -> None:
    """Put a vector store and a file in it that have the ids of the good bodies into a sandbox."""
    store_of(core).files.add(StoredFile(FILE, 0, "a.txt", "assistants", b"Hi there. " * 50))
    made = ask(core, "POST", VECTOR_STORES, json={"file_ids": [FILE], "metadata": {"a": "b"}}).json()["id"]
    store = store_of(core).vector_stores.get(made)
    assert store
    store.id = "vs_x"
    store_of(core).vector_stores.add(store)


def problem(core: Core, seed: int) -> str | None:
    """Send the bad request of a seed and say what is wrong with the answer."""
    path, body = bad(seed)
    reply = ask(core, "POST", path, content=body, headers=KEY | {"content-type": "application/json"})
    core.requests.clear()
    if reply.status_code == 200:
        return None
    if not 400 <= reply.status_code < 500:
        return f"status {reply.status_code}: {reply.text[:300]}"
    error = reply.json()["error"]
    fine = error.keys() == {"message", "type", "param", "code"} and isinstance(error["message"], str)
    return None if fine and error["message"] else f"no envelope: {reply.text[:300]}"


@pytest.mark.simulates("bad-bodies")
@pytest.mark.parametrize("start", range(0, NUMBER, CHUNK))
def test_a_bad_request_is_refused_in_the_apis_envelope(start: int) -> None:
    core = with_a_store()
    seeds = [*KEPT, *range(start, min(start + CHUNK, NUMBER))]
    found = {seed: what for seed in seeds if (what := problem(core, seed))}
    assert not found, "add these seeds to bad_body_seeds.json:\n" + "\n".join(
        f"{seed}: {bad(seed)[0]} {bad(seed)[1][:400]!r}: {what}" for seed, what in list(found.items())[:5]
    )


def test_every_route_that_takes_json_gets_bad_bodies() -> None:
    ids = {"conversation": "conv_x", "completion": "chatcmpl-x", "upload": "upload_x", "vector_store": "vs_x"}
    ids |= {"file": FILE}
    shaped = {re.sub(r"{(\w+)_id}", lambda found: ids.get(found[1], found[0]), path) for path in POSTED}
    others = {"/v1/responses/{response_id}/cancel", "/v1/files", "/v1/batches/{batch_id}/cancel"}
    others |= {"/v1/uploads/upload_x/parts", "/v1/uploads/upload_x/cancel"}
    others |= {f"{VECTOR_STORES}/vs_x/file_batches/{{batch_id}}/cancel"}
    # The endpoints behind them are those of Chat Completions and of Responses.
    azure = {"/openai/deployments/{deployment}/chat/completions", "/openai/responses"}
    assert shaped - GOOD.keys() == others | azure


POSTED = [path for method, path in ROUTES if method == "POST"]


def test_most_of_the_bad_bodies_are_bad() -> None:
    core = Core(seed=1)
    statuses = []
    for seed in range(300):
        path, body = bad(seed)
        statuses.append(ask(core, "POST", path, content=body).status_code)
    assert statuses.count(200) < 100
    assert len(set(statuses)) >= 3
