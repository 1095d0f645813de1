"""Lesson 06: its diagram shows what its program sends, and its assignment, takeaways and answers are true."""

import contextlib
import random
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from openai_sandbox.http.mcp_client import McpClient
from openai_sandbox.values.grammar_texts import text_of
from openai_sandbox.values.grammars import read

from .programs import Edit, replacing, run_edited

PAGE = (ROOT / "docs" / "lessons" / "typed-tools.md").read_text("utf-8")
PROGRAMS = Path(str(files("snippets") / "lessons" / "typed_tools"))
MakeSandbox = Callable[..., Sandbox]


def ran(program: str, edit: Edit | None = None) -> tuple[str, dict[str, Any]]:
    """Run a program, edited, and return what it printed and its names."""
    return run_edited(PROGRAMS / program, edit)


@pytest.fixture
def asked_of_servers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the sandbox asks MCP servers, in this order."""
    asked: list[str] = []
    list_tools, call_tool = McpClient.list_tools, McpClient.call_tool

    def listed(self: McpClient, url: str, headers: Any) -> Any:
        asked.append("list tools")
        return list_tools(self, url, headers)

    def called(self: McpClient, url: str, headers: Any, name: str, arguments: str) -> str:
        asked.append(f"call {name}")
        return call_tool(self, url, headers, name, arguments)

    monkeypatch.setattr(McpClient, "list_tools", listed)
    monkeypatch.setattr(McpClient, "call_tool", called)
    return asked


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the server
def test_the_diagram_shows_what_is_sent_and_asked(api: Sandbox, asked_of_servers: list[str]) -> None:
    _, names = ran(
        "approvals.py", replacing('"Find order A-17", "Cancel order A-17", "Cancel order B-4"', '"Cancel order B-4",')
    )
    first, second = api.requests
    with OpenAI() as client:
        waiting = client.responses.retrieve(second.body["previous_response_id"])
    replies = [[item.type for item in reply.output] for reply in (waiting, names["reply"])]
    sent = [item["type"] for item in second.body["input"]]
    assert first.body["input"] == "Cancel order B-4"
    assert [tool["type"] for request in (first, second) for tool in request.body["tools"]] == ["mcp", "mcp"]
    expected = [
        ("C->>A", "message and mcp"),
        ("A->>S", asked_of_servers[0]),
        ("A-->>C", ", ".join(replies[0])),
        ("C->>A", f"{', '.join(sent)} and mcp"),
        ("A->>S", asked_of_servers[1]),
        ("A-->>C", ", ".join(replies[1])),
    ]
    assert len(asked_of_servers) == 2
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
    arrows = re.findall(r"^\s+(C->>A|A-->>C|A->>S): (.+)$", diagram, re.MULTILINE)
    assert [(arrow, said.replace("<br/>", " ")) for arrow, said in arrows] == expected
    before, _, after = diagram.partition("Note over C: a person approves")
    assert before.count("<br/>mcp_approval_request") == after.count(": mcp_approval_response<br/>") == 1


@pytest.mark.parametrize("program", ["registry.py", "registry_chat.py"])
def test_a_broken_rule_is_an_output_and_the_function_runs_once_it_holds(sandbox: MakeSandbox, program: str) -> None:
    with sandbox(plan_of(PROGRAMS / program)) as api:
        printed, _ = ran(program)
    assert re.findall(r"-> (error|booked)", printed) == ["error", "booked"]
    told = str(api.requests[1].body)
    assert "tables on the terrace have 4 seats" in told
    assert "booked" not in told


def test_both_apis_get_the_same_definition() -> None:
    from snippets.lessons.typed_tools import registry, registry_chat

    (nested,) = registry_chat.registry.tools
    (flat,) = registry.registry.tools
    assert flat == {"type": "function", **nested["function"]}
    assert flat["strict"] is True
    assert (flat["name"], flat["description"]) == ("book_table", "Book a table for a day and a number of guests.")
    rules = flat["parameters"]["properties"]
    assert (rules["guests"]["minimum"], rules["guests"]["maximum"]) == (1, 8)
    assert (rules["day"]["format"], rules["area"]["enum"]) == ("date", ["inside", "terrace"])
    assert "seats" not in str(flat), "a validator is not in the schema"


@pytest.mark.parametrize(
    ("name", "arguments", "output"),
    [
        ("get_news", "{}", "error: no tool 'get_news'"),
        ("book_table", "{", "error: Invalid JSON"),
        ("book_table", '{"day": "2026-12-24", "guests": 9, "area": "inside"}', "error: guests: Input should be less"),
        ("book_table", '{"day": "soon", "area": "roof"}', "error: day: Input should be a valid date"),
        ("book_table", '{"day": "2026-12-24", "guests": 5, "area": "terrace"}', "error: Value error, tables on the"),
        ("book_table", '{"day": "2026-12-24", "guests": 4, "area": "terrace"}', "booked: 4 guests terrace"),
    ],
)
def test_run_returns_an_output_whatever_the_model_asks_for(name: str, arguments: str, output: str) -> None:
    from snippets.lessons.typed_tools.registry import registry

    assert registry.run(name, arguments).startswith(output)


def test_each_broken_rule_is_told() -> None:
    from snippets.lessons.typed_tools.registry import registry

    told = registry.run("book_table", '{"day": "soon", "area": "roof"}')
    assert [part.partition(":")[0] for part in told.removeprefix("error: ").split("; ")] == ["day", "guests", "area"]


def test_an_error_of_the_function_is_not_taken_for_one_of_the_arguments() -> None:
    from snippets.lessons.typed_tools.registry import Booking, Registry

    def failing(booking: Booking) -> str:
        return Booking.model_validate({"day": "nonsense from the database"}).area

    registry = Registry()
    registry.add(failing)
    with pytest.raises(ValueError, match="nonsense from the database"):
        registry.run("failing", '{"day": "2026-12-24", "guests": 4, "area": "inside"}')


def test_a_rule_that_refuses_everything_books_nothing_whatever_the_model_says(sandbox: MakeSandbox) -> None:
    rule = 'if self.day == date(2026, 12, 24):\n            raise ValueError("closed")\n        if self.area =='
    with sandbox(plan_of(PROGRAMS / "registry.py")):
        printed, _ = ran("registry.py", replacing("if self.area ==", rule))
    assert "booked:" not in printed
    assert "so I booked one inside" in printed


def test_the_parser_reads_everything_that_the_grammar_allows() -> None:
    from snippets.lessons.typed_tools import grammar, grammar_chat

    assert grammar.GRAMMAR == grammar_chat.GRAMMAR
    texts = {text_of(read(grammar.GRAMMAR), random.Random(seed)) for seed in range(300)}
    assert len(texts) > 20
    assert any(" and " in text for text in texts)
    assert not [text for text in texts if "error" in grammar.find_orders(text)]
    wrong = ("", "total", "total > much", "total > 100 or status = open", "__import__('os')")
    for text in (*wrong, "price > 100", "total ? 100", "status < open"):
        assert grammar.find_orders(text) == grammar_chat.find_orders(text) == "error: this is not a filter"


def impatient(source: str) -> str:
    """Let the loop of test_booking.py ask again at once after a rate limit."""
    asked = "        reply = client.responses.create(**request, input=history)\n"
    again = (
        "        while True:\n            try:\n        "
        + asked
        + "                break\n            except RateLimitError:\n                pass\n"
    )
    source = replacing("import OpenAI", "import OpenAI, RateLimitError")(source)
    return replacing("timeout=30", "timeout=30, max_retries=0")(replacing(asked, again)(source))


@pytest.mark.parametrize(
    ("edit", "finding"),
    [
        (None, None),
        (replacing('if reply.status != "completed":', "if False:"), "content_filter"),
        (impatient, "retry_after_ignored"),
    ],
)
def test_the_verdict_fails_for_a_loop_that_takes_a_part_for_the_whole_or_does_not_wait(
    monkeypatch: pytest.MonkeyPatch, edit: Edit | None, finding: str | None
) -> None:
    monkeypatch.chdir(PROGRAMS)
    monkeypatch.syspath_prepend(PROGRAMS)
    _, names = run_edited(PROGRAMS / "test_booking.py", edit, "test_booking")
    with pytest.raises(AssertionError, match=finding) if finding else contextlib.nullcontext():
        names["test_it_holds_while_the_api_fails"]()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_server_is_called_without_approval_only_for_what_the_request_lists(
    api: Sandbox, asked_of_servers: list[str]
) -> None:
    printed, names = ran("approvals.py")
    assert names["ORDERS"] == {"A-17": "sent", "B-4": "canceled"}
    assert [asked for asked in asked_of_servers if asked != "list tools"] == ["call find_order", "call cancel_order"]
    assert re.findall(r"approved: (\w+)$", printed, re.MULTILINE) == ["False", "True"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_rule_can_approve(api: Sandbox) -> None:
    rule = "return ORDERS.get(arguments['order']) == 'open'"

    def edit(source: str) -> str:
        source = replacing('return arguments == {"order": "B-4"}', rule)(source)
        source = replacing('"B-4": "open"}', '"B-4": "open", "C-9": "open"}')(source)
        return replacing('"Cancel order B-4")', '"Cancel order C-9")')(source)

    _, names = ran("approvals.py", edit)
    assert names["ORDERS"] == {"A-17": "sent", "B-4": "open", "C-9": "canceled"}


def test_the_bridge_offers_only_what_is_allowed_and_names_no_server(api: Sandbox) -> None:
    printed, _ = ran("bridge.py")
    assert 'find_order({"order":"A-17"}) -> sent' in printed
    for request in api.requests:
        assert [(tool["type"], tool["name"]) for tool in request.body["tools"]] == [("function", "find_order")]


def test_a_naive_loop_does_what_the_ticket_says(sandbox: MakeSandbox) -> None:
    with sandbox(plan_of(PROGRAMS / "injection.py")):
        printed, _ = ran("injection.py")
    assert 'mail({"to":"eve@example.net","text":"Ada: 12 Hill Road"})' in printed


HOSTILE = [
    ("open_page", {"url": "https://evil.example/?all=Ada"}),
    ("open_page", {"url": "https://help.example.com@evil.example/"}),
    ("open_page", {"url": "https://help.example.com.evil.example/"}),
    ("open_page", {"url": "https://evil.example\\@help.example.com/"}),
    ("open_page", {"url": "https://evil.example/help.example.com"}),
    ("open_page", {"url": "http://help.example.com/"}),
    ("open_page", {"url": "file:///etc/passwd"}),
    ("open_page", {"url": ""}),
]


@pytest.mark.parametrize(("name", "arguments"), HOSTILE)
def test_no_other_host_is_opened_whatever_the_model_asks_for(name: str, arguments: dict[str, str]) -> None:
    from snippets.lessons.typed_tools.contained import FUNCTIONS

    assert FUNCTIONS[name](**arguments) == "error: not a page of the help center"


@pytest.mark.parametrize("url", ["https://help.example.com/parcels", "https://HELP.example.com:443/"])
def test_the_help_center_is_opened(url: str) -> None:
    from snippets.lessons.typed_tools.contained import open_page

    assert open_page(url) == "Parcels take three days."


def test_no_tool_takes_a_recipient_an_order_or_reads_customers(sandbox: MakeSandbox) -> None:
    with sandbox(plan_of(PROGRAMS / "contained.py")) as api:
        printed, names = ran("contained.py")
    (tools,) = {str(request.body["tools"]) for request in api.requests}
    offered = {tool["name"]: set(tool["parameters"]["properties"]) for tool in names["TOOLS"]}
    assert offered == {"read_ticket": set(), "open_page": {"url"}, "reply": {"text"}, "refund": set()}
    assert "strict" in tools
    assert [mail.partition(":")[0] for mail in names["MAILS"]] == ["to ada@example.com"]
    assert "A-17 is waiting for a person" in printed


def test_a_loose_check_opens_the_gate(sandbox: MakeSandbox) -> None:
    with sandbox(plan_of(PROGRAMS / "contained.py")):
        printed, _ = ran("contained.py", replacing("parts.hostname not in HOSTS", '"help.example.com" not in url'))
    assert "Parcels take three days." in printed


def test_a_search_needs_no_output_and_a_function_does(api: Sandbox) -> None:
    printed, names = ran("built_in.py")
    assert printed.split() == ["reasoning", "web_search_call", "function_call"]
    search, call = names["reply"].output[1:]
    assert search.status == "completed"
    assert call.name == "installed_version"
