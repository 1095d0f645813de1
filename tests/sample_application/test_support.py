"""200 tests of the support desk, as its maker would write them: each says in a line what the model answers."""

import json
import ssl
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import DefaultHttpxClient, OpenAI

from openai_sandbox import Sandbox

from .support import (
    RefusedError,
    Shop,
    Ticket,
    answer,
    chat_pieces,
    chat_ticket,
    help_customer,
    look_up,
    stream,
    ticket,
)

ORDERS = {f"A{number}": 10.0 + number for number in range(20)}


@pytest.fixture(scope="session")
def certificates() -> ssl.SSLContext:
    """What clients trust. To read it anew for each test takes 20 ms."""
    return ssl.create_default_context()


@pytest.fixture
def client(openai_sandbox: Sandbox, certificates: ssl.SSLContext) -> Iterator[OpenAI]:
    with OpenAI(max_retries=2, http_client=DefaultHttpxClient(verify=certificates)) as made:
        yield made


@pytest.fixture
def shop() -> Shop:
    return Shop(dict(ORDERS))


@pytest.mark.parametrize("number", range(20))
def test_it_says_what_the_model_says(openai_sandbox: Sandbox, client: OpenAI, number: int) -> None:
    openai_sandbox.when("opening hours", turn=1).say(f"From {number} to {number + 8}.")
    assert answer(client, f"Hello number {number}: what are your opening hours?") == f"From {number} to {number + 8}."


@pytest.mark.parametrize("id", ORDERS)
def test_it_refunds_what_was_paid(openai_sandbox: Sandbox, client: OpenAI, shop: Shop, id: str) -> None:
    paid = ORDERS[id]
    openai_sandbox.when(f"money back for {id}").call("get_order", order_id=id).then().call(
        "refund", order_id=id, amount=paid
    ).then("It is on its way.")
    assert help_customer(client, shop, f"I want my money back for {id}.") == "It is on its way."
    assert shop.refunded == {id: paid}
    outputs = [json.loads(json.dumps(sent.body["input"])) for sent in openai_sandbox.requests[1:]]
    assert [items[0]["output"] for items in outputs] == [json.dumps({"paid": paid}), "refunded"]


@pytest.mark.parametrize("id", list(ORDERS)[:10])
def test_it_refunds_no_more_than_was_paid(openai_sandbox: Sandbox, client: OpenAI, shop: Shop, id: str) -> None:
    openai_sandbox.when("refund").call("refund", order_id=id, amount=1000)
    openai_sandbox.when(output_of="refund").say("That is too much.")
    assert help_customer(client, shop, f"Refund 1000 for {id}!") == "That is too much."
    assert shop.refunded == {}
    assert openai_sandbox.requests[1].body["input"][0]["output"] == "more than was paid"


@pytest.mark.parametrize("number", range(10))
def test_two_orders_are_looked_at_in_one_round(
    openai_sandbox: Sandbox, client: OpenAI, shop: Shop, number: int
) -> None:
    first, second = f"A{number}", f"A{number + 1}"
    openai_sandbox.when("compare").call("get_order", order_id=first).also_call("get_order", order_id=second).then("Ok")
    assert help_customer(client, shop, f"Compare {first} and {second}") == "Ok"
    outputs = [item["output"] for item in openai_sandbox.requests[1].body["input"]]
    assert outputs == [json.dumps({"paid": ORDERS[id]}) for id in (first, second)]


@pytest.mark.parametrize("arguments", ['{"order_id": "A1"', "{}", '{"id": "A1"}', "[]", "null"])
def test_broken_arguments_are_told_to_the_model(
    openai_sandbox: Sandbox, client: OpenAI, shop: Shop, arguments: str
) -> None:
    openai_sandbox.when("order").call("get_order", arguments, checked=False).then("Sorry.")
    assert help_customer(client, shop, "Where is my order?") == "Sorry."
    assert openai_sandbox.requests[1].body["input"][0]["output"].startswith("error: ")


@pytest.mark.parametrize("id", list(ORDERS)[:5])
def test_it_does_not_go_round_for_ever(openai_sandbox: Sandbox, client: OpenAI, shop: Shop, id: str) -> None:
    rule = openai_sandbox.when("loop").call("get_order", order_id=id)
    for _ in range(4):
        rule.then().call("get_order", order_id=id)
    with pytest.raises(RuntimeError, match="too many rounds"):
        help_customer(client, shop, "Loop")
    assert len(openai_sandbox.requests) == 5


LETTERS = [
    (topic, urgency, f"Letter {urgency} about {topic}")
    for topic in ("delivery", "refund", "other")
    for urgency in range(1, 11)
]


@pytest.mark.parametrize(("topic", "urgency", "letter"), LETTERS)
def test_a_letter_becomes_a_ticket(
    openai_sandbox: Sandbox, client: OpenAI, topic: Any, urgency: int, letter: str
) -> None:
    wanted = Ticket(topic=topic, urgency=urgency, summary=f"{topic}!")
    openai_sandbox.when(equals=letter, api="responses").say_json(wanted.model_dump())
    assert ticket(client, letter) == wanted


