"""Generated requests with tools and items of every kind, of which something is wrong: the sandbox never fails on them.

2,000 here, or as many as `BAD_ITEMS` says. They are sent plain, streamed, in the background and in batches, compacted,
counted, and kept in conversations that are then continued.
"""

import json
import os
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from openai_sandbox.api.built_in.kinds import BUILT_IN, kind_of
from openai_sandbox.api.responses.prompt import CHOSEN
from openai_sandbox.api.shared.items import ID_PREFIXES
from openai_sandbox.core import Core

from ...good_requests import BATCH, BATCHES, CONVERSATIONS, FILES, HI, LUNA, RESPONSES, form
from ..client import ask
from .good_items import ITEMS, TOOLS, Weather
from .test_bad_bodies import JUNK, fill, places

NUMBER = int(os.environ.get("BAD_ITEMS", "2000"))
CHUNK = 500
PROMPTS = ("Run a command in the shell", "Draw a logo", "Click the page", "Fix the code", "The weather in Paris?", "Hi")
MODES = ("plain", "stream", "background", "batch", "compact", "count", "conversation", "items")
INCLUDED = ("file_search_call.results", "code_interpreter_call.outputs", "web_search_call.action.sources")


def spoiled(chance: random.Random, value: Any) -> Any:
    """Return a good value in which up to two members are missing, of another type or too many."""
    value = deepcopy(value)
    for _ in range(chance.choice((0, 1, 1, 1, 2))):
        if not (found := places(value)):
            break
        container, key = chance.choice(found)
        action = chance.random()
        if action < 0.6:
            container[key] = deepcopy(chance.choice(JUNK))
        elif action < 0.85:
            del container[key]
        elif isinstance(container, dict):
            container[chance.choice(("zzz", "id", "role", "status", "content"))] = deepcopy(chance.choice(JUNK))
        else:
            container.append(deepcopy(chance.choice(JUNK)))
    return value


def body_of(chance: random.Random) -> dict[str, Any]:
    """Return a request with some tools and items, of which one is spoiled."""
    tools = [deepcopy(tool) for tool in chance.sample(TOOLS, chance.randint(0, 3))]
    items = [item for group in chance.sample(ITEMS, chance.randint(0, 3)) for item in deepcopy(group)]
    items.insert(chance.randint(0, len(items)), {"role": "user", "content": chance.choice(PROMPTS)})
    if tools and chance.random() < 0.4:
        tools = spoiled(chance, tools)
    else:
        items = spoiled(chance, items)
    body: dict[str, Any] = LUNA | {"input": items, "tools": tools}
    if chance.random() < 0.3:
        choices: list[Any] = ["required", "auto", {"type": chance.choice(sorted(CHOSEN))}]
        choices += [{"type": "mcp", "server_label": "weather", "name": "get_weather"}]
        body["tool_choice"] = chance.choice(choices)
    if chance.random() < 0.3:
        body["include"] = [*INCLUDED]
    return body


def sent(core: Core, method: str, path: str, body: Any = None, **raw: Any) -> Iterator[tuple[int, str]]:
    """Send a request, and yield status and text of the answer."""
    reply = ask(core, method, path, **({"content": json.dumps(body).encode()} if raw == {} and body else raw))
    core.requests.clear()
    yield reply.status_code, reply.text


def answers(core: Core, seed: int) -> Iterator[tuple[int, str]]:
    """Send the requests of a seed, and yield status and text of each answer."""
    chance = random.Random(seed)
    body, mode = body_of(chance), MODES[seed % len(MODES)]
    if mode == "batch":
        line = {"custom_id": "1", "method": "POST", "url": RESPONSES, "body": body}
        ((_, file),) = sent(core, "POST", FILES, **form(json.dumps(line).encode(), "a.jsonl", purpose="batch"))
        if "id" not in json.loads(file):  # what is no JSON is no batch
            return
        ((_, batch),) = sent(core, "POST", BATCHES, BATCH | {"input_file_id": json.loads(file)["id"]})
        for _ in range(4):
            ((status, text),) = sent(core, "GET", f"{BATCHES}/{json.loads(batch)['id']}")
            yield status, text
        for name in ("output_file_id", "error_file_id"):
            if json.loads(text)[name]:
                yield from sent(core, "GET", f"{FILES}/{json.loads(text)[name]}/content")
    elif mode in ("compact", "count"):
        given = {"model": body["model"], "input": body["input"]} | ({"tools": body["tools"]} if mode == "count" else {})
        yield from sent(core, "POST", f"{RESPONSES}/{'compact' if mode == 'compact' else 'input_tokens'}", given)
    elif mode in ("conversation", "items"):
        begun = {"items": [HI] if mode == "items" else body["input"]}
        ((status, text),) = sent(core, "POST", CONVERSATIONS, begun)
        yield status, text
        if status == 200:
            path = f"{CONVERSATIONS}/{json.loads(text)['id']}"
            if mode == "items":
                yield from sent(core, "POST", f"{path}/items", {"items": body["input"]})
            yield from sent(core, "POST", RESPONSES, body | {"input": "Go on", "conversation": json.loads(text)["id"]})
            yield from sent(core, "GET", f"{path}/items?limit=100")
    else:
        asked = body if mode == "plain" else body | {mode: True}
        ((status, text),) = sent(core, "POST", RESPONSES, asked)
        yield status, text
        if mode != "stream" and status == 200:
            path = f"{RESPONSES}/{json.loads(text)['id']}"
            yield from sent(core, "GET", f"{path}?stream={str(mode == 'background').lower()}")
            yield from sent(core, "GET", f"{path}/input_items")
            later = body | {"input": "Go on", "previous_response_id": json.loads(text)["id"]}
            yield from sent(core, "POST", RESPONSES, later)


def problem(core: Core, seed: int) -> str | None:
    """Say what is wrong with an answer to the requests of a seed."""
    for status, text in answers(core, seed):
        if "sandbox_failed" in text or not 200 <= status < 500:
            return f"{status} {text[-600:]}"
        if status != 200 and json.loads(text)["error"].keys() != {"message", "type", "param", "code"}:
            return f"no envelope: {text[:300]}"
    return None


def with_a_server() -> Core:
    """Return a sandbox with a vector store and an MCP server."""
    core = Core(seed=1, mcp=Weather())
    fill(core)
    return core


@pytest.mark.simulates("bad-bodies")
@pytest.mark.parametrize("start", range(0, NUMBER, CHUNK))
def test_a_bad_tool_or_item_is_refused_or_answered_and_never_a_failure(
    start: int, caplog: pytest.LogCaptureFixture
) -> None:
    core = with_a_server()
    found = {seed: what for seed in range(start, start + CHUNK) if (what := problem(core, seed))}
    assert not found, "\n".join(f"{seed}: {body_of(random.Random(seed))}: {what}" for seed, what in found.items())
    assert not caplog.records


def test_every_kind_of_tool_and_item_gets_spoiled() -> None:
    assert {item.get("type", "message") for group in ITEMS for item in group} == ID_PREFIXES.keys()
    assert {kind_of(tool["type"]) for tool in TOOLS} >= BUILT_IN.keys()


def test_many_of_the_requests_are_answered_and_many_refused() -> None:
    core = with_a_server()
    statuses = [status for seed in range(200) for status, _ in answers(core, seed)]
    assert 0.2 < statuses.count(200) / len(statuses) < 0.9
