"""Test what a program does with the pages that web search found."""

from openai import OpenAI

from openai_sandbox import Sandbox


def sources(question: str) -> list[str]:
    response = OpenAI().responses.create(
        model="gpt-6-luna", input=question, tools=[{"type": "web_search"}]
    )
    return [
        note.title
        for item in response.output
        if item.type == "message"
        for part in item.content
        if part.type == "output_text"
        for note in part.annotations
        if note.type == "url_citation"
    ]


def test_the_titles_of_cited_pages_are_listed(openai_sandbox: Sandbox) -> None:
    page = {
        "url": "https://example.org/tower",
        "title": "The tower",
        "text": "It opened in 1889.",
    }
    openai_sandbox.when("tower").use("web_search", pages=[page])
    assert sources("When did the tower open?") == ["The tower"]