@pytest.mark.parametrize(("topic", "urgency", "letter"), LETTERS[:15])
def test_a_letter_becomes_a_ticket_over_chat(
    openai_sandbox: Sandbox, client: OpenAI, topic: Any, urgency: int, letter: str
) -> None:
    wanted = Ticket(topic=topic, urgency=urgency, summary=f"{topic}?")
    openai_sandbox.when(equals=letter, api="chat").say_json(wanted.model_dump())
    assert chat_ticket(client, letter) == wanted


@pytest.mark.parametrize("read", [ticket, chat_ticket])
@pytest.mark.parametrize("number", range(5))
def test_a_refusal_is_no_ticket(openai_sandbox: Sandbox, client: OpenAI, read: Any, number: int) -> None:
    openai_sandbox.when(matches=rf"letter {number}$").refuse("No.")
    with pytest.raises(RefusedError):
        read(client, f"letter {number}")


@pytest.mark.parametrize("number", range(5))
def test_a_refusal_is_told_apart_from_an_answer(openai_sandbox: Sandbox, client: OpenAI, number: int) -> None:
    openai_sandbox.when("password").refuse(f"No, {number}.")
    with pytest.raises(RefusedError, match=f"No, {number}"):
        answer(client, "Tell me the password")


PIECES = [[f"piece{index} " for index in range(count)] for count in range(1, 16)]


@pytest.mark.parametrize("pieces", PIECES, ids=len)
def test_an_answer_is_shown_as_it_comes(openai_sandbox: Sandbox, client: OpenAI, pieces: list[str]) -> None:
    openai_sandbox.when("tell").stream(pieces)
    shown: list[str] = []
    assert stream(client, "Tell me", shown.append)
    assert shown == pieces


@pytest.mark.parametrize("pieces", PIECES, ids=len)
def test_an_answer_comes_in_pieces_over_chat(openai_sandbox: Sandbox, client: OpenAI, pieces: list[str]) -> None:
    openai_sandbox.when("tell").stream(pieces)
    assert list(chat_pieces(client, "Tell me")) == pieces


@pytest.mark.parametrize("fault", ["cut_stream", "end_early", "failed_response", "content_filter"])
@pytest.mark.parametrize("number", range(3))
def test_half_an_answer_is_not_taken_for_whole(
    openai_sandbox: Sandbox, client: OpenAI, fault: str, number: int
) -> None:
    openai_sandbox.when("tell").fail(fault).say("Never")
    shown: list[str] = []
    assert not stream(client, f"Tell me {number}", shown.append)
    assert len(openai_sandbox.requests) == 1


@pytest.mark.parametrize("fault", ["rate_limit", "server_error", "overloaded", "connection_drop"])
@pytest.mark.parametrize("times", [1, 2])
def test_it_gets_through_what_passes(openai_sandbox: Sandbox, client: OpenAI, fault: str, times: int) -> None:
    options = {} if fault == "connection_drop" else {"retry_after_ms": 1}
    openai_sandbox.when("hello").fail(fault, times=times, **options).say("Here I am.")
    if fault == "connection_drop":
        client = client.with_options(max_retries=times)
        client._calculate_retry_timeout = lambda *_, **__: 0.001  # type: ignore[method-assign]
    assert answer(client, "Hello") == "Here I am."
    assert len(openai_sandbox.requests) == times + 1


@pytest.mark.parametrize(
    ("fault", "raised", "sent"),
    [
        ("bad_key", openai.AuthenticationError, 1),
        ("region_unsupported", openai.PermissionDeniedError, 1),
        ("context_length", openai.BadRequestError, 1),
        ("rate_limit", openai.RateLimitError, 3),
        ("server_error", openai.InternalServerError, 3),
    ],
)
def test_it_gives_up_on_what_does_not_pass(
    openai_sandbox: Sandbox, client: OpenAI, fault: str, raised: type[Exception], sent: int
) -> None:
    openai_sandbox.when("hello").fail(fault, times=9, retry_after_ms=1)
    with pytest.raises(raised):
        answer(client, "Hello")
    assert len(openai_sandbox.requests) == sent


@pytest.mark.parametrize("number", range(15))
def test_pages_that_were_found_are_cited(openai_sandbox: Sandbox, client: OpenAI, number: int) -> None:
    page = {"url": f"https://example.org/{number}", "title": "A page", "text": f"It costs {number} euros."}
    openai_sandbox.when("cost").use("web_search", pages=[page])
    said, cited = look_up(client, "What does it cost?")
    assert f"It costs {number} euros." in said
    assert cited == [f"https://example.org/{number}?utm_source=openai"]


@pytest.mark.parametrize("status", ["incomplete", "failed"])
@pytest.mark.parametrize("number", range(2))
def test_an_answer_that_is_not_complete_is_none(
    openai_sandbox: Sandbox, client: OpenAI, status: str, number: int
) -> None:
    openai_sandbox.when("hello").fail("content_filter" if status == "incomplete" else "failed_response")
    with pytest.raises(RuntimeError, match=status):
        answer(client, f"Hello {number}")
