"""Tools that the API itself runs: what each does, how it is streamed, and what comes back when it is sent again."""

import base64
import re
import struct
import zlib
from datetime import date
from typing import Any

import pytest
from openai import BadRequestError, OpenAI

from openai_sandbox.core import Core

from ...good_requests import LUNA, RESPONSES
from ..client import ask

SEARCH: Any = {"type": "web_search"}
ASKED = "Search the web: when was the Eiffel Tower opened?"
DAY = date(2026, 9, 1)


def response(**body: Any) -> Any:
    reply = ask(Core(seed=1, now=0, today=DAY), "POST", RESPONSES, json=LUNA | body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def kinds(response: Any) -> list[str]:
    return [item["type"] for item in response["output"]]


def item_of(response: Any, kind: str) -> Any:
    (found,) = [item for item in response["output"] if item["type"] == kind]
    return found


def part_of(response: Any) -> Any:
    (part,) = item_of(response, "message")["content"]
    return part


@pytest.mark.simulates("web-search")
@pytest.mark.parametrize("kind", ["web_search", "web_search_2025_08_26", "web_search_preview"])
def test_a_search_cites_pages_where_they_stand_in_the_text(kind: str) -> None:
    said = response(input=ASKED, tools=[{"type": kind}])
    assert kinds(said) == ["reasoning", "web_search_call", "message"]
    call = item_of(said, "web_search_call")
    assert call["action"] == {"type": "search", "query": ASKED, "queries": [ASKED]}
    part = part_of(said)
    assert "1889" in part["text"]
    assert part["annotations"]
    for cited in part["annotations"]:
        span = part["text"][cited["start_index"] : cited["end_index"]]
        assert span.startswith("([atlas.example.org](")
        assert cited["url"] in span
        assert cited["title"].startswith("Simulated page")
    assert said["tool_usage"]["web_search"] == {"num_requests": 1}


def test_a_prompt_that_asks_for_nothing_new_is_answered_without_a_search() -> None:
    assert kinds(response(input="Say hello", tools=[SEARCH])) == ["reasoning", "message"]


@pytest.mark.parametrize(
    ("choice", "searched"),
    [
        ("auto", True),
        ("none", False),
        ("required", True),
        ({"type": "web_search_preview"}, True),
        ({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "web_search_preview"}]}, True),
    ],
)
def test_a_tool_choice_decides_on_built_in_tools_too(choice: Any, searched: bool) -> None:
    said = response(input=ASKED, tools=[{"type": "web_search_preview"}], tool_choice=choice)
    assert ("web_search_call" in kinds(said)) == searched


def test_required_uses_a_built_in_tool_whatever_was_said_and_a_choice_has_to_be_offered(openai_client: OpenAI) -> None:
    assert "web_search_call" in kinds(response(input="Say hello", tools=[SEARCH], tool_choice="required"))
    with pytest.raises(BadRequestError, match="not found in 'tools'"):
        openai_client.responses.create(**LUNA, input="Hi", tools=[SEARCH], tool_choice={"type": "image_generation"})


def test_only_allowed_domains_are_cited_and_none_is_said_to_have_nothing() -> None:
    def found(domain: str) -> Any:
        return part_of(response(input=ASKED, tools=[SEARCH | {"filters": {"allowed_domains": [domain]}}]))

    assert all("news.example.org" in cited["url"] for cited in found("news.example.org")["annotations"])
    assert found("news.example.org")["annotations"]
    assert found("nowhere.example")["annotations"] == []
    assert "no page" in found("nowhere.example")["text"]


def test_sources_of_a_search_are_included_on_request() -> None:
    plain = item_of(response(input=ASKED, tools=[SEARCH]), "web_search_call")
    assert "sources" not in plain["action"]
    said = response(input=ASKED, tools=[SEARCH], include=["web_search_call.action.sources"])
    sources = item_of(said, "web_search_call")["action"]["sources"]
    assert [source["type"] for source in sources] == ["url"]


def test_no_more_calls_are_made_than_the_request_allows() -> None:
    assert kinds(response(input=ASKED, tools=[SEARCH], max_tool_calls=1)) == ["reasoning", "web_search_call", "message"]
    picture = {"type": "image_generation"}
    both = response(input="Search the web and draw a picture", tools=[SEARCH, picture], max_tool_calls=1)
    assert kinds(both) == ["reasoning", "web_search_call", "message"]


