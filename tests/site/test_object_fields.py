"""The pages of the API's objects list every field: type, when it is absent, what it means and what it costs."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from docs._tools.site.search_index import INDEX

from .test_lesson_content import section

RESPONSE = "reference/objects/response/index.html"
COMPLETION = "reference/objects/chat-completion/index.html"
ENTRY = re.compile(r"<dt><code>([^<]*)</code> <small[^>]*>(.*?)</small></dt>((?:\s*<dd>.*?</dd>)+)", re.DOTALL)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    return {path: (site / path).read_text("utf-8") for path in (RESPONSE, COMPLETION)}


def entry(html: str, path: str) -> tuple[str, list[str]]:
    """Return the type of a field and what the page says of it."""
    (found,) = [(kind, said) for name, kind, said in ENTRY.findall(html) if name == path]
    said = re.findall(r"<dd>(.*?)</dd>", found[1], re.DOTALL)
    return unescape(found[0]), [unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in said]


@pytest.mark.parametrize("page", [RESPONSE, COMPLETION])
@pytest.mark.parametrize("heading", ["Example", "Read it", "What it costs", "Fields"])
def test_section(pages: dict[str, str], page: str, heading: str) -> None:
    assert re.search(rf"<h2[^>]*>{heading}<", pages[page])


@pytest.mark.parametrize("page", [RESPONSE, COMPLETION])
def test_the_whole_reply_is_visible_and_labeled(pages: dict[str, str], page: str) -> None:
    example = section(pages[page], "Example")
    assert "<details" not in example
    assert re.search(r'<span class="filename">\w+\.json, simulated</span>', example)


@pytest.mark.parametrize(
    ("page", "path", "kind"),
    [
        (RESPONSE, "id", "str, always there"),
        (RESPONSE, "output", "list of one of 28 types, always there"),
        (RESPONSE, "output[message].content[output_text].text", "str, always there"),
        (RESPONSE, "output[message].content[refusal].refusal", "str, always there"),
        (RESPONSE, "output[reasoning].encrypted_content", "str | None"),
        (RESPONSE, "output[function_call].arguments", "str, always there"),
        (RESPONSE, "usage.output_tokens_details.reasoning_tokens", "int, always there"),
        (COMPLETION, "choices[].message.content", "str | None"),
        (COMPLETION, "choices[].message.tool_calls[function].function.arguments", "str, always there"),
        (COMPLETION, "choices[].message.tool_calls[custom].custom.input", "str, always there"),
        (COMPLETION, "choices[].logprobs.content[].top_logprobs[].logprob", "float, always there"),
        (COMPLETION, "usage.prompt_tokens_details.cached_tokens", "int | None"),
    ],
)
def test_a_field_has_its_type_and_whether_it_may_be_absent(
    pages: dict[str, str], page: str, path: str, kind: str
) -> None:
    assert entry(pages[page], path)[0] == kind


def test_a_field_says_when_it_is_absent_and_what_it_costs(pages: dict[str, str]) -> None:
    assert entry(pages[RESPONSE], "usage")[1] == [
        "The tokens that you pay for.",
        "Absent in some responses, such as unfinished ones.",
    ]
    _, (_, cost) = entry(pages[RESPONSE], "usage.input_tokens_details.cached_tokens")
    assert cost == "Cost: the price for cached input, where the model has one."
    assert entry(pages[COMPLETION], "choices[].message.content")[1] == [
        "The text.",
        "Absent in some cases, such as when the model calls a tool or when its refusal is in refusal.",
    ]


@pytest.mark.parametrize(
    ("page", "path"),
    [(RESPONSE, path) for path in ("service_tier", "tools", "tool_usage", "previous_response_id", "max_output_tokens")]
    + [(COMPLETION, path) for path in ("service_tier", "choices", "choices[].message.tool_calls")]
    + [(RESPONSE, f"usage.{name}") for name in ("input_tokens", "output_tokens", "total_tokens")]
    + [(COMPLETION, f"usage.{name}") for name in ("prompt_tokens", "completion_tokens", "total_tokens")]
    + [(RESPONSE, "usage.output_tokens_details.reasoning_tokens")]
    + [(COMPLETION, "usage.completion_tokens_details.reasoning_tokens")],
)
def test_what_costs_says_what_it_costs(pages: dict[str, str], page: str, path: str) -> None:
    assert entry(pages[page], path)[1][-1].startswith("Cost: ")


@pytest.mark.parametrize(("page", "model"), [(RESPONSE, Response), (COMPLETION, ChatCompletion)])
def test_no_field_of_the_type_is_left_out(
    pages: dict[str, str], page: str, model: type[Response | ChatCompletion]
) -> None:
    listed = [name for name, _, _ in ENTRY.findall(pages[page])]
    assert set(model.model_fields) <= set(listed)
    assert len(listed) == len(set(listed))


def test_output_items_without_a_list_of_their_own_are_named(pages: dict[str, str]) -> None:
    others = section(pages[RESPONSE], "Fields")
    for item in ("web_search_call", "mcp_call", "compaction", "custom_tool_call"):
        assert f"<dt><code>{item}</code>" in others


def test_the_search_leads_to_the_page_of_an_object_by_the_names_of_its_fields(site: Path) -> None:
    script = (site / INDEX).read_text("utf-8")
    index = json.loads(script.removeprefix("globalThis.searchIndex = ").removesuffix(";\n"))
    found = {
        f"{index['pages'][page][0]}#{section}": json.dumps(rest)
        for page, section, *rest in index["sections"]
        if "usage.input_tokens_details.cached" in json.dumps(rest)
    }
    assert "reference/objects/response/#usage" in found
    assert "reference/responses-create/#response-shape" not in found
    said = found["reference/objects/response/#usage"]
    assert "always there" not in said, "every search loads the index"
    assert "Cost:" not in said
