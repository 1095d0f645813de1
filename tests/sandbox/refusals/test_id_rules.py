"""Every route and every field refuses ids that it does not know.

The cases are made from the routes of the sandbox."""

from collections.abc import Callable
from itertools import product

import pytest

from ..client import ROUTES
from .answers import Answer, refused
from .asker import (
    CHAT_BODY,
    CREATE_COMPLETION,
    CREATE_RESPONSE,
    GOOD,
    Asker,
    Body,
    Case,
    check,
    report,
)

NOT_FOUND: dict[str, Callable[[str], Answer]] = {
    "response_id": lambda id: refused(None, None, f"Response with id '{id}' not found.", 404),
    "conversation_id": lambda id: refused(None, None, f"Conversation with id '{id}' not found.", 404),
    "item_id": lambda id: refused(None, None, f"Item with id '{id}' not found.", 404),
    "completion_id": lambda id: refused(None, None, f"Chat completion with id '{id}' not found.", 404),
    "file_id": lambda id: refused(None, "id", f"No such File object: {id}", 404),
    "batch_id": lambda id: refused(None, None, f"No batch found with id '{id}'.", 404),
    "model": lambda id: refused("model_not_found", "model", f"The model '{id}' does not exist", 404),
}


def in_store(kind: str, param: str, prefix: str = "") -> Callable[[str, str], Answer]:
    """Return how a vector store says that it does not have something."""

    def said(id: str, store: str) -> Answer:
        if prefix and not id.startswith(prefix):
            told = f"Invalid '{param}': '{id}'. Expected an ID that begins with '{prefix}'."
            return refused("invalid_value", param, told)
        return refused(None, param, f"No {kind} found with id '{id}'{store}.", 404)

    return said


STORE, IN_STORE = in_store("vector store", "vector_store_id", "vs_"), in_store("file", "file_id")
BATCH_IN_STORE = in_store("file batch", "batch_id", "vsfb_")


def not_found(template: str, name: str, id: str, store: str) -> Answer:
    """Return what a route says of an id that it does not know."""
    if name == "vector_store_id":
        return STORE(id, "")
    if name == "upload_id":
        return refused(None, "upload_id", f"No upload found with id '{id}'.", 404)
    if template.startswith("/v1/vector_stores"):
        return (IN_STORE if name == "file_id" else BATCH_IN_STORE)(id, f" in vector store '{store}'")
    return NOT_FOUND[name](id)


UNKNOWN_IDS = ("resp_x", "conv_0", "file-x", "123", "x" * 100, "%20")


def test_every_route_with_an_id_is_told_of_unknown_ones(asker: Asker) -> None:
    wrong, number = [], 0
    for (method, template), id in product(ROUTES, UNKNOWN_IDS):
        parts = [part[1:-1] for part in template.split("/") if part.startswith("{")]
        if not parts or parts == ["deployment"]:
            continue  # any deployment of Azure's will do
        # A conversation that is there, and an item that is not.
        path = template.replace("{conversation_id}", asker.made["conversation"]) if parts[1:] else template
        path = path.replace("{vector_store_id}", asker.made["vector_store"]) if parts[1:] else path
        path = path.replace(f"{{{parts[-1]}}}", id)
        got = asker.ask(method, path, {} if method == "POST" else None)
        expected = not_found(template, parts[-1], id, asker.made["vector_store"])
        number += 1
        if got != expected:
            wrong.append(report((method, path), expected, got))
    check(wrong, number, 120)


@pytest.mark.parametrize("endpoint", [CREATE_RESPONSE, "responses.input_tokens.count"])
def test_unknown_ids_in_a_body_are_told(asker: Asker, endpoint: str) -> None:
    base = GOOD[CREATE_RESPONSE][1]
    cases = []
    for id in UNKNOWN_IDS:
        previous = f"Previous response with id '{id}' not found."
        none = refused("previous_response_not_found", "previous_response_id", previous)
        cases.append(Case(base | {"previous_response_id": id}, none))
        cases += [Case(base | {"conversation": form}, NOT_FOUND["conversation_id"](id)) for form in (id, {"id": id})]
        for kind in ("input_file", "input_image"):
            content = [{"type": "input_text", "text": "Hi"}, {"type": kind, "file_id": id}]
            cases.append(Case(base | {"input": [{"role": "user", "content": content}]}, NOT_FOUND["file_id"](id)))
        if endpoint == CREATE_RESPONSE:
            none = refused(None, None, f"Prompt with id '{id}' not found.", 404)
            cases += [Case(base | {"prompt": {"id": id} | more}, none) for more in ({}, {"version": "2"})]
    check(asker.differing(endpoint, cases), len(cases), 30)


def test_an_unknown_file_in_a_chat_is_told(asker: Asker) -> None:
    cases = [
        Case(
            CHAT_BODY | {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": id}}]}]},
            NOT_FOUND["file_id"](id),
        )
        for id in UNKNOWN_IDS
    ]
    check(asker.differing(CREATE_COMPLETION, cases), len(cases), 6)


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/v1/responses", GOOD[CREATE_RESPONSE][1], "response_id"),
        ("/v1/conversations", {}, "conversation_id"),
        ("/v1/chat/completions", CHAT_BODY | {"store": True}, "completion_id"),
    ],
)
def test_what_was_deleted_is_as_unknown_as_what_never_was(path: str, body: Body, name: str) -> None:
    asker = Asker()
    id = asker.send("POST", path, body)["id"]
    assert asker.ask("GET", f"{path}/{id}") == Answer(200)
    assert asker.ask("DELETE", f"{path}/{id}") == Answer(200)
    for method in ("GET", "DELETE"):
        assert asker.ask(method, f"{path}/{id}") == NOT_FOUND[name](id)