def test_a_search_is_not_repeated_for_a_message_that_was_answered(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**LUNA, input=ASKED, tools=[SEARCH])
    sent: Any = [item.to_dict() for item in first.output]
    again = openai_client.responses.create(**LUNA, input=[{"role": "user", "content": ASKED}, *sent], tools=[SEARCH])
    assert "web_search_call" not in [item.type for item in again.output]
    later = openai_client.responses.create(
        **LUNA, input="Thanks. Now just say OK.", previous_response_id=first.id, tools=[SEARCH]
    )
    assert "web_search_call" not in [item.type for item in later.output]


def test_a_search_happens_in_the_background_too(openai_client: OpenAI) -> None:
    started = openai_client.responses.create(**LUNA, input=ASKED, tools=[SEARCH], background=True)
    assert started.output == []
    for _ in range(3):
        started = openai_client.responses.retrieve(started.id)
    assert "web_search_call" in [item.type for item in started.output]


STAGES = {
    "web_search": [
        "response.output_item.added",
        "response.web_search_call.in_progress",
        "response.web_search_call.searching",
        "response.web_search_call.completed",
        "response.output_item.done",
    ],
    "image_generation": [
        "response.output_item.added",
        "response.image_generation_call.in_progress",
        "response.image_generation_call.generating",
        "response.image_generation_call.completed",
        "response.output_item.done",
    ],
    "code_interpreter": [
        "response.output_item.added",
        "response.code_interpreter_call.in_progress",
        "response.code_interpreter_call_code.delta",
        "response.code_interpreter_call_code.done",
        "response.code_interpreter_call.interpreting",
        "response.code_interpreter_call.completed",
        "response.output_item.done",
    ],
}


@pytest.mark.parametrize("kind", STAGES)
def test_the_stages_of_a_tool_are_streamed_as_recorded(openai_client: OpenAI, kind: str) -> None:
    tool: Any = {"type": kind} | ({"container": {"type": "auto"}} if kind == "code_interpreter" else {})
    with openai_client.responses.stream(
        **LUNA, input="Search, draw a picture and run code", tools=[tool], tool_choice="required"
    ) as stream:
        seen = list(stream)
        final = stream.get_final_response()
    (index,) = [number for number, item in enumerate(final.output) if item.type == f"{kind}_call"]
    names = [event.type for event in seen if getattr(event, "output_index", None) == index]
    assert list(dict.fromkeys(names)) == STAGES[kind]


def test_citations_are_streamed_once_their_text_is_there(openai_client: OpenAI) -> None:
    text = ""
    cited: list[Any] = []
    for event in openai_client.responses.create(**LUNA, input=ASKED, tools=[SEARCH], stream=True):
        if event.type == "response.output_text.delta":
            text += event.delta
        elif event.type == "response.output_text.annotation.added":
            annotation: Any = event.annotation
            assert annotation.end_index <= len(text)
            cited.append(annotation)
        elif event.type == "response.completed":
            (message,) = [item for item in event.response.output if item.type == "message"]
            assert [part.title for part in cited] == [
                part.title for part in message.content[0].annotations if part.type == "url_citation"
            ]
    assert cited


@pytest.mark.simulates("web-search")
def test_a_chat_model_that_searches_cites_pages_where_they_stand_in_the_text(openai_client: OpenAI) -> None:
    asked: Any = {"model": "gpt-5-search-api", "messages": [{"role": "user", "content": ASKED}]}
    options: Any = {"search_context_size": "low"}
    message = openai_client.chat.completions.create(**asked, web_search_options=options).choices[0].message
    assert message.content
    assert message.annotations
    for cited in message.annotations:
        span = message.content[cited.url_citation.start_index : cited.url_citation.end_index]
        assert cited.url_citation.url in span
    chunks = openai_client.chat.completions.create(**asked, stream=True)
    deltas = [chunk.choices[0].delta.to_dict() for chunk in chunks]
    (streamed,) = [delta["annotations"] for delta in deltas if "annotations" in delta]
    assert streamed == [cited.to_dict() for cited in message.annotations]


@pytest.mark.simulates("web-search")
def test_other_chat_models_do_not_search(openai_client: OpenAI) -> None:
    asked: Any = {"model": "gpt-4o", "messages": [{"role": "user", "content": ASKED}]}
    assert openai_client.chat.completions.create(**asked).choices[0].message.annotations == []
    with pytest.raises(BadRequestError, match="does not simulate 'web_search_options'"):
        openai_client.chat.completions.create(**asked, web_search_options={"search_context_size": "low"})


