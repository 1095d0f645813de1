"""Every endpoint refuses unknown models and ids, every model what it does not take, and what only goes together alone.

The cases are made from the models and families that the sandbox knows, and from its routes.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from openai_sandbox.core import ENDPOINTS, Core
from openai_sandbox.model import embeddings
from openai_sandbox.model.families import Model, available, text_models

from .asking import (
    CHAT,
    CHAT_BODY,
    EMBEDDINGS,
    GOOD,
    HI,
    RESPONSES,
    Answer,
    Asker,
    Body,
    Case,
    check,
    listing,
    refused,
    report,
    unknown,
)

LOGPROBS = "message.output_text.logprobs"

# Models.


def no_models() -> list[str]:
    """Return names that no model answers to: made up, misspelled, shut down."""
    gone = set(models()) - {model.id for model in available(Core().today)}
    return ["gpt-9", "GPT-4.1", " gpt-4.1", "gpt-4.1 ", "gpt-4.1-2020-01-01", *sorted(gone)]


MODEL_ROWS: dict[str, Callable[[str], Answer]] = {
    RESPONSES: lambda name: refused("model_not_found", "model", f"The requested model '{name}' does not exist."),
    CHAT: lambda name: refused(
        "model_not_found", None, f"The model `{name}` does not exist or you do not have access to it.", 404
    ),
    "moderations.create": lambda name: refused(
        None, "model", f"Invalid value for 'model' = {name}. Please check the OpenAI documentation and try again."
    ),
}
MODEL_ROWS |= {EMBEDDINGS: MODEL_ROWS[CHAT], "responses.input_tokens.count": MODEL_ROWS[RESPONSES]}


@pytest.mark.parametrize("endpoint", MODEL_ROWS)
def test_an_unknown_model_is_told_so_by_every_endpoint(asker: Asker, endpoint: str) -> None:
    others = [*embeddings.models()] if endpoint != EMBEDDINGS else ["gpt-4.1", "gpt-6-luna"]
    names = [*no_models(), *others, "omni-moderation-2020-01-01"]
    cases = [Case(GOOD[endpoint][1] | {"model": name}, MODEL_ROWS[endpoint](name)) for name in names]
    check(asker.differing(endpoint, cases), len(cases), 50)


def test_an_unknown_model_is_told_so_where_models_are_described(asker: Asker) -> None:
    names = [name for name in no_models() if " " not in name]
    answers = {name: asker.ask("GET", f"/v1/models/{name}") for name in names}
    rows = {name: refused("model_not_found", "model", f"The model '{name}' does not exist", 404) for name in names}
    check([report(name, rows[name], got) for name, got in answers.items() if got != rows[name]], len(names), 45)


# What a model does not take: some of it never, some of it only while it reasons.

MODELS = available(Core().today)
REASONING = [model for model in MODELS if model.family.efforts]
FIRST = {model.family.match: model for model in reversed(MODELS)}
# An effort that Chat Completions does not know.
RESPONSES_ONLY = "max"
UNKNOWN = "unsupported_parameter"


def thinking(model: Model) -> list[str | None]:
    """Return efforts with which a model reasons, None for its default: of one model a family all, else one."""
    efforts = [None, *model.family.efforts] if model.family.default_effort != "none" else [*model.family.efforts]
    found = [effort for effort in efforts if effort != "none"]
    return found if FIRST[model.family.match] is model else found[:1]


def no_support(param: str, code: str | None = None) -> Answer:
    return refused(code, param, f"Unsupported parameter: '{param}' is not supported with this model.")


def not_while_reasoning() -> Iterator[Case]:
    """Yield what Responses refuses of models that reason."""
    wrong: list[Body] = [{"temperature": value} for value in (0, 0.5, 2)] + [{"top_p": value} for value in (0, 0.5, 1)]
    wrong += [{"presence_penalty": -2}, {"presence_penalty": 1}, {"frequency_penalty": 0.1}]
    logprobs = "logprobs are not supported with reasoning models."
    for model in REASONING:
        for effort in thinking(model):
            given = GOOD[RESPONSES][1] | {"model": model.id} | ({"reasoning": {"effort": effort}} if effort else {})
            yield from (Case(given | more, no_support(next(iter(more)))) for more in wrong)
            yield Case(given | {"top_logprobs": 1}, refused(UNKNOWN, "top_logprobs", logprobs))
            yield Case(given | {"include": [LOGPROBS]}, refused(UNKNOWN, "include", logprobs))


def not_while_reasoning_in_chat() -> Iterator[Case]:
    """Yield what Chat Completions refuses of models that reason."""
    wrong: list[Body] = [{"top_p": 0}, {"top_p": 0.5}, {"presence_penalty": -2}, {"presence_penalty": 1}]
    wrong += [{"frequency_penalty": 0.1}, {"logprobs": True}]
    for model in REASONING:
        for effort in thinking(model):
            if effort == RESPONSES_ONLY:
                continue
            given = CHAT_BODY | {"model": model.id} | ({"reasoning_effort": effort} if effort else {})
            yield from (Case(given | more, no_support(next(iter(more)), UNKNOWN)) for more in wrong)
            for value in (0, 0.5, 2):
                said = f"Unsupported value: 'temperature' does not support {value} with this model."
                told = f"{said} Only the default (1) value is supported."
                yield Case(given | {"temperature": value}, refused("unsupported_value", "temperature", told))


def never_in_chat() -> Iterator[Case]:
    """Yield what Chat Completions refuses of a model whatever its effort."""
    values: Body = {"stop": ["x"], "logit_bias": {"1": 1}, "prediction": {"type": "content", "content": "x"}}
    for model in MODELS:
        for effort in {*thinking(model), *model.family.efforts[:1]} - {RESPONSES_ONLY}:
            given = CHAT_BODY | {"model": model.id} | ({"reasoning_effort": effort} if effort else {})
            for param in model.family.rejects:
                yield Case(given | {param: values[param]}, no_support(param, UNKNOWN))
            for param in model.family.foreign:
                yield Case(given | {param: {}}, unknown(param))
            if model.family.efforts:
                said = no_support("max_tokens", UNKNOWN)
                instead = f"{said.message} Use 'max_completion_tokens' instead."
                yield Case(given | {"max_tokens": 50}, said._replace(message=instead))


def efforts() -> Iterator[tuple[str, Case]]:
    """Yield the efforts that models do not know, of both endpoints."""
    every = list(dict.fromkeys(effort for model in MODELS for effort in model.family.efforts))
    for model, effort in product(MODELS, every):
        known = model.family.efforts
        body = GOOD[RESPONSES][1] | {"model": model.id, "reasoning": {"effort": effort}}
        if not known:
            yield RESPONSES, Case(body, no_support("reasoning.effort"))
        elif effort not in known:
            said = f"Unsupported value: '{effort}' is not supported with the '{model.id}' model."
            told = f"{said} Supported values are: {listing(known)}."
            yield RESPONSES, Case(body, refused("unsupported_value", "reasoning.effort", told))
        body = CHAT_BODY | {"model": model.id, "reasoning_effort": effort}
        known = tuple(name for name in known if name != RESPONSES_ONLY)
        if not known:
            yield CHAT, Case(body, no_support("reasoning_effort", UNKNOWN))
        elif effort not in known:
            said = f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model."
            told = f"{said} Supported values are: {listing(known)}."
            yield CHAT, Case(body, refused("unsupported_value", "reasoning_effort", told))


@pytest.mark.parametrize(
    ("endpoint", "made", "least"),
    [
        (RESPONSES, not_while_reasoning, 850),
        (CHAT, not_while_reasoning_in_chat, 650),
        (CHAT, never_in_chat, 180),
    ],
    ids=["responses, reasoning", "chat, reasoning", "chat, always"],
)
def test_every_model_refuses_what_its_family_does_not_take(
    asker: Asker, endpoint: str, made: Callable[[], Iterator[Case]], least: int
) -> None:
    cases = list(made())
    check(asker.differing(endpoint, cases), len(cases), least)


def test_every_model_is_told_which_efforts_it_knows(asker: Asker) -> None:
    cases = list(efforts())
    wrong = [line for endpoint, case in cases for line in asker.differing(endpoint, [case])]
    check(wrong, len(cases), 440)


def test_what_a_family_limits_is_limited_for_each_of_its_models(asker: Asker) -> None:
    cases = []
    for model in MODELS:
        base = CHAT_BODY | {"model": model.id, "reasoning_effort": "none", "logprobs": True}
        for param, most in model.family.limits.items():
            said = f"integer above maximum value. Expected a value <= {most}, but got {most + 1} instead."
            refusal = refused("integer_above_max_value", param, f"Invalid '{param}': {said}")
            if param == "top_logprobs":
                said = f"must be less than or equal to {most}."
                refusal = refused(None, param, f"Invalid value for '{param}': {said}")
            cases += [Case(base | {param: most + 1}, refusal), Case(base | {param: most}, Answer(200))]
    check(asker.differing(CHAT, cases), len(cases), 8)


def test_models_that_do_not_reason_take_what_others_refuse(asker: Asker) -> None:
    sampling: Body = {"temperature": 0.5, "top_p": 0.5, "presence_penalty": 0.1, "frequency_penalty": 0.1}
    wrong, number = [], 0
    for model in MODELS:
        if model.family.efforts and "none" not in model.family.efforts:
            continue
        effort = {"effort": "none"} if model.family.efforts else None
        body = GOOD[RESPONSES][1] | sampling | {"model": model.id, "reasoning": effort, "include": [LOGPROBS]}
        wrong += asker.differing(RESPONSES, [Case(body | {"top_logprobs": 1}, Answer(200))])
        body = CHAT_BODY | sampling | {"model": model.id, "logprobs": True, "top_logprobs": 1}
        body |= {"reasoning_effort": "none"} if effort else {"max_tokens": 50, "stop": ["zzz"], "logit_bias": {"1": 1}}
        wrong += asker.differing(CHAT, [Case(body, Answer(200))])
        number += 2
    check(wrong, number, 60)


# Ids.

NOT_FOUND: dict[str, Callable[[str], Answer]] = {
    "response_id": lambda id: refused(None, None, f"Response with id '{id}' not found.", 404),
    "conversation_id": lambda id: refused(None, None, f"Conversation with id '{id}' not found.", 404),
    "item_id": lambda id: refused(None, None, f"Item with id '{id}' not found.", 404),
    "completion_id": lambda id: refused(None, None, f"Chat completion with id '{id}' not found.", 404),
    "file_id": lambda id: refused(None, "id", f"No such File object: {id}", 404),
    "batch_id": lambda id: refused(None, None, f"No batch found with id '{id}'.", 404),
    "model": lambda id: refused("model_not_found", "model", f"The model '{id}' does not exist", 404),
}
UNKNOWN_IDS = ("resp_x", "conv_0", "file-x", "123", "x" * 100, "%20")


def test_every_route_with_an_id_is_told_of_unknown_ones(asker: Asker) -> None:
    wrong, number = [], 0
    for (method, template), id in product(ENDPOINTS, UNKNOWN_IDS):
        parts = [part[1:-1] for part in template.split("/") if part.startswith("{")]
        if not parts or parts == ["deployment"]:
            continue  # any deployment of Azure's will do
        # A conversation that is there, and an item that is not.
        path = template.replace("{conversation_id}", asker.made["conversation"]) if parts[1:] else template
        path = path.replace(f"{{{parts[-1]}}}", id)
        got, expected = asker.ask(method, path, {} if method == "POST" else None), NOT_FOUND[parts[-1]](id)
        number += 1
        if got != expected:
            wrong.append(report((method, path), expected, got))
    check(wrong, number, 120)


@pytest.mark.parametrize("endpoint", [RESPONSES, "responses.input_tokens.count"])
def test_unknown_ids_in_a_body_are_told(asker: Asker, endpoint: str) -> None:
    base = GOOD[RESPONSES][1]
    cases = []
    for id in UNKNOWN_IDS:
        previous = f"Previous response with id '{id}' not found."
        none = refused("previous_response_not_found", "previous_response_id", previous)
        cases.append(Case(base | {"previous_response_id": id}, none))
        cases += [Case(base | {"conversation": form}, NOT_FOUND["conversation_id"](id)) for form in (id, {"id": id})]
        for kind in ("input_file", "input_image"):
            content = [{"type": "input_text", "text": "Hi"}, {"type": kind, "file_id": id}]
            cases.append(Case(base | {"input": [{"role": "user", "content": content}]}, NOT_FOUND["file_id"](id)))
        if endpoint == RESPONSES:
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
    check(asker.differing(CHAT, cases), len(cases), 6)


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/v1/responses", GOOD[RESPONSES][1], "response_id"),
        ("/v1/conversations", {}, "conversation_id"),
        ("/v1/chat/completions", CHAT_BODY | {"store": True}, "completion_id"),
    ],
)
def test_what_was_deleted_is_as_unknown_as_what_never_was(path: str, body: Body, name: str) -> None:
    asker = Asker()
    id = asker.send("POST", path, body)[1]["id"]
    assert asker.ask("GET", f"{path}/{id}") == Answer(200)
    assert asker.ask("DELETE", f"{path}/{id}") == Answer(200)
    for method in ("GET", "DELETE"):
        assert asker.ask(method, f"{path}/{id}") == NOT_FOUND[name](id)


# What goes together only, or not at all.


def call(id: str) -> Body:
    return {"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}}


def told(id: str) -> Body:
    return {"role": "tool", "tool_call_id": id, "content": "4"}


def tool_messages() -> Iterator[Case]:
    alone = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
    waiting = (
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        "The following tool_call_ids did not have response messages: "
    )
    asked: Body = {"role": "assistant", "tool_calls": [call("a"), call("b")]}
    cases: list[tuple[list[Body], int, str]] = [
        ([told("a")], 0, alone),
        ([asked, told("c")], 1, alone),
        ([asked, told("a"), told("a")], 2, alone),
        ([asked, told("a"), told("b"), told("b")], 3, alone),
        ([asked, told("a"), told("b"), HI, told("a")], 4, alone),
        ([asked, HI], 1, f"{waiting}a, b"),
        ([asked, told("b"), HI], 2, f"{waiting}a"),
        ([asked, told("a"), asked], 2, f"{waiting}b"),
        ([asked], 1, f"{waiting}a, b"),
        ([asked, told("a")], 2, f"{waiting}b"),
    ]
    for before, (given, place, message) in product(range(4), cases):
        body = CHAT_BODY | {"messages": [*[HI] * before, *given]}
        yield Case(body, refused(None, f"messages.[{before + place}].role", message))


def contents() -> Iterator[Case]:
    """Yield messages without content."""
    said = "Invalid value for 'content': expected a string, got null."
    more = {"tool": {"tool_call_id": "a"}, "function": {"name": "f"}}
    empty: list[Body] = [{}, {"content": None}]
    for role, before, given in product(("system", "user", "assistant", "tool", "function"), range(3), empty):
        messages = [*[HI] * before, {"role": role} | more.get(role, {}) | given]
        yield Case(CHAT_BODY | {"messages": messages}, refused(None, f"messages.[{before}].content", said))


def switched_off(given: Body, by: str, off: Any, message: str) -> Iterator[Case]:
    """Yield bodies for Chat Completions with a parameter, and without the one it belongs to, or with that one off."""
    (param,) = given
    for more in ({}, {by: off}):
        yield Case(CHAT_BODY | given | more, refused(None, param, message))


def alone_in_chat() -> Iterator[Case]:
    """Yield parameters of Chat Completions without those they belong to."""
    enabled = "The '{}' parameter is only allowed when '{}' is enabled."
    options: list[Body] = [{"include_usage": True}, {"include_usage": False}, {"include_obfuscation": False}]
    for value in options:
        said = enabled.format("stream_options", "stream")
        yield from switched_off({"stream_options": value}, "stream", False, said)
    for number in (0, 1, 20):
        said = enabled.format("top_logprobs", "logprobs")
        yield from switched_off({"top_logprobs": number}, "logprobs", False, said)
    said = "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."
    named = {"type": "function", "function": {"name": "f"}}
    allowed = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [named]}}
    for choice in ("required", named, allowed):
        yield from switched_off({"tool_choice": choice}, "tools", [], said)
    said = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    yield Case(CHAT_BODY | {"response_format": {"type": "json_object"}}, refused(None, "messages", said))


def tools_in_chat() -> Iterator[Case]:
    """Yield choices of functions that are not offered, and tools with an effort for models that take no such thing."""
    tools = [{"type": "function", "function": {"name": name}} for name in ("f", "g")]
    for name in ("h", "F", ""):
        said = f"no function named '{name}' was specified in the 'functions' parameter."
        choice = {"type": "function", "function": {"name": name}}
        refusal = refused(None, "function_call", f"Invalid value for 'function_call': {said}")
        yield Case(CHAT_BODY | {"tools": tools, "tool_choice": choice}, refusal)
    for model in MODELS:
        if "tools_with_effort" in model.family.refuses:
            said = (
                f"Function tools with reasoning_effort are not supported for {model.id} in /v1/chat/completions. "
                "To use function tools, use /v1/responses or set reasoning_effort to 'none'."
            )
            for effort in ("low", "medium", "high", "xhigh"):
                body = CHAT_BODY | {"model": model.id, "tools": tools, "reasoning_effort": effort}
                yield Case(body, refused(None, "reasoning_effort", said))


def items_alone() -> Iterator[Case]:
    """Yield items of Responses without those they belong to."""
    asked: Body = {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"}
    given: Body = {"type": "function_call_output", "call_id": "a", "output": "4"}
    other = [asked | {"call_id": "b"}, given | {"call_id": "b"}]
    thought: Body = {"type": "reasoning", "id": "rs_1", "summary": []}
    no_output = "No tool output found for function call a."
    no_call = "No tool call found for function call output with call_id a."
    no_next = "Item 'rs_1' of type 'reasoning' was provided without its required following item."
    cases: list[tuple[list[Body], str]] = [
        ([asked], no_output),
        ([asked, *other], no_output),
        ([given], no_call),
        ([given, asked], no_call),
        ([*other, given], no_call),
        ([thought], no_next),
        ([thought, HI], no_next),
        ([thought, {"role": "system", "content": "x"}], no_next),
    ]
    for (part, message), before, after in product(cases, range(3), range(2)):
        items = [*[HI] * before, *part, *[HI] * after]
        yield Case(GOOD[RESPONSES][1] | {"input": items}, refused(None, "input", message))


def alone_in_responses() -> Iterator[Case]:
    """Yield parameters of Responses without those they belong to, or with those they exclude."""
    base = GOOD[RESPONSES][1]
    said = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    for value, off in product((True, False), (None, False)):
        body = base | {"stream_options": {"include_obfuscation": value}, "stream": off}
        yield Case(body, refused(None, "stream_options", said))
    said = "Background mode requires 'store' to be true."
    yield Case(base | {"background": True, "store": False}, refused(None, "background", said))
    said = "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'."
    for conversation in ("conv_x", {"id": "conv_x"}):
        body = base | {"conversation": conversation, "previous_response_id": "resp_x"}
        yield Case(body, refused("mutually_exclusive_parameters", None, said))
    said = "Response input messages must contain the word 'json' in some form to use 'text.format' of type"
    for given in ("Hi", [HI], [HI, {"role": "system", "content": "Be brief."}]):
        body = base | {"input": given, "text": {"format": {"type": "json_object"}}}
        yield Case(body, refused(None, "input", f"{said} 'json_object'."))
    tools = [{"type": "function", "name": name} for name in ("f", "g")]
    for name, offered in product(("h", "F"), ([], tools)):
        choice = {"type": "function", "name": name}
        allowed = {"type": "allowed_tools", "mode": "auto", "tools": [choice]}
        refusal = refused(None, "tool_choice", f"Tool choice '{name}' not found in 'tools' parameter.")
        yield from (Case(base | {"tool_choice": one, "tools": offered}, refusal) for one in (choice, allowed))
    said = "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided."
    yield Case(base | {"input": ""}, refused("missing_required_parameter", None, said))
    yield Case(base | {"input": []}, refused("missing_required_parameter", None, said))


@pytest.mark.parametrize(
    ("endpoint", "made", "least"),
    [
        (CHAT, tool_messages, 40),
        (CHAT, contents, 30),
        (CHAT, alone_in_chat, 19),
        (CHAT, tools_in_chat, 50),
        (RESPONSES, items_alone, 48),
        (RESPONSES, alone_in_responses, 20),
    ],
)
def test_what_goes_together_only_is_refused_alone(
    asker: Asker, endpoint: str, made: Callable[[], Iterator[Case]], least: int
) -> None:
    cases = list(made())
    check(asker.differing(endpoint, cases), len(cases), least)
