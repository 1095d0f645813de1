"""Tools that the client runs: shells, patches and the computer. A call, its output, and what is said then."""

from typing import Any

import pytest
from openai import BadRequestError, OpenAI
from openai.types.responses import Response

from ...good_requests import LUNA

SHELL_OUTPUT = [{"stdout": "a.txt\n", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]
SCREENSHOT = {"type": "computer_screenshot", "image_url": "data:image/png;base64,iVBORw0KGgo="}

# A tool, a prompt that asks for it, the call without its ids, and the client's output to it.
TOOLS: dict[str, tuple[Any, str, dict[str, Any], dict[str, Any]]] = {
    "local_shell": (
        {"type": "local_shell"},
        "List the files in this directory",
        {"type": "local_shell_call", "status": "completed"},
        {"type": "local_shell_call_output", "output": "a.txt\n"},
    ),
    "shell": (
        {"type": "shell"},
        "Run a command that lists all files",
        {"type": "shell_call", "status": "completed", "environment": None},
        {"type": "shell_call_output", "output": SHELL_OUTPUT},
    ),
    "apply_patch": (
        {"type": "apply_patch"},
        "Rename the function in main.py",
        {"type": "apply_patch_call", "status": "completed"},
        {"type": "apply_patch_call_output", "status": "completed", "output": "Done: a.txt"},
    ),
    "computer": (
        {"type": "computer"},
        "Click the first link on the page",
        {"type": "computer_call", "status": "completed", "actions": [{"type": "screenshot"}]},
        {"type": "computer_call_output", "output": SCREENSHOT},
    ),
    "computer_use_preview": (
        {"type": "computer_use_preview", "display_width": 800, "display_height": 600, "environment": "browser"},
        "Click the first link on the page",
        {"type": "computer_call", "status": "completed", "action": {"type": "screenshot"}},
        {"type": "computer_call_output", "output": SCREENSHOT},
    ),
}
CASES = pytest.mark.parametrize("name", TOOLS)


def call_of(response: Response) -> dict[str, Any]:
    """Return the only call of a response that says nothing else."""
    *thoughts, call = response.output
    assert {item.type for item in thoughts} <= {"reasoning"} and not response.output_text
    return call.to_dict()


@CASES
@pytest.mark.simulates("client-tools")
def test_a_tool_that_fits_is_called_and_its_output_is_told(name: str, openai_client: OpenAI) -> None:
    tool, asked, wanted, output = TOOLS[name]
    first = openai_client.responses.create(**LUNA, input=asked, tools=[tool])
    call = call_of(first)
    assert wanted.items() <= call.items()
    answered: Any = output | {"call_id": call["call_id"]}
    later = openai_client.responses.create(**LUNA, previous_response_id=first.id, input=[answered], tools=[tool])
    assert not {item.type for item in later.output} & {wanted["type"]}
    assert ("screenshot" if "computer" in name else "a.txt") in later.output_text
    sent: Any = [{"role": "user", "content": asked}, *(item.to_dict() for item in first.output), answered]
    assert openai_client.responses.create(**LUNA, input=sent, tools=[tool]).output_text == later.output_text


@CASES
def test_a_stream_brings_the_same_item(name: str, openai_client: OpenAI) -> None:
    tool, asked, wanted, _ = TOOLS[name]
    events = list(openai_client.responses.create(**LUNA, input=asked, tools=[tool], stream=True))
    assert events[-1].type == "response.completed"
    call = call_of(events[-1].response)
    (done,) = [
        e.item.to_dict() for e in events if e.type == "response.output_item.done" and e.item.type == wanted["type"]
    ]
    assert done == call
    written = [event.type for event in events if event.type.startswith("response.shell_call_command")]
    if name == "shell":
        assert (written[0], written[-1]) == ("response.shell_call_command.added", "response.shell_call_command.done")
        said = "".join(event.delta for event in events if event.type == "response.shell_call_command.delta")
        assert [said] == call["action"]["commands"]
    else:
        assert not written


@CASES
def test_a_tool_is_called_when_it_is_chosen_and_not_when_none_is(name: str, openai_client: OpenAI) -> None:
    tool = TOOLS[name][0]
    chosen: Any = {"type": tool["type"]}
    if name != "local_shell":  # no choice names it
        said = openai_client.responses.create(**LUNA, input="Hello", tools=[tool], tool_choice=chosen)
        assert call_of(said)["type"] == TOOLS[name][2]["type"]
    assert call_of(openai_client.responses.create(**LUNA, input="Hello", tools=[tool], tool_choice="required"))
    said = openai_client.responses.create(**LUNA, input=TOOLS[name][1], tools=[tool], tool_choice="none")
    assert said.output_text


@CASES
def test_calls_and_outputs_belong_together(name: str, openai_client: OpenAI) -> None:
    tool, asked, wanted, output = TOOLS[name]
    kind = wanted["type"].replace("_", " ")
    first = openai_client.responses.create(**LUNA, input=asked, tools=[tool])
    with pytest.raises(BadRequestError, match=f"No tool output found for {kind} {call_of(first)['call_id']}"):
        openai_client.responses.create(**LUNA, previous_response_id=first.id, input="And now?")
    alone: Any = output | {"call_id": "call_1"}
    with pytest.raises(BadRequestError, match=f"No tool call found for {kind} output with call_id call_1"):
        openai_client.responses.create(**LUNA, input=[alone])


def test_an_output_of_a_local_shell_may_name_its_call_by_id(openai_client: OpenAI) -> None:
    tool, asked, _, output = TOOLS["local_shell"]
    first = openai_client.responses.create(**LUNA, input=asked, tools=[tool])
    answered: Any = output | {"id": call_of(first)["call_id"]}
    later = openai_client.responses.create(**LUNA, previous_response_id=first.id, input=[answered], tools=[tool])
    assert "a.txt" in later.output_text


@pytest.mark.simulates("client-tools")
def test_a_shell_in_a_container_is_not_left_to_the_client(openai_client: OpenAI) -> None:
    tool: Any = {"type": "shell", "environment": {"type": "container_auto"}}
    said = openai_client.responses.create(**LUNA, input="Run a command that lists all files", tools=[tool])
    assert [item.type for item in said.output] == ["reasoning", "shell_call", "shell_call_output", "message"]
    assert "runs none" in said.output_text
    again = openai_client.responses.create(**LUNA, input="Thanks", previous_response_id=said.id, tools=[tool])
    assert again.output_text