@pytest.mark.simulates("image-generation")
@pytest.mark.parametrize("size", ["auto", "1024x1024", "1536x1024", "1024x1536"])
def test_a_picture_is_a_real_png_of_the_size_asked_for(size: str) -> None:
    made = item_of(
        response(input="Draw a picture of a cat", tools=[{"type": "image_generation", "size": size}]),
        "image_generation_call",
    )
    data = base64.b64decode(made["result"])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert f"{width}x{height}" == made["size"] == ("1024x1024" if size == "auto" else size)
    at, rows = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        rows += zlib.decompress(body) if kind == b"IDAT" else b""
        at += 12 + length
    assert len(rows) == height * (1 + width // 4)


@pytest.mark.simulates("image-generation")
def test_the_same_prompt_draws_the_same_picture_and_another_another() -> None:
    def drawn(text: str) -> str:
        return str(
            item_of(response(input=text, tools=[{"type": "image_generation"}]), "image_generation_call")["result"]
        )

    assert drawn("Draw a cat") == drawn("Draw a cat") != drawn("Draw a dog")


@pytest.mark.simulates("code-interpreter")
def test_code_is_written_but_not_run_and_outputs_are_included_on_request() -> None:
    tools = [{"type": "code_interpreter", "container": {"type": "auto"}}]
    call = item_of(response(input="Calculate 2 + 2", tools=tools), "code_interpreter_call")
    assert call["container_id"].startswith("cntr_")
    assert call["outputs"] is None
    compile(call["code"], "code", "exec")
    said = response(input="Calculate 2 + 2", tools=tools, include=["code_interpreter_call.outputs"])
    assert item_of(said, "code_interpreter_call")["outputs"] == [
        {"type": "logs", "logs": "Simulated: no code was run.\n"}
    ]


def function(name: str, description: str, **more: Any) -> Any:
    parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    return {"type": "function", "name": name, "description": description, "parameters": parameters} | more


WEATHER = function("get_weather", "Get the weather of a city", defer_loading=True)
HOTELS = function("find_hotels", "Find hotels in a city", defer_loading=True)
TOOLS = [{"type": "tool_search"}, WEATHER, HOTELS]
PARIS = "What is the weather in Paris?"


@pytest.mark.simulates("tool-search")
def test_a_search_loads_the_function_that_is_then_called() -> None:
    said = response(input=PARIS, tools=TOOLS)
    assert kinds(said) == ["reasoning", "tool_search_call", "tool_search_output", "function_call"]
    assert item_of(said, "tool_search_call")["arguments"] == {"paths": ["get_weather"]}
    (loaded,) = item_of(said, "tool_search_output")["tools"]
    assert (loaded["name"], loaded["defer_loading"]) == ("get_weather", True)
    call = item_of(said, "function_call")
    assert (call["name"], call["namespace"]) == ("get_weather", "get_weather")


def test_functions_that_do_not_fit_stay_where_they_are() -> None:
    assert kinds(response(input="Say hello", tools=TOOLS)) == ["reasoning", "message"]


def test_a_search_is_one_call_with_its_output_where_calls_are_limited() -> None:
    said = response(input=PARIS, tools=TOOLS, max_tool_calls=1)
    assert kinds(said) == ["reasoning", "tool_search_call", "tool_search_output", "function_call"]


def test_functions_that_are_not_loaded_take_no_input_tokens() -> None:
    def read(**body: Any) -> int:
        return int(response(input="Say hello", **body)["usage"]["input_tokens"])

    search = [{"type": "tool_search"}]
    space = {"type": "namespace", "name": "travel", "description": "Travelling", "tools": []}
    assert read(tools=TOOLS) == read(tools=search) < read(tools=[*search, function("f", "F")])
    assert read(tools=[space | {"tools": [WEATHER]}]) == read(tools=[space])


def test_what_was_loaded_before_is_called_without_another_search() -> None:
    first = response(input=PARIS, tools=TOOLS)
    sent = [
        *first["output"],
        {"type": "function_call_output", "call_id": first["output"][-1]["call_id"], "output": "18"},
    ]
    said = response(
        input=[{"role": "user", "content": PARIS}, *sent, {"role": "user", "content": "And the weather in Rome?"}],
        tools=TOOLS,
    )
    assert kinds(said) == ["reasoning", "function_call"]


def test_a_function_of_a_namespace_is_loaded_inside_it() -> None:
    space = {"type": "namespace", "name": "travel", "description": "Travelling", "tools": [WEATHER, HOTELS]}
    said = response(input=PARIS, tools=[{"type": "tool_search"}, space])
    assert item_of(said, "tool_search_call")["arguments"] == {"paths": ["travel.get_weather"]}
    (loaded,) = item_of(said, "tool_search_output")["tools"]
    assert (loaded["type"], [tool["name"] for tool in loaded["tools"]]) == ("namespace", ["get_weather"])
    assert item_of(said, "function_call")["namespace"] == "travel"


@pytest.mark.simulates("tool-search")
def test_a_clients_search_is_left_to_the_client() -> None:
    queries = {
        "type": "object",
        "properties": {"queries": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
    }
    search = {"type": "tool_search", "execution": "client", "description": "Search", "parameters": queries}
    first = response(input=PARIS, tools=[search, WEATHER])
    assert kinds(first) == ["reasoning", "tool_search_call"]
    call = item_of(first, "tool_search_call")
    assert call["call_id"].startswith("call_")
    assert list(call["arguments"]) == ["queries"]
    output = {"type": "tool_search_output", "call_id": call["call_id"], "execution": "client", "tools": [WEATHER]}
    sent = [{"role": "user", "content": PARIS}, *first["output"], output]
    assert item_of(response(input=sent, tools=[search, WEATHER]), "function_call")["name"] == "get_weather"


def test_a_deferred_function_that_has_to_be_called_is() -> None:
    said = response(input="Say hello", tools=TOOLS, tool_choice={"type": "function", "name": "find_hotels"})
    assert item_of(said, "function_call")["name"] == "find_hotels"


@pytest.mark.parametrize("parameters", [5, [], "x", {"type": "object", "properties": []}, {"type": "str"}])
def test_a_clients_search_with_a_schema_that_is_none_is_refused(parameters: Any) -> None:
    search = {"type": "tool_search", "execution": "client", "parameters": parameters}
    body = LUNA | {"input": PARIS, "tools": [search, WEATHER]}
    reply = ask(Core(seed=1, now=0, today=DAY), "POST", RESPONSES, json=body)
    assert reply.status_code == 400, reply.text


def test_of_many_tools_of_a_kind_one_is_used_and_a_long_prompt_costs_little() -> None:
    tools = [{"type": "image_generation"}] * 100
    said = response(input="Draw " * 100_000, tools=tools, tool_choice="required", max_output_tokens=100)
    assert kinds(said).count("image_generation_call") == 1


@pytest.mark.simulates("tool-search")
@pytest.mark.parametrize(("model", "space"), [("gpt-5.4", "get_weather"), ("gpt-5.6-sol", None)])
def test_additional_tools_can_be_called(model: str, space: str | None) -> None:
    added = {"type": "additional_tools", "role": "developer", "tools": [function("get_weather", "Get the weather")]}
    said = response(model=model, input=[{"role": "user", "content": PARIS}, added])
    assert item_of(said, "function_call").get("namespace") == space
    assert [tool["type"] for tool in said["tools"]] == ["namespace" if space else "function"]


@pytest.mark.simulates("custom-tools")
@pytest.mark.parametrize(
    ("form", "text"),
    [
        (None, "4 + 4"),
        ({"type": "grammar", "syntax": "regex", "definition": "^[ab]{3}$"}, None),
        ({"type": "grammar", "syntax": "regex", "definition": "a|b"}, None),
    ],
)
def test_a_custom_tool_is_called_with_a_text(openai_client: OpenAI, form: Any, text: str | None) -> None:
    tool: Any = {"type": "custom", "name": "math_exp", "description": "Creates expressions"} | (
        {"format": form} if form else {}
    )
    asked = "Use the math_exp tool to add 4 + 4"
    said = openai_client.responses.create(**LUNA, input=asked, tools=[tool])
    call = said.output[-1]
    assert call.type == "custom_tool_call"
    assert re.fullmatch(form["definition"] if form else re.escape(text or ""), call.input)
    answered = openai_client.responses.create(
        **LUNA,
        input=[{"type": "custom_tool_call_output", "call_id": call.call_id, "output": "8"}],
        previous_response_id=said.id,
        tools=[tool],
    )
    assert answered.output_text == "math_exp says: 8"


@pytest.mark.simulates("custom-tools")
@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        (None, re.escape("4 + 4")),
        ({"type": "text"}, re.escape("4 + 4")),
        ({"type": "grammar", "grammar": {"syntax": "regex", "definition": "^[ab]{3}$"}}, "[ab]{3}"),
        ({"type": "grammar", "grammar": {"syntax": "lark", "definition": 'start: "a" | "b"'}}, "a|b"),
    ],
)
def test_chat_completions_calls_a_custom_tool_with_a_text(openai_client: OpenAI, form: Any, pattern: str) -> None:
    custom = {"name": "math_exp", "description": "Creates expressions"} | ({"format": form} if form else {})
    request: Any = {**LUNA, "tools": [{"type": "custom", "custom": custom}], "reasoning_effort": "none"}
    asked: list[Any] = [{"role": "user", "content": "Use the math_exp tool to add 4 + 4"}]
    choice = openai_client.chat.completions.create(**request, messages=asked).choices[0]
    assert choice.finish_reason == "tool_calls"
    (call,) = choice.message.tool_calls or []
    assert call.type == "custom"
    assert (call.custom.name, bool(re.fullmatch(pattern, call.custom.input))) == ("math_exp", True)
    told: Any = {"role": "tool", "tool_call_id": call.id, "content": "8"}
    answered = openai_client.chat.completions.create(**request, messages=[*asked, choice.message, told])
    assert answered.choices[0].message.content == "math_exp says: 8"


