"""Scripts as files: what they say, what is wrong with one, and that it is read again."""

import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from openai_sandbox.scripts import Script
from openai_sandbox.scripts.files import ScriptFileError, load

from ...good_requests import LUNA
from ..client import Served
from .test_rules import WEATHER

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads(files("openai_sandbox.scripts").joinpath("script.schema.json").read_text("utf-8"))

GOOD: dict[str, Any] = {
    "rules": [
        {
            "when": {"words": "weather in Paris", "api": "responses", "turn": 1, "tool": "get_weather"},
            "answers": [{"call": {"name": "get_weather", "arguments": {"city": "Paris"}}}],
            "then": [[{"say": "Sunny.", "usage": {"input": 5}}]],
        },
        {"when": {"matches": "refund"}, "answers": [{"refuse": True}, {"refuse": "Never."}]},
        {"when": {"equals": "Who?"}, "answers": [{"say_json": {"name": "Ada"}}]},
        {"when": {"words": "stream"}, "answers": [{"stream": {"pieces": ["a ", "b"], "delay": 0.01}}]},
        {"when": {"words": "slow"}, "answers": [{"fail": {"fault": "rate_limit", "times": 2, "retry_after_ms": 1}}]},
        {"when": {"words": "broken"}, "answers": [{"fail": "server_error"}, {"say": "{", "checked": False}]},
        {
            "when": {"words": "both"},
            "answers": [{"calls": [{"name": "a", "arguments": {}}, {"name": "b", "arguments": "text"}]}],
        },
        {"when": {"output_of": "get_weather"}, "answers": [{"use": [{"tool": "web_search"}], "say": "Found."}]},
    ]
}


def written(folder: Path, script: Any) -> Path:
    path = folder / "answers.json"
    path.write_text(script if isinstance(script, str) else json.dumps(script), "utf-8")
    return path


@pytest.mark.simulates("script-files")
def test_a_file_says_what_rules_in_python_say(tmp_path: Path) -> None:
    jsonschema.validate(GOOD, SCHEMA)
    with Sandbox(seed=1, script=written(tmp_path, GOOD)) as api, OpenAI(max_retries=3) as client:
        asked: Any = {"input": "The weather in Paris?", "tools": [WEATHER]}
        first = client.responses.create(**LUNA, **asked)
        (call,) = [item for item in first.output if item.type == "function_call"]
        output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "22"}
        later = client.responses.create(**LUNA, input=[output], previous_response_id=first.id, tools=[WEATHER])
        assert later.output_text == "Sunny." and later.usage and later.usage.input_tokens == 5
        assert client.responses.create(**LUNA, input="Who?").output_text == '{"name":"Ada"}'
        assert client.responses.create(**LUNA, input="stream").output_text == "a b"
        assert client.responses.create(**LUNA, input="slow").output_text
        assert [exchange.status for exchange in api.requests][-3:] == [429, 429, 200]


