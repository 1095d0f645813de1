"""With aimock: a Node server, and a fixture from aimock-pytest."""
# needs: aimock-pytest==0.7.0, openai==3.57.0, pytest==9.2.0

from typing import Any

from openai import OpenAI


def summarize(text: str) -> str:
    response = OpenAI().responses.create(model="gpt-6-luna", input=text)
    return response.output_text


def test_the_summary_is_returned(aimock: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{aimock.base_url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    aimock.on_message("quarterly report", {"content": "Sales went up."})
    assert summarize("Our quarterly report") == "Sales went up."
    assert len(aimock.get_journal()) == 1
