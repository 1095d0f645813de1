"""The sandbox as another server: what Ollama, vLLM and others answer where OpenAI answers differently."""

import re
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.core import Core
from openai_sandbox.stages.compatible import Difference, differences, servers

from ...good_requests import CHAT, COMPLETION, EMBEDDINGS, HELLO, NESTED_FUNCTION, RESPONSE
from ..client import MakeSandbox, ask

TOOLS = [NESTED_FUNCTION]
NAMED = {"type": "function", "function": {"name": "get_weather"}}


def picture(url: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}


# A request that gets the answer, and one that differs in what the answer is about and gets none of it.
REQUESTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ollama.model-not-found": ({"model": "gpt-4o"}, {"model": "llama3.2"}),
    "ollama.embedding-model-not-found": ({"model": "text-embedding-3-small"}, {"model": "nomic-embed-text"}),
    "ollama.tools": ({"model": "llama3:8b", "tools": TOOLS}, {"model": "llama3.1", "tools": TOOLS}),
    "lm-studio.json-object": (
        {"model": "local", "response_format": {"type": "json_object"}},
        {"model": "local", "response_format": {"type": "text"}},
    ),
    "lm-studio.image": (
        {"model": "local", "messages": [picture("https://example.com/a.png")]},
        {"model": "local", "messages": [picture("data:image/png;base64,iVBORw0KGgo=")]},
    ),
    "vllm.auto-tool-choice": ({"model": "qwen", "tools": TOOLS}, {"model": "qwen"}),
    "vllm.named-tool-choice": (
        {"model": "qwen", "tools": TOOLS, "tool_choice": NAMED},
        {"model": "qwen", "tools": TOOLS, "tool_choice": "none"},
    ),
    "vllm.required-tool-choice": ({"model": "qwen", "tools": TOOLS, "tool_choice": "required"}, {"model": "qwen"}),
    "vllm.tool-choice-alone": ({"model": "qwen", "tool_choice": "auto"}, {"model": "qwen", "tool_choice": "none"}),
    "vllm.model-not-found": ({"model": "gpt-4o"}, {"model": "qwen"}),
    "llama-cpp.tools": ({"model": "local", "tools": TOOLS}, {"model": "local"}),
    "openrouter.tools": (
        {"model": "deepseek/deepseek-r1:free", "tools": TOOLS},
        {"model": "deepseek/deepseek-r2", "tools": TOOLS},
    ),
    "openrouter.provider-error": ({"model": "qwen/qwen3:free"}, {"model": "qwen/qwen3"}),
    "litellm.model-name": ({"model": "gpt-4o"}, {"model": "gpt-6-luna"}),
    "litellm.unsupported-parameter": (
        {"model": "gpt-6-luna", "temperature": 0},
        {"model": "gpt-6-luna", "temperature": 1},
    ),
    "azure.deployment": ({"model": "gpt-6-luna"}, {"model": "chat-in-production"}),
}


def send(row: Difference, change: dict[str, Any]) -> tuple[int, Any]:
    body = COMPLETION | {"messages": [HELLO]} | change
    path = row.paths[0].replace("*", f"{body['model']}/chat/completions")
    if path == EMBEDDINGS:
        body = {"model": body["model"], "input": "Hello"}
    reply = ask(Core(as_server=row.server), "POST", path, json=body)
    return reply.status_code, reply.json()


@pytest.mark.parametrize("row", differences(), ids=[row.id for row in differences()])
def test_a_server_answers_differently_where_it_is_known_to_and_only_there(row: Difference) -> None:
    asked, other = REQUESTS[row.id]
    status, said = send(row, asked)
    assert (status, said.keys()) == (row.status, row.body.keys())
    assert "{" not in str(said.get("error", said)).replace("{'", "").replace("[{", "")
    status, said = send(row, other)
    assert status == 200
    assert said["data"] if EMBEDDINGS in row.paths[:1] else said["choices"][0]["message"]["content"]


def test_each_difference_says_where_it_was_seen_and_what_to_do() -> None:
    assert REQUESTS.keys() == {row.id for row in differences()}
    assert len(servers()) >= 7
    for row in differences():
        assert row.id.startswith(f"{row.server}.")
        assert re.search(r"[\w.-]+/[\w.-]+#\d+", row.source), row.id
        assert row.do.endswith(".")
        assert row.openai
        assert row.asks