def test_chat_completions_can_be_made_to_call_a_custom_tool(openai_client: OpenAI) -> None:
    chosen: Any = {"type": "custom", "custom": {"name": "note"}}
    tools: Any = [{"type": "custom", "custom": {"name": name}} for name in ("other", "note")]
    asked: Any = [{"role": "user", "content": "Say hello"}]
    request: Any = {**LUNA, "messages": asked, "tools": tools, "reasoning_effort": "none"}
    (call,) = openai_client.chat.completions.create(**request, tool_choice=chosen).choices[0].message.tool_calls or []
    assert call.type == "custom"
    assert call.custom.name == "note"
    for change in ({"tool_choice": {"type": "custom", "custom": {"name": "third"}}}, {"stream": True}):
        with pytest.raises(BadRequestError):
            openai_client.chat.completions.create(**{**request, **change})


def test_the_text_for_a_custom_tool_is_streamed_in_pieces(openai_client: OpenAI) -> None:
    text = ""
    tool: Any = {"type": "custom", "name": "note"}
    with openai_client.responses.stream(**LUNA, input='Note "buy milk"', tools=[tool]) as stream:
        for event in stream:
            if event.type == "response.custom_tool_call_input.delta":
                text += event.delta
            elif event.type == "response.custom_tool_call_input.done":
                assert event.input == text == "buy milk"


