"""POST /v1/responses/compact, and context management: what was compacted is remembered."""

from datetime import date
from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types.responses import EasyInputMessage, ResponseInputText

from openai_sandbox.core import Core

from ...good_requests import LUNA, RESPONSES
from ..client import ask

NAME: Any = [
    {"role": "user", "content": "My name is Ada."},
    {"role": "assistant", "content": "Nice to meet you, Ada!"},
]
ASKED: Any = {"role": "user", "content": "What is my name?"}


def test_a_compacted_conversation_keeps_questions_and_one_item_for_the_rest(openai_client: OpenAI) -> None:
    compacted = openai_client.responses.compact(**LUNA, input=NAME)
    assert (compacted.object, [item.type for item in compacted.output]) == (
        "response.compaction",
        ["message", "compaction"],
    )
    assert compacted.usage.input_tokens > compacted.usage.output_tokens > 0


@pytest.mark.simulates("compaction")
def test_what_was_compacted_is_remembered(openai_client: OpenAI) -> None:
    whole = openai_client.responses.create(**LUNA, input=[*NAME, ASKED])
    assert "Ada" in whole.output_text
    *_, item = openai_client.responses.compact(**LUNA, input=NAME).output
    shorter: Any = [item.model_dump(exclude_none=True), ASKED]
    assert "Ada" in openai_client.responses.create(**LUNA, input=shorter).output_text


def test_a_compaction_stands_for_all_before_it_and_takes_fewer_tokens(openai_client: OpenAI) -> None:
    long: Any = [{"role": "user", "content": "My name is Ada. " + "I like the sea. " * 200}, NAME[1]]
    whole = openai_client.responses.input_tokens.count(**LUNA, input=[*long, ASKED]).input_tokens
    sent: Any = [item.to_dict(warnings=False) for item in openai_client.responses.compact(**LUNA, input=long).output]
    assert [item["type"] for item in sent] == ["message", "compaction"]
    shorter = openai_client.responses.input_tokens.count(**LUNA, input=[*sent, ASKED]).input_tokens
    assert shorter < whole / 4
    twice: Any = openai_client.responses.compact(**LUNA, input=sent).output[-1].model_dump(exclude_none=True)
    assert len(twice["encrypted_content"]) <= len(sent[-1]["encrypted_content"])
    assert "Ada" in openai_client.responses.create(**LUNA, input=[twice, ASKED]).output_text


def test_after_a_context_was_compacted_the_next_request_reads_less(openai_client: OpenAI) -> None:
    long: Any = [{"role": "user", "content": "My name is Ada. " + "I like the sea. " * 200}]
    managed: Any = {"context_management": [{"type": "compaction", "compact_threshold": 500}]}
    first = openai_client.responses.create(**LUNA, input=long, instructions="Be kind.", extra_body=managed)
    second = openai_client.responses.create(**LUNA, input=[ASKED], previous_response_id=first.id, extra_body=managed)
    assert first.usage
    assert second.usage
    assert second.usage.input_tokens < first.usage.input_tokens / 4
    assert "Ada" in second.output_text
    assert [item.type for item in second.output if item.type == "compaction"] == []


def test_what_was_compacted_elsewhere_hides_nothing(openai_client: OpenAI) -> None:
    made: Any = [*NAME, {"type": "compaction", "encrypted_content": "gAAAAAx"}, ASKED]
    assert "Ada" in openai_client.responses.create(**LUNA, input=made).output_text


def test_a_response_can_be_compacted_by_its_id(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**LUNA, input=NAME)
    compacted = openai_client.responses.compact(**LUNA, previous_response_id=first.id)
    assert compacted.output[-1].type == "compaction"
    with pytest.raises(BadRequestError, match="not found"):
        openai_client.responses.compact(**LUNA, previous_response_id="resp_x")


