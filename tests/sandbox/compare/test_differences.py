"""What counts as a difference in structure between two answers, and what a model decides."""

from typing import Any

import pytest

from openai_sandbox.compare.differences import differences, values_that_differ
from openai_sandbox.compare.replay import replay
from openai_sandbox.compare.shapes import Shape, members, shape

from ...good_requests import CHAT, LUNA, NESTED_FUNCTION, RESPONSES
from .recorded import ASKED, recording

TOOLS = {"tools": [NESTED_FUNCTION]}


def found(live: Shape, here: Shape) -> list[str]:
    return [difference.place for difference in differences(live, here)]


def told(**change: Any) -> list[str]:
    """Return where a recording with a change differs from the sandbox."""
    (outcome,) = replay([recording(**change)])
    return [difference.place for difference in outcome.structure]


def test_the_same_answer_has_no_differences() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"new": {"a": 1}}, ["new"]),
        ({"service_tier": ...}, ["service_tier"]),
        ({"created": "today"}, ["created"]),
        ({"system_fingerprint": None}, ["system_fingerprint"]),
    ],
)
def test_members_and_their_types_are_compared(change: Any, place: list[str]) -> None:
    assert told(**change) == place


def test_a_member_of_a_missing_object_is_not_told_besides() -> None:
    assert told(usage=...) == ["usage"]


def test_another_status_is_all_that_is_told() -> None:
    said = differences(Shape(200), Shape(400, error={"message": "No."}))
    assert [str(difference) for difference in said] == ["status: 200 in the recording, 400 'No.' here"]


def test_errors_are_compared_by_type_code_and_param_and_their_words_as_values() -> None:
    live = Shape(400, error={"message": "No.", "type": "a", "code": "b", "param": None})
    here = Shape(400, error={"message": "Never.", "type": "a", "code": "c", "param": None})
    assert found(live, here) == ["error.code"]
    assert [difference.place for difference in values_that_differ(live, here)] == ["error.message"]


def completion(**message: Any) -> Shape:
    choice = {"index": 0, "message": {"role": "assistant", "content": "x", "refusal": None} | message}
    return Shape(200, parts={"": members({"choices": [choice]})})


def test_whether_a_tool_is_called_is_for_the_model_to_decide() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    assert found(completion(content=None, tool_calls=[call]), completion()) == []
    assert found(completion(tool_calls=[call]), completion(tool_calls=[call | {"index": 0}])) != []


def response(*output: Any) -> Shape:
    return Shape(200, parts={"": members({"output": list(output)})})


def test_which_items_there_are_is_for_the_model_to_decide_but_not_what_they_have() -> None:
    thought = {"type": "reasoning", "id": "rs_1", "summary": []}
    said = {"type": "message", "id": "msg_1", "content": []}
    assert found(response(thought, said), response(said)) == []
    assert found(response(thought), response(thought | {"content": []})) == ["output[reasoning]/content"]


def test_what_a_request_offers_has_to_come_back() -> None:
    live = Shape(200, parts={"": members({"tools": [{"type": "function", "name": "f"}]})})
    assert found(live, Shape(200, parts={"": members({"tools": []})})) == ["tools[function]"]


def stream(path: str, body: Any, *lines: str) -> Shape:
    return shape(200, "text/event-stream; charset=utf-8", "\n\n".join(f"data: {line}" for line in lines).encode())


def test_chunks_may_be_many_or_few_but_come_in_order() -> None:
    def chunk(delta: str, finish: str = "null") -> str:
        return f'{{"choices": [{{"index": 0, "delta": {delta}, "finish_reason": {finish}}}]}}'

    role, word, end = chunk('{"role": "assistant", "content": ""}'), chunk('{"content": "x"}'), chunk("{}", '"stop"')
    few = stream(CHAT, ASKED, role, word, end, "[DONE]")
    many = stream(CHAT, ASKED, role, word, word, word, end, "[DONE]")
    assert few.order == ("role", "content", "finish", "[DONE]")
    assert found(few, many) == []
    assert found(few, stream(CHAT, ASKED, word, role, end, "[DONE]")) == ["order"]
    assert found(few, stream(CHAT, ASKED, role, word, end)) == ["order"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, ASKED | {"stream": True}),
        (CHAT, ASKED | TOOLS | {"stream": True, "tool_choice": "required"}),
        (CHAT, ASKED | {"stream": True, "stream_options": {"include_usage": True}}),
        (RESPONSES, LUNA | {"input": "Say hello", "stream": True}),
        (RESPONSES, LUNA | {"input": "Say hello", "reasoning": {"summary": "auto"}, "stream": True}),
    ],
)
def test_streams_of_the_sandbox_have_its_own_order(path: str, body: Any) -> None:
    (outcome,) = replay([recording(path, body)], seed=3)
    assert outcome.recording.live.order
    assert outcome.structure == []


def test_the_order_within_an_item_is_compared() -> None:
    added, done = "response.output_item.added", "response.output_item.done"
    live = Shape(200, order=("response.created",), items={"message": {f"{added} > {done}"}})
    here = Shape(200, order=("response.created",), items={"message": {f"{done} > {added}"}})
    assert found(live, here) == ["order of message"]
    assert found(live, Shape(200, order=("response.created",), items={"reasoning": {done}})) == []
