"""Lesson 04: its assignment works as written, its diagram is what the program sends, its takeaways hold."""

import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import openai
import pytest
from pydantic import ValidationError

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of

from .programs import Edit, replacing, run_edited

PAGE = ROOT / "docs" / "lessons" / "structured-output.md"
PROGRAMS = Path(str(files("snippets") / "lessons" / "structured_output"))
Edits = dict[str, str]


class Run:
    """Runs a program of the lesson, edited, against a sandbox with its directives. `api` is the last sandbox."""

    api: Sandbox

    def __init__(self, sandbox: Callable[..., Sandbox]) -> None:
        self._sandbox = sandbox

    def __call__(self, program: str, edits: Edits | None = None) -> str:
        """Return what the program prints."""
        self.api = self._sandbox(plan_of(PROGRAMS / program))
        with self.api:
            printed, _ = run_edited(PROGRAMS / program, all_of(edits) if edits else None)
        return printed


def all_of(edits: Edits) -> Edit:
    """Return one edit that makes several, one after the other."""

    def edit(source: str) -> str:
        for old, new in edits.items():
            source = replacing(old, new)(source)
        return source

    return edit


@pytest.fixture
def run(sandbox: Callable[..., Sandbox]) -> Run:
    """Runs programs."""
    return Run(sandbox)


def schema(api: Sandbox, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = api.requests[number].body["text"]["format"]["schema"]
    return found


def test_a_dictionary_is_refused_and_a_list_of_pairs_is_not(run: Run) -> None:
    field = "    participants: list[str]\n"
    with pytest.raises(openai.BadRequestError) as raised:
        run("extract.py", {field: f"{field}    notes: dict[str, str]\n"})
    assert raised.value.code == "invalid_json_schema"
    pair = "class Note(BaseModel):\n    key: str\n    value: str\n\n\n"
    printed = run("extract.py", {"class Event": f"{pair}class Event", field: f"{field}    notes: list[Note]\n"})
    assert "notes=[Note(" in printed


def test_repair_gives_up_after_as_many_requests_as_it_may_make(run: Run) -> None:
    with pytest.raises(ValueError, match=r"still wrong \(tries: 1\).*add up to 2295"):
        run("repair.py", {'Total: $26.00.")': 'Total: $26.00.", tries=1)'})
    assert len(run.api.requests) == 1


def test_the_bill_of_an_answer_that_was_cut_off_can_be_kept(run: Run) -> None:
    printed = run(
        "outcomes.py",
        {
            "        response = client.responses.parse(": "        raw = client.responses.with_raw_response.parse(",
            "    except ValidationError as error:": "        if limit == 16:\n"
            "            print(json.loads(raw.text)['usage']['output_tokens'])\n"
            "        response = raw.parse()\n    except ValidationError as error:",
            "from dotenv": "import json\n\nfrom dotenv",
        },
    )
    assert printed.splitlines()[1:3] == ["16", "No object: The JSON is not complete."]


def arrows() -> list[str]:
    """Return what the diagram says that the code sends, in its order."""
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [line.replace("<br/>", " ") for line in re.findall(r"C->>A: (.+)", diagram)]


def test_the_diagram_is_what_the_program_sends(run: Run) -> None:
    run("repair.py")
    sent = []
    for request in run.api.requests:
        parts = {
            "input": request.body["input"],
            "previous_response_id": request.body["previous_response_id"],
            "text.format": request.body["text"]["format"],
        }
        sent.append(" + ".join(name for name, value in parts.items() if value))
    assert sent == arrows()
    assert schema(run.api, 0) == schema(run.api, 1)


def test_the_second_request_sends_only_the_complaint(run: Run) -> None:
    run("repair.py")
    _, second = run.api.requests
    assert second.body["input"] == "The items add up to 2295, not to 2600. Correct your answer."
    assert second.body["previous_response_id"].startswith("resp_")


def test_a_default_does_not_make_a_field_optional(run: Run) -> None:
    run("extract.py", {"    name: str\n": '    name: str = "unknown"\n'})
    assert "name" in schema(run.api)["required"]


def test_the_keys_of_the_answer_are_in_the_order_of_the_class(run: Run) -> None:
    swapped = {"    name: str\n    participants: list[str]\n": "    participants: list[str]\n    name: str\n"}
    for edits, keys in (({}, ["name", "participants"]), (swapped, ["participants", "name"])):
        printed = run("partial.py", edits)
        whole = printed.splitlines()[-2].replace("'", '"')
        assert list(json.loads(whole)) == keys


def test_what_parse_raises_is_no_error_of_the_api(run: Run) -> None:
    with pytest.raises(ValidationError) as raised:
        run(
            "outcomes.py",
            {
                "    except ValidationError as error:": "    except openai.OpenAIError as error:",
                "from dotenv": "import openai\nfrom dotenv",
            },
        )
    assert not isinstance(raised.value, openai.OpenAIError)