@pytest.mark.parametrize("content", ["gAAAAAx", "gAAAAA!!", "something else", "gAAAAA" + "eJw" * 50])
def test_an_item_that_was_made_elsewhere_says_nothing(openai_client: OpenAI, content: str) -> None:
    made: Any = [{"type": "compaction", "encrypted_content": content}, ASKED]
    assert openai_client.responses.create(**LUNA, input=made).output_text


@pytest.mark.simulates("compaction")
@pytest.mark.parametrize(("threshold", "compacted"), [(1000, False), (1, True)])
def test_a_context_past_its_threshold_is_compacted(openai_client: OpenAI, threshold: int, compacted: bool) -> None:
    response = openai_client.responses.create(
        **LUNA, input=[*NAME, ASKED], context_management=[{"type": "compaction", "compact_threshold": threshold}]
    )
    assert ("compaction" in [item.type for item in response.output]) == compacted
    assert "Ada" in response.output_text


@pytest.mark.simulates("compaction")
def test_a_compacted_context_is_streamed(openai_client: OpenAI) -> None:
    with openai_client.responses.stream(
        **LUNA, input=[*NAME, ASKED], context_management=[{"type": "compaction", "compact_threshold": 1}]
    ) as stream:
        done = [event.item.type for event in stream if event.type == "response.output_item.done"]
        assert done == [item.type for item in stream.get_final_response().output]
    assert "compaction" in done


@pytest.mark.simulates("stored-prompts")
def test_a_stored_prompt_needs_no_model_and_comes_back_with_its_variables(openai_client: OpenAI) -> None:
    prompt: Any = {"id": f"pmpt_{'0' * 32}", "version": "2", "variables": {"city": "Paris"}}
    response = openai_client.responses.create(prompt=prompt)
    assert response.prompt
    assert (response.prompt.version, response.prompt.variables) == ("2", {"city": "Paris"})
    assert isinstance(response.instructions, list)
    (message,) = response.instructions
    assert isinstance(message, EasyInputMessage)
    assert [part.text for part in message.content if isinstance(part, ResponseInputText)] == ["Paris"]
    with pytest.raises(NotFoundError):
        openai_client.responses.create(prompt={"id": "pmpt_x"})


@pytest.mark.simulates("moderation-of-answers")
def test_input_and_output_are_moderated_on_request(openai_client: OpenAI) -> None:
    asked: Any = {"moderation": {"model": "omni-moderation-latest"}}
    response = openai_client.responses.create(**LUNA, input="You are a moron", extra_body=asked)
    assert response.moderation
    assert response.moderation.input.type == "moderation_result"
    assert response.moderation.input.flagged
    assert not response.moderation.output.flagged
    completion = openai_client.chat.completions.create(
        **LUNA, messages=[{"role": "user", "content": "You are a moron"}], extra_body=asked
    )
    assert completion.moderation
    assert completion.moderation.input.results[0].flagged
    chunks = list(
        openai_client.chat.completions.create(
            **LUNA, messages=[{"role": "user", "content": "Hi"}], extra_body=asked, stream=True
        )
    )
    assert [bool(chunk.moderation) for chunk in chunks[-2:]] == [False, True]
    with pytest.raises(BadRequestError):
        openai_client.responses.create(**LUNA, input="Hi", extra_body={"moderation": {"model": "gpt-9"}})


def test_reasoning_without_an_id_is_taken_and_with_one_wants_what_followed_it() -> None:
    core = Core(seed=1, today=date(2026, 9, 1))
    thought = {"type": "reasoning", "summary": [], "encrypted_content": "gAAAAA"}
    said: Any = {"role": "assistant", "content": "Yes."}

    def status(*items: Any) -> int:
        return ask(core, "POST", RESPONSES, json=LUNA | {"input": [*items, ASKED]}).status_code

    assert status(thought, said) == 200
    assert status(thought | {"id": "rs_1"}, said) == 400
    assert status(thought | {"id": "rs_1"}, said | {"id": "msg_1", "type": "message"}) == 200
