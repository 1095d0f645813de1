"""Rules: which requests they fit, what is answered, in which order, and what a test is told of them."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.responses import Response
from pydantic import BaseModel

from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.scripts import Script, ScriptError, Seen

from ...good_requests import CHAT, LUNA, RESPONSES
from ..client import ask

WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
CHAT_WEATHER: Any = {"type": "function", "function": {key: WEATHER[key] for key in WEATHER if key != "type"}}


class Person(BaseModel):
    name: str
    age: int


def say(text: str, client: OpenAI, **body: Any) -> str:
    response: Response = client.responses.create(**LUNA, input=text, **body)
    return response.output_text


def chat(text: str, client: OpenAI, **body: Any) -> Any:
    message: Any = {"role": "user", "content": text}
    return client.chat.completions.create(**LUNA, messages=[message], **body).choices[0]


@pytest.mark.simulates("scripts")
def test_a_tool_loop_is_three_lines_on_both_apis() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("weather in Paris").call("get_weather", city="Paris").then("22 degrees and sunny.")
        asked = "What is the weather in Paris?"
        first = client.responses.create(**LUNA, input=asked, tools=[WEATHER])
        (call,) = [item for item in first.output if item.type == "function_call"]
        assert json.loads(call.arguments) == {"city": "Paris"}
        output: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "22"}]
        later = client.responses.create(**LUNA, input=output, previous_response_id=first.id, tools=[WEATHER])
        assert later.output_text == "22 degrees and sunny."
        whole: Any = [{"role": "user", "content": asked}, *first.output, *output]
        assert client.responses.create(**LUNA, input=whole, tools=[WEATHER]).output_text == later.output_text

        messages: Any = [{"role": "user", "content": asked}]
        message = (
            client.chat.completions.create(**LUNA, messages=messages, tools=[CHAT_WEATHER], reasoning_effort="none")
            .choices[0]
            .message
        )
        assert message.tool_calls and message.tool_calls[0].type == "function"
        assert message.tool_calls[0].function.arguments == '{"city":"Paris"}'
        messages += [message, {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "22"}]
        done = client.chat.completions.create(**LUNA, messages=messages, tools=[CHAT_WEATHER], reasoning_effort="none")
        assert done.choices[0].message.content == "22 degrees and sunny."


def test_rounds_do_not_depend_on_how_conversations_take_turns() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("weather").call("get_weather", city="Paris").then("Sunny.")

        def loop(_: int) -> str:
            first = client.responses.create(**LUNA, input="The weather?", tools=[WEATHER])
            (call,) = [item for item in first.output if item.type == "function_call"]
            output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "x"}
            later = client.responses.create(**LUNA, input=[output], previous_response_id=first.id, tools=[WEATHER])
            return str(later.output_text)

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(loop, range(40))) == {"Sunny."}


def test_what_the_last_outputs_are_of_is_a_condition() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when(output_of="get_weather").say("It is warm.")
        called: Any = {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": "{}"}
        output: Any = {"type": "function_call_output", "call_id": "call_1", "output": "22"}
        question: Any = {"role": "user", "content": "Is it warm?"}
        said = client.responses.create(**LUNA, input=[question, called, output], tools=[WEATHER])
        assert said.output_text == "It is warm."
        assert say("Is it warm?", client) != "It is warm."


@pytest.mark.parametrize(
    ("conditions", "fits", "fits_not"),
    [
        ({"words": "Weather in PARIS"}, "what's the weather like in paris?!", "Paris: weather in general"),
        ({"words": "cat"}, "a cat.", "concatenate"),
        ({"words": ""}, "anything", None),
        ({"equals": "Hi"}, " Hi ", "Hi there"),
        ({"matches": r"^\d+ euros$"}, "20 euros", "20 euros?"),
        ({"matches": r"(?i)REFUND"}, "a refund", "a return"),
    ],
)
def test_what_the_user_said_last_is_a_condition(conditions: Any, fits: str, fits_not: str | None) -> None:
    core = Core(seed=1, now=0)
    core.script.when(**conditions).say("It fits.")
    for text in filter(None, (fits, fits_not)):
        said = ask(core, "POST", RESPONSES, json=LUNA | {"input": text}).json()["output"][-1]["content"][0]["text"]
        assert (said == "It fits.") == (text == fits)


def test_the_other_conditions_all_have_to_hold() -> None:
    seen: list[Seen] = []

    def where(request: Seen) -> bool:
        seen.append(request)
        return request.body.get("metadata") == {"a": "b"}

    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when(
            "hello", instructions="pirate", model="gpt-6-luna", tool="get_weather", api="responses", turn=2, where=where
        ).say("Ahoy")
        turns: Any = [{"role": "user", "content": text} for text in ("One", "Hello")]
        body: Any = {"instructions": "Be a pirate", "tools": [WEATHER], "metadata": {"a": "b"}, "input": turns}
        assert client.responses.create(**LUNA, **body).output_text == "Ahoy"
        changes: list[Any] = [
            {"instructions": "Be nice"},
            {"tools": []},
            {"metadata": {}},
            {"input": turns[1:]},
            {"input": "Hello"},
            {"model": "gpt-6-sol"},
        ]
        for change in changes:
            assert client.responses.create(**LUNA | body | change).output_text != "Ahoy", change
        assert seen[0].tools == ("get_weather",) and seen[0].turn == 2
        assert chat("Hello", client).message.content != "Ahoy"


def test_the_first_rule_that_fits_answers() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("one two").say("first")
        api.when("one").say("second")
        assert [say(text, client) for text in ("one two", "one", "two")][:2] == ["first", "second"]
        assert api.unused() == []


def test_answers_come_one_after_the_other_and_the_last_one_stays() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("next").say("a").say("b")
        assert [say("next", client) for _ in range(4)] == ["a", "b", "b", "b"]


def test_a_rule_that_only_fails_lets_others_answer_when_it_is_done() -> None:
    with Sandbox(seed=1) as api, OpenAI(max_retries=3) as client:
        api.when("slow").fail("rate_limit", times=2, retry_after_ms=1)
        api.when("slow").say("at last")
        assert say("slow", client) == "at last"
        assert [(exchange.status, exchange.fault) for exchange in api.requests] == [
            (429, "rate_limit"),
            (429, "rate_limit"),
            (200, None),
        ]


@pytest.mark.simulates("scripts")
@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ("bad_key", openai.AuthenticationError),
        ("connection_drop", openai.APIConnectionError),
        ("server_error", openai.InternalServerError),
        ("http_error", openai.ConflictError),
    ],
)
def test_each_fault_can_be_a_rule_of_its_own(fault: str, raised: type[Exception]) -> None:
    with Sandbox(seed=1) as api, OpenAI(max_retries=0) as client:
        api.when("break").fail(fault, **({"status": 409} if fault == "http_error" else {}))
        with pytest.raises(raised):
            say("break", client)
        assert say("break", client)


def test_a_request_that_is_refused_uses_nothing_up() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("next").say("a").say("b")
        with pytest.raises(openai.BadRequestError):
            say("next", client, temperature=5)
        assert [say("next", client) for _ in range(2)] == ["a", "b"]


def test_sequences_hold_under_threads() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        rule = api.when("number")
        for number in range(50):
            rule.say(str(number))
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(lambda _: say("number", client), range(50)))
        assert sorted(map(int, said)) == list(range(50))


@pytest.mark.simulates("scripts")
def test_json_is_checked_and_parsed_on_both_apis() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("who").say_json(name="Ada", age=36)
        parsed = client.responses.parse(**LUNA, input="Who?", text_format=Person).output_parsed
        message: Any = {"role": "user", "content": "Who?"}
        completion = client.chat.completions.parse(**LUNA, messages=[message], response_format=Person)
        assert parsed == completion.choices[0].message.parsed == Person(name="Ada", age=36)


@pytest.mark.simulates("scripts")
def test_a_refusal_is_one_on_both_apis() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when(matches="refund").refuse("No refunds.")
        (part,) = client.responses.create(**LUNA, input="A refund!").output[-1].content
        assert part.type == "refusal" and part.refusal == "No refunds."
        assert chat("A refund!", client).message.refusal == "No refunds."


def test_several_calls_are_made_at_once() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("both").call("get_weather", city="Paris").also_call("get_weather", city="Rome")
        said = client.responses.create(**LUNA, input="Both!", tools=[WEATHER])
        calls = [item.arguments for item in said.output if item.type == "function_call"]
        assert calls == ['{"city":"Paris"}', '{"city":"Rome"}']
        stream = client.chat.completions.create(
            **LUNA,
            messages=[{"role": "user", "content": "Both!"}],
            tools=[CHAT_WEATHER],
            reasoning_effort="none",
            stream=True,
        )
        parts = [part for chunk in stream for part in chunk.choices[0].delta.tool_calls or ()]
        assert {part.index for part in parts} == {0, 1}


@pytest.mark.simulates("scripts")
def test_a_stream_comes_in_the_pieces_and_at_the_pace_of_the_rule() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("stream").stream(["One ", "two ", "three"], delay=0.05)
        begun = time.monotonic()
        events = list(client.responses.create(**LUNA, input="Stream!", stream=True))
        assert time.monotonic() - begun >= 0.15
        assert [event.delta for event in events if event.type == "response.output_text.delta"] == [
            "One ",
            "two ",
            "three",
        ]
        message: Any = {"role": "user", "content": "Stream!"}
        chunks = client.chat.completions.create(**LUNA, messages=[message], stream=True)
        assert [text for chunk in chunks if (text := chunk.choices[0].delta.content)] == ["One ", "two ", "three"]
        assert say("Stream!", client) == "One two three"


def test_the_cap_and_stop_sequences_cut_a_scripted_text() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("long").say("word " * 100)
        cut = client.responses.create(**LUNA, input="long", max_output_tokens=80, reasoning={"effort": "low"})
        assert cut.status == "incomplete" and 0 < len(cut.output_text) < 200
        api.when("stop").say("one two three")
        message: Any = {"role": "user", "content": "stop"}
        stopped = client.chat.completions.create(model="gpt-4o", messages=[message], stop=["two"])
        assert stopped.choices[0].message.content == "one "


@pytest.mark.simulates("scripts")
def test_usage_is_what_the_rule_says() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("cost").say("Cheap.").usage(input=1000, cached=900, output=50, reasoning=20)
        usage = client.responses.create(**LUNA, input="cost").usage
        assert usage
        assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (1000, 50, 1050)
        assert usage.input_tokens_details.cached_tokens == 900
        assert usage.output_tokens_details.reasoning_tokens == 20
        completion = client.chat.completions.create(**LUNA, messages=[{"role": "user", "content": "cost"}])
        assert completion.usage and completion.usage.prompt_tokens == 1000 and completion.usage.completion_tokens == 50


@pytest.mark.simulates("scripts")
def test_built_in_tools_bring_what_the_rule_says() -> None:
    tools: Any = [
        {"type": "web_search"},
        {"type": "code_interpreter", "container": {"type": "auto"}},
        {"type": "mcp", "server_label": "weather", "server_url": "http://127.0.0.1:1", "require_approval": "never"},
    ]
    page = {"url": "https://example.org/a", "title": "A page", "text": "It opened in 1889."}
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("tower").use("web_search", pages=[page])
        api.when("sum").use("code_interpreter", code="print(1 + 1)", logs="2\n").say("It is 2.")
        api.when("rain").use("mcp", name="get_weather", arguments='{"city":"Paris"}', output="Rain.").say("It rains.")
        found = client.responses.create(**LUNA, input="The tower?", tools=tools)
        assert [item.type for item in found.output] == ["reasoning", "web_search_call", "message"]
        assert "It opened in 1889." in found.output_text
        (cited,) = found.output[-1].content[0].annotations
        assert cited.type == "url_citation" and cited.title == "A page"
        ran = client.responses.create(**LUNA, input="sum", tools=tools, include=["code_interpreter_call.outputs"])
        (call,) = [item for item in ran.output if item.type == "code_interpreter_call"]
        assert (call.code, ran.output_text) == ("print(1 + 1)", "It is 2.")
        assert call.outputs and call.outputs[0].to_dict()["logs"] == "2\n"
        events = list(client.responses.create(**LUNA, input="rain", tools=tools, stream=True))
        done = [event.item for event in events if event.type == "response.output_item.done"]
        (called,) = [item for item in done if item.type == "mcp_call"]
        assert (called.name, called.output) == ("get_weather", "Rain.")
    with pytest.raises(ScriptError, match="it uses 'file_search'"), Sandbox(seed=1) as api, OpenAI() as client:
        api.when("x").use("file_search")
        with pytest.raises(openai.BadRequestError):
            client.responses.create(**LUNA, input="x", tools=tools)


IMPOSSIBLE: list[tuple[Any, dict[str, Any], str]] = [
    (lambda rule: rule.call("get_weather", town="x"), {"tools": [WEATHER]}, "lacks 'city'.*The schema is"),
    (lambda rule: rule.call("get_weather", city=1), {"tools": [WEATHER]}, 'city is 1, not {"type": "string"}'),
    (lambda rule: rule.call("get_weather", city="a", b=1), {"tools": [WEATHER]}, "has 'b', which is not"),
    (lambda rule: rule.call("get_rain"), {"tools": [WEATHER]}, "calls 'get_rain', but the request offers get_weather"),
    (lambda rule: rule.call("get_rain"), {}, "the request offers none"),
    (
        lambda rule: rule.call("get_weather", city="a"),
        {"tools": [WEATHER], "tool_choice": "none"},
        "the request has tool_choice none",
    ),
    (lambda rule: rule.say("Hi"), {"tools": [WEATHER], "tool_choice": "required"}, "has tool_choice 'required'"),
    (
        lambda rule: rule.call("get_weather", city="a").also_call("get_weather", city="b"),
        {"tools": [WEATHER], "parallel_tool_calls": False},
        "parallel_tool_calls false",
    ),
    (
        lambda rule: rule.say("Hi"),
        {"text": {"format": {"type": "json_schema", "name": "p", "schema": Person.model_json_schema()}}},
        "is not JSON",
    ),
    (
        lambda rule: rule.say_json(name="Ada"),
        {"text": {"format": {"type": "json_schema", "name": "p", "schema": Person.model_json_schema()}}},
        "lacks 'age'",
    ),
]


@pytest.mark.simulates("scripts")
@pytest.mark.parametrize(("say", "body", "message"), IMPOSSIBLE)
def test_an_impossible_answer_is_an_error_of_the_test(say: Any, body: dict[str, Any], message: str) -> None:
    with pytest.raises(ScriptError, match=message), Sandbox(seed=1) as api, OpenAI() as client:
        say(api.when("please"))
        with pytest.raises(openai.BadRequestError, match=message):
            client.responses.create(**LUNA, input="Please, as JSON", **body)


def test_an_unchecked_answer_may_be_impossible() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        api.when("broken").call("get_weather", '{"city": "Par', checked=False)
        said = client.responses.create(**LUNA, input="broken", tools=[WEATHER])
        assert said.output[-1].to_dict()["arguments"] == '{"city": "Par'


def test_a_strict_script_shows_the_nearest_rule_for_what_it_does_not_fit() -> None:
    with (
        pytest.raises(
            ScriptError, match=r"no rule fits 'The weather in Rome\?'\. The nearest is when\('weather in Paris'\)"
        ),
        Sandbox(seed=1, strict=True) as api,
        OpenAI() as client,
    ):
        api.when("something else").say("x")
        api.when("weather in Paris").say("Sunny.")
        assert say("The weather in Paris?", client) == "Sunny."
        with pytest.raises(openai.BadRequestError, match="it does not match on words"):
            say("The weather in Rome?", client)


def test_a_failing_test_keeps_its_own_error() -> None:
    with pytest.raises(KeyError) as caught, Sandbox(seed=1, strict=True), OpenAI() as client:
        with pytest.raises(openai.BadRequestError):
            say("Hi", client)
        raise KeyError("mine")
    assert "no rule fits 'Hi'" in caught.value.__notes__[0]


def test_what_was_asked_can_be_asserted() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        unused = api.when("never")
        say("Hello there", client, instructions="Be brief.")
        api.assert_called("hello")
        api.assert_called("hello", times=1, instructions="brief", api="responses")
        with pytest.raises(AssertionError, match=r"(?s)asked 1 times, not 2 times.*Hello there"):
            api.assert_called("hello", times=2)
        with pytest.raises(AssertionError, match="asked 0 times"):
            api.assert_called("bye")
        assert api.unused() == [unused]


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda script: script.when(wrods="x"), "no condition 'wrods': use words, equals"),
        (lambda script: script.when(matches="("), "is not a regular expression"),
        (lambda script: script.when(api="grpc"), "'grpc' is not known"),
        (lambda script: script.when("x").fail("rate_limt"), "did you mean 'rate_limit'"),
        (lambda script: script.when("x").fail("rate_limit", times=0), "name one fault and how many times"),
        (lambda script: script.when("x").usage(input=1), "there is no answer yet"),
        (lambda script: script.when("x").say("a").usage(inputs=1), "input, cached, output, reasoning take a number"),
        (lambda script: script.when("x").then("b"), "first add the answer that comes before it"),
        (lambda script: script.when("x").also_call("f"), "there is no answer yet"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_where_it_is_written(write: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write(Script())


def test_a_script_may_be_written_while_requests_are_answered() -> None:
    with Sandbox(seed=1) as api, OpenAI() as client:
        stop = threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set() and number < 2_000:
                api.when(f"word{number}").say("x")
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(20):
            assert say("Hello", client)
        stop.set()
        writer.join()


@pytest.mark.parametrize(
    "body",
    [
        {"input": 5},
        {"input": [5, {"role": "user"}, {"role": "user", "content": 7}]},
        {"input": [{"type": "function_call", "name": ["a"]}, {"type": "function_call_output", "output": 3}]},
        {"input": "x", "tools": "none", "instructions": 3, "previous_response_id": ["a"], "conversation": {"id": 4}},
        {"messages": [{"role": "assistant", "tool_calls": [5, {"function": 3}]}, {"role": "tool", "content": 1}]},
        {"messages": {"a": 1}, "model": {}},
    ],
)
@pytest.mark.parametrize("path", [RESPONSES, CHAT])
def test_a_request_of_the_wrong_form_is_refused_as_ever(path: str, body: dict[str, Any]) -> None:
    core = Core(seed=1, now=0)
    core.script.when("hello", output_of="x", turn=1, tool="a", instructions="b").say("x")
    assert ask(core, "POST", path, json={"model": "gpt-6-luna"} | body).status_code == 400
