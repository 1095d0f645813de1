"""What the editor in a page offers at the cursor, marked with `|`."""

import importlib
import json
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT

IN_BROWSER = ROOT / "browser" / "browser_pack" / "in_browser"
CLIENT = "from openai import OpenAI\n\nclient = OpenAI()\n"


@pytest.fixture
def completion(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(IN_BROWSER)
    return importlib.import_module("browser_runtime.completion")


def offered(completion: Any, program: str) -> list[str]:
    before, _, after = program.partition("|")
    return [option["name"] for option in json.loads(completion.complete(before, after))["options"]]


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("import json\njson.du|", "dumps"),
        (f"{CLIENT}client.resp|", "responses"),
        (f"{CLIENT}client.responses.cr|", "create"),
        (f"{CLIENT}client.responses.create(mod|", "model="),
        (f"{CLIENT}client.responses.create(\n    model='a',\n    in|\n)\n", "input="),
        (f"{CLIENT}answer = client.responses.create(model='a', input='b')\nanswer.output_t|", "output_text"),
        (f"{CLIENT}for event in client.responses.create(model='a', stream=True):\n    event.del|", "delta"),
        (f"{CLIENT}with client.responses.stream(model='a') as s:\n    for event in s:\n        event.del|", "delta"),
        (f"{CLIENT}c = client.chat.completions.create(model='a', messages=[])\nc.choices[0].message.cont|", "content"),
        ("import openai\ntry:\n    pass\nexcept openai.RateLimitError as error:\n    error.request|", "request_id"),
        ("from openai import OpenAI\ndef ask(client: OpenAI) -> str:\n    client.mod|", "models"),
        ("from openai import AsyncOpenAI\nasync def main():\n    c = AsyncOpenAI()\n    c.emb|", "embeddings"),
        (f"{CLIENT}try:\n    client.fi|\nexcept ValueError:\n    pass\n", "files"),
        (f"{CLIENT}cli|", "client"),
        ("'a'.upp|", "upper"),
    ],
)
def test_what_fits_is_offered(completion: Any, program: str, name: str) -> None:
    assert name in offered(completion, program)


@pytest.mark.parametrize(
    "program",
    [
        f"{CLIENT}text = 'client.|",
        f"{CLIENT}# client.|",
        "nothing.|",
        "import no_such_module\nno_such_module.|",
        "def (\nbroken.|",
    ],
)
def test_where_nothing_is_known_nothing_is_offered(completion: Any, program: str) -> None:
    assert offered(completion, program) == []


def test_an_argument_is_offered_once_and_private_names_only_if_asked_for(completion: Any) -> None:
    assert "model=" not in offered(completion, f"{CLIENT}client.responses.create(model='a', |")
    assert not [name for name in offered(completion, f"{CLIENT}client.|") if name.startswith("_")]
    assert "__class__" in offered(completion, f"{CLIENT}client.__c|")


def test_a_program_is_not_executed(completion: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert "upper" in offered(completion, "print('executed')\nname = str(print('executed'))\nname.upp|")
    assert capsys.readouterr().out == ""