def test_the_name_of_the_model_is_in_the_answer(sandbox: MakeSandbox) -> None:
    with sandbox(as_server="ollama"), OpenAI() as client:
        with pytest.raises(openai.NotFoundError, match=r"model 'gpt-4o-mini' not found$"):
            client.chat.completions.create(model="gpt-4o-mini", messages=[HELLO])
        assert client.chat.completions.create(model="llama3.2", messages=[HELLO]).model == "llama3.2"


@pytest.mark.parametrize("model", ["gpt-oss:20b", "openai/gpt-oss-20b", "gpt-oss-20b"])
@pytest.mark.parametrize("server", ["ollama", "vllm"])
def test_open_models_are_not_unknown_because_openai_made_them(server: str, model: str) -> None:
    assert ask(Core(as_server=server), "POST", CHAT, json=COMPLETION | {"model": model}).status_code == 200


@pytest.mark.parametrize(
    ("server", "change", "said"),
    [
        ("ollama", {"model": "llama3", "tools": TOOLS}, "library/llama3:latest does not support tools"),
        ("ollama", {"model": "qwen:4b", "tools": TOOLS}, "library/qwen:4b does not support tools"),
        ("vllm", {"model": "q", "tools": TOOLS, "tool_choice": NAMED}, 'tool_choice=function "get_weather" requires'),
        ("lm-studio", {"model": "m", "messages": [picture("data:image/webp;base64,UklGRg==")]}, "base64 encoded image"),
    ],
)
def test_the_message_is_that_of_the_server(server: str, change: dict[str, Any], said: str) -> None:
    reply = ask(Core(as_server=server), "POST", CHAT, json=COMPLETION | change)
    assert reply.status_code == 400
    assert said in str(reply.json()["error"])


def test_litellm_takes_any_temperature_without_reasoning() -> None:
    for change, status in (({}, 400), ({"reasoning_effort": "none"}, 200)):
        body = COMPLETION | {"model": "gpt-6-luna", "temperature": 0.5} | change
        assert ask(Core(as_server="litellm"), "POST", CHAT, json=body).status_code == status


def test_an_error_with_status_200_raises_nothing_but_has_no_choices(sandbox: MakeSandbox) -> None:
    with sandbox("as=openrouter"), OpenAI() as client:
        completion: Any = client.chat.completions.create(model="qwen/qwen3:free", messages=[HELLO])
        assert completion.choices is None
        assert completion.error["message"] == "Provider returned error"


def test_a_fault_comes_first(sandbox: MakeSandbox) -> None:
    with sandbox("as=ollama; rate_limit"), OpenAI(max_retries=0) as client, pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="gpt-4o", messages=[HELLO])


def test_without_a_server_nothing_differs(sandbox: MakeSandbox) -> None:
    with sandbox(), OpenAI() as client:
        assert client.responses.create(**RESPONSE).output_text


def test_an_unknown_server_is_refused_with_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="did you mean 'ollama'"):
        Sandbox(as_server="olama")
    assert main(["run", "--as", "lmstudio", __file__]) == 2
    assert "--as: no server 'lmstudio' is known: did you mean 'lm-studio'?" in capsys.readouterr().err


def test_an_unknown_server_in_a_comment_is_named_as_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "program.py"
    program.write_text("# sandbox: as=vlm\n", "utf-8")
    assert main(["run", str(program)]) == 2
    assert "# sandbox: as=vlm: no server 'vlm' is known: did you mean 'vllm'?" in capsys.readouterr().err


@pytest.mark.parametrize("server", servers())
@pytest.mark.parametrize(
    "change",
    [
        {"messages": 5},
        {"messages": [5, {"role": "user", "content": [5, {"image_url": 5}, {"image_url": {"url": 5}}]}]},
        {"model": 5, "response_format": 5},
        {"model": None, "tools": "x", "tool_choice": 5, "temperature": {}},
        {"model": "{x} {0}", "temperature": "{y}"},
    ],
)
def test_no_body_makes_the_sandbox_fail(server: str, change: dict[str, Any]) -> None:
    reply = ask(Core(as_server=server), "POST", CHAT, json=COMPLETION | change)
    assert "sandbox_failed" not in reply.text
    assert "The sandbox itself failed" not in reply.text
