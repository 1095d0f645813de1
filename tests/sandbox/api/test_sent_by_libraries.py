"""What libraries that build on the API send of built-in and custom tools, beyond the SDK's own types."""

from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox.core import Core

from ...good_requests import LUNA, RESPONSES
from ..client import ask

ASKED = "Search the web: when was the Eiffel Tower opened?"
SEARCH: Any = {"type": "web_search"}


def post(**body: Any) -> Any:
    return ask(Core(seed=1, now=0), "POST", RESPONSES, json=LUNA | body)


def response(**body: Any) -> Any:
    reply = post(**body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def kinds(response: Any) -> list[str]:
    return [item["type"] for item in response["output"]]


def cited(response: Any) -> list[str]:
    return [one["url"] for one in response["output"][-1]["content"][0]["annotations"]]


@pytest.mark.parametrize("status", ["completed", "incomplete", "in_progress"])
def test_a_custom_call_and_its_output_may_be_sent_again_with_their_status(openai_client: OpenAI, status: str) -> None:
    tool: Any = {"type": "custom", "name": "math_exp", "description": "Creates expressions"}
    asked: Any = {"role": "user", "content": "Use the math_exp tool to add 4 + 4"}
    first = openai_client.responses.create(**LUNA, input=[asked], tools=[tool])
    sent: Any = [item.to_dict() for item in first.output]
    assert sent[-1]["status"] == "completed"
    output: Any = {"type": "custom_tool_call_output", "call_id": sent[-1]["call_id"], "output": "8", "status": status}
    sent[-1]["status"] = status
    said = openai_client.responses.create(**LUNA, input=[asked, *sent, output], tools=[tool])
    assert said.output_text == "math_exp says: 8"


@pytest.mark.parametrize("kind", ["web_search", "web_search_2025_08_26"])
def test_a_search_can_be_chosen_by_its_own_name(kind: str) -> None:
    said = response(input="Say hello", tools=[{"type": kind}], tool_choice={"type": kind})
    assert "web_search_call" in kinds(said)


def test_pages_on_blocked_domains_are_not_found() -> None:
    assert cited(response(input=ASKED, tools=[SEARCH]))
    blocked = {"blocked_domains": ["example.org"]}
    said = response(input=ASKED, tools=[SEARCH | {"filters": blocked}])
    assert not any("example.org" in url for url in cited(said))
    assert said["tools"][0]["filters"] == blocked
    both = {"allowed_domains": ["example.org"], "blocked_domains": ["atlas.example.org"]}
    assert not any("atlas" in url for url in cited(response(input=ASKED, tools=[SEARCH | {"filters": both}])))


def test_a_search_returns_text_and_pictures_are_not_simulated() -> None:
    assert cited(response(input=ASKED, tools=[SEARCH | {"search_content_types": ["text"], "image_settings": None}]))
    wanted = SEARCH | {"search_content_types": ["text", "image"], "image_settings": {"max_results": 2, "caption": True}}
    refused = post(input=ASKED, tools=[wanted]).json()["error"]
    assert (refused["code"], refused["param"]) == ("sandbox_unsupported", "tools[0].search_content_types")


def test_a_deferred_custom_tool_is_called_once_a_search_has_loaded_it() -> None:
    tools = [{"type": "tool_search"}, {"type": "custom", "name": "math_exp", "defer_loading": True}]
    said = response(input="Use the math_exp tool to add 4 + 4", tools=tools)
    assert kinds(said) == ["reasoning", "tool_search_call", "tool_search_output", "custom_tool_call"]
    (loaded,) = said["output"][2]["tools"]
    assert (loaded["type"], loaded["name"], loaded["defer_loading"]) == ("custom", "math_exp", True)
    assert "custom_tool_call" not in kinds(response(input="Say hello", tools=tools))
    assert "custom_tool_call" not in kinds(response(input="Use the math_exp tool to add 4 + 4", tools=tools[1:]))