@pytest.mark.simulates("image-generation")
@pytest.mark.parametrize(("form", "signature"), [("jpeg", b"\xff\xd8\xff"), ("webp", b"RIFF")])
def test_a_picture_comes_in_the_format_asked_for(openai_client: OpenAI, form: Any, signature: bytes) -> None:
    tool: Any = {"type": "image_generation", "output_format": form, "partial_images": 1}
    events = list(openai_client.responses.create(**LUNA, input="Draw a cat", tools=[tool], stream=True))
    (partial,) = [e for e in events if e.type == "response.image_generation_call.partial_image"]
    assert events[-1].type == "response.completed"
    (picture,) = [item for item in events[-1].response.output if item.type == "image_generation_call"]
    assert picture.result and picture.to_dict()["output_format"] == partial.output_format == form
    for encoded in (picture.result, partial.partial_image_b64):
        assert base64.b64decode(encoded).startswith(signature)


@pytest.mark.simulates("image-generation")
@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"tools": [{"type": "image_generation", "size": "1040x1040"}]}, "tools[0].size"),
        (
            {
                "tools": [
                    {"type": "custom", "name": "a", "format": {"type": "grammar", "syntax": "regex", "definition": "("}}
                ]
            },
            "tools[0].format.definition",
        ),
        (
            {
                "tools": [
                    {
                        "type": "custom",
                        "name": "a",
                        "format": {"type": "grammar", "syntax": "lark", "definition": "start: A"},
                    }
                ]
            },
            "tools[0].format.definition",
        ),
    ],
)
def test_what_is_not_simulated_of_a_tool_is_named(openai_client: OpenAI, body: Any, param: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        openai_client.responses.create(**LUNA, input="Draw a picture", tool_choice="required", **body)
    assert (caught.value.code, caught.value.param) == ("sandbox_unsupported", param)