BAD: list[tuple[Any, str]] = [
    ("{", "answers.json: not JSON"),
    ([], 'answers.json: not a script: expected an object with a list of "rules"'),
    ({"rules": [], "rule": 1}, "unknown 'rule': use \\$schema, rules, strict"),
    ({"rules": [5]}, "rule 1: expected an object"),
    ({"rules": [{"when": {}}]}, "rule 1: 'answers' is missing"),
    ({"rules": [{"answers": []}]}, "rule 1: answers: expected a list with at least one answer"),
    ({"rules": [{"when": {"wrods": "x"}, "answers": [{"say": "x"}]}]}, "rule 1: when: unknown 'wrods'"),
    ({"rules": [{"when": {"turn": "1"}, "answers": [{"say": "x"}]}]}, "rule 1: when: turn has to be a number"),
    ({"rules": [{"when": {"matches": "("}, "answers": [{"say": "x"}]}]}, "rule 1: matches: '\\(' is not a regular"),
    ({"rules": [{"when": {"api": "x"}, "answers": [{"say": "x"}]}]}, "rule 1: api: 'x' is not known"),
    ({"rules": [{"answers": [{"say": "x"}]}, {"answers": [{"say": 5}]}]}, "rule 2: answers\\[0\\]: say: expected text"),
    ({"rules": [{"answers": [{"say": "x", "refuse": True}]}]}, "expected an answer: one of say, say_json, refuse"),
    ({"rules": [{"answers": [{}]}]}, "expected an answer: one of"),
    ({"rules": [{"answers": [{"call": {"arguments": {}}}]}]}, "answers\\[0\\]: 'name' is missing"),
    ({"rules": [{"answers": [{"call": {"name": "a", "arguments": 1}}]}]}, "arguments have to be an object"),
    ({"rules": [{"answers": [{"call": "a"}]}]}, "answers\\[0\\]"),
    ({"rules": [{"answers": [{"fail": "rate_limt"}]}]}, "did you mean 'rate_limit'"),
    ({"rules": [{"answers": [{"stream": {"pieces": "a"}}]}]}, "pieces: expected a list of texts"),
    (
        {"rules": [{"answers": [{"say": "a", "usage": {"inputs": 1}}]}]},
        "input, cached, output, reasoning take a number",
    ),
    ({"rules": [{"answers": [{"say": "a"}], "then": [[]]}]}, "then\\[0\\]: expected a list with"),
    ({"rules": [{"answers": [{"say": "a"}], "then": 5}]}, "rule 1"),
]


@pytest.mark.parametrize(("script", "message"), BAD)
def test_a_wrong_file_is_refused_with_the_place_in_it(script: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(ScriptFileError, match=message):
        load(written(tmp_path, script), Script())


@pytest.mark.parametrize("script", [script for script, _ in BAD if isinstance(script, dict)])
def test_the_schema_refuses_a_wrong_file_too(script: Any) -> None:
    readable = json.dumps(script)
    if any(word in readable for word in ('"("', "rate_limt")):
        return  # what a schema cannot say
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(script, SCHEMA)


def test_a_command_says_what_is_wrong_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "program.py"
    program.write_text("print('ran')")
    missing = tmp_path / "missing.json"
    for arguments in (
        ["serve", "--port", "0", "--script", str(missing)],
        ["run", "--script", str(missing), str(program)],
    ):
        assert main(arguments) == 2
        assert "missing.json: cannot be read: No such file" in capsys.readouterr().err


def test_a_program_names_its_script_in_a_comment(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, {"rules": [{"when": {"words": "hello"}, "answers": [{"say": "Scripted."}]}]})
    program = tmp_path / "program.py"
    program.write_text(
        "# sandbox: script=answers.json\nfrom openai import OpenAI\n"
        "print(OpenAI().responses.create(model='gpt-6-luna', input='Hello').output_text)\n"
    )
    assert main(["run", str(program)]) == 0
    assert capfd.readouterr().out == "Scripted.\n"


@pytest.mark.simulates("script-files")
def test_a_file_is_read_again_when_it_changes_and_kept_when_it_cannot(tmp_path: Path) -> None:
    path = written(tmp_path, {"rules": [{"answers": [{"say": "one"}]}]})
    with Sandbox(seed=1, script=path), OpenAI() as client:
        assert client.responses.create(**LUNA, input="Hi").output_text == "one"
        for number, script in enumerate(({"rules": [{"answers": [{"say": "two"}]}]}, "{"), 1):
            written(tmp_path, script)
            os.utime(path, ns=(number, number))
            assert client.responses.create(**LUNA, input="Hi").output_text == "two"


def test_a_client_in_another_language_uses_a_served_script(served: Served, tmp_path: Path) -> None:
    node = shutil.which("node")
    if not node or not (ROOT / "node_modules" / "openai").is_dir():
        pytest.skip("Node or its openai package is not installed")
    base_url, _ = served("--script", str(written(tmp_path, GOOD)))
    program = (
        "import OpenAI from 'openai'; const client = new OpenAI({baseURL: process.argv[1], apiKey: process.argv[2]});"
        "const said = await client.responses.create({model: 'gpt-6-luna', input: 'stream'});"
        "console.log(said.output_text);"
    )
    key = "sk-sandbox-0000000000000000"
    command = [node, "--input-type=module", "-e", program, "--", base_url, key]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "a b\n", done.stderr
