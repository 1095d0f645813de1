"""Every endpoint refuses unknown models, and every model what it does not take.

The cases are made from the models and families that the sandbox knows.
"""

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from openai_sandbox.model import embeddings
from openai_sandbox.model.families import Model, text_models

from ...good_requests import HI, LOGPROBS
from ..client import available_models
from .answers import Answer, listing, refused, unknown, unsupported
from .asker import (
    CHAT_BODY,
    CREATE_COMPLETION,
    CREATE_EMBEDDINGS,
    CREATE_RESPONSE,
    GOOD,
    Asker,
    Body,
    Case,
    check,
    report,
)


def no_models() -> list[str]:
    """Return names that no model answers to: made up, misspelled, shut down."""
    gone = set(text_models()) - {model.id for model in MODELS}
    return ["gpt-9", "GPT-4.1", " gpt-4.1", "gpt-4.1 ", "gpt-4.1-2020-01-01", *sorted(gone)]


MODEL_ROWS: dict[str, Callable[[str], Answer]] = {
    CREATE_RESPONSE: lambda name: refused("model_not_found", "model", f"The requested model '{name}' does not exist."),
    CREATE_COMPLETION: lambda name: refused(
        "model_not_found", None, f"The model `{name}` does not exist or you do not have access to it.", 404
    ),
    "moderations.create": lambda name: refused(
        None, "model", f"Invalid value for 'model' = {name}. Please check the OpenAI documentation and try again."
    ),
}
MODEL_ROWS |= {
    CREATE_EMBEDDINGS: MODEL_ROWS[CREATE_COMPLETION],
    "responses.input_tokens.count": MODEL_ROWS[CREATE_RESPONSE],
}


def deprecated(name: str) -> Answer:
    said = f"The model `{name}` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations"
    return refused("model_not_found", None, said, 404)


@pytest.mark.simulates("shutdown")
@pytest.mark.parametrize("endpoint", MODEL_ROWS)
def test_an_unknown_model_is_told_so_by_every_endpoint(asker: Asker, endpoint: str) -> None:
    others = [*embeddings.embedding_models()] if endpoint != CREATE_EMBEDDINGS else ["gpt-4.1", "gpt-6-luna"]
    names = [*no_models(), *others, "omni-moderation-2020-01-01"]
    cases = [Case(GOOD[endpoint][1] | {"model": name}, MODEL_ROWS[endpoint](name)) for name in names]
    if endpoint == CREATE_COMPLETION:
        gone = set(text_models()) - {model.id for model in MODELS}
        cases = [
            case._replace(expected=deprecated(name)) if name in gone else case
            for name, case in zip(names, cases, strict=True)
        ]
    check(asker.differing(endpoint, cases), len(cases), 50)


def test_an_unknown_model_is_told_so_where_models_are_described(asker: Asker) -> None:
    names = [name for name in no_models() if " " not in name]
    answers = {name: asker.ask("GET", f"/v1/models/{name}") for name in names}
    rows = {name: refused("model_not_found", "model", f"The model '{name}' does not exist", 404) for name in names}
    check([report(name, rows[name], got) for name, got in answers.items() if got != rows[name]], len(names), 45)


# What a model does not take: some of it never, some of it only while it reasons.

MODELS = available_models()
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


def not_while_reasoning() -> Iterator[Case]:
    """Yield what Responses refuses of models that reason."""
    wrong: list[Body] = [{"temperature": value} for value in (0, 0.5, 2)] + [{"top_p": value} for value in (0, 0.5, 1)]
    wrong += [{"presence_penalty": -2}, {"presence_penalty": 1}, {"frequency_penalty": 0.1}]
    logprobs = "logprobs are not supported with reasoning models."
    for model in REASONING:
        for effort in thinking(model):
            given = (
                GOOD[CREATE_RESPONSE][1] | {"model": model.id} | ({"reasoning": {"effort": effort}} if effort else {})
            )
            yield from (Case(given | more, unsupported(next(iter(more)))) for more in wrong)
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
            yield from (Case(given | more, unsupported(next(iter(more)), UNKNOWN)) for more in wrong)
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
                yield Case(given | {param: values[param]}, unsupported(param, UNKNOWN))
            for param in model.family.foreign:
                yield Case(given | {param: {}}, unknown(param))
            if model.family.efforts:
                said = unsupported("max_tokens", UNKNOWN)
                instead = f"{said.message} Use 'max_completion_tokens' instead."
                yield Case(given | {"max_tokens": 50}, said._replace(message=instead))


def efforts() -> Iterator[tuple[str, Case]]:
    """Yield the efforts that models do not know, of both endpoints."""
    every = list(dict.fromkeys(effort for model in MODELS for effort in model.family.efforts))
    for model, effort in product(MODELS, every):
        known = model.family.efforts
        body = GOOD[CREATE_RESPONSE][1] | {"model": model.id, "reasoning": {"effort": effort}}
        if not known:
            yield CREATE_RESPONSE, Case(body, unsupported("reasoning.effort"))
        elif effort not in known:
            said = f"Unsupported value: '{effort}' is not supported with the '{model.id}' model."
            told = f"{said} Supported values are: {listing(known)}."
            yield CREATE_RESPONSE, Case(body, refused("unsupported_value", "reasoning.effort", told))
        body = CHAT_BODY | {"model": model.id, "reasoning_effort": effort}
        known = tuple(name for name in known if name != RESPONSES_ONLY)
        if not known:
            yield CREATE_COMPLETION, Case(body, unsupported("reasoning_effort", UNKNOWN))
        elif effort not in known:
            said = f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model."
            told = f"{said} Supported values are: {listing(known)}."
            yield CREATE_COMPLETION, Case(body, refused("unsupported_value", "reasoning_effort", told))


def reasoning_items() -> Iterator[Case]:
    """Yield reasoning for every model: those that reason take it, at every effort, and the others refuse it."""
    said = (
        "Reasoning input items can only be provided to a reasoning or computer use model. Remove reasoning items from "
        "your input and try again."
    )
    items: list[Body] = [{"type": "reasoning", "summary": [], "encrypted_content": "x"}, HI]
    for model in MODELS:
        for effort in model.family.efforts or (None,):
            body = {"model": model.id, "input": items} | ({"reasoning": {"effort": effort}} if effort else {})
            yield Case(body, Answer(200) if effort else refused(None, "input", said))


@pytest.mark.parametrize(
    ("endpoint", "made", "least"),
    [
        (CREATE_RESPONSE, not_while_reasoning, 850),
        (CREATE_RESPONSE, reasoning_items, 100),
        (CREATE_COMPLETION, not_while_reasoning_in_chat, 650),
        (CREATE_COMPLETION, never_in_chat, 180),
    ],
    ids=["responses, reasoning", "responses, reasoning items", "chat, reasoning", "chat, always"],
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
    check(asker.differing(CREATE_COMPLETION, cases), len(cases), 8)


def test_models_that_do_not_reason_take_what_others_refuse(asker: Asker) -> None:
    sampling: Body = {"temperature": 0.5, "top_p": 0.5, "presence_penalty": 0.1, "frequency_penalty": 0.1}
    wrong, number = [], 0
    for model in MODELS:
        if model.family.efforts and "none" not in model.family.efforts:
            continue
        effort = {"effort": "none"} if model.family.efforts else None
        body = GOOD[CREATE_RESPONSE][1] | sampling | {"model": model.id, "reasoning": effort, "include": [LOGPROBS]}
        wrong += asker.differing(CREATE_RESPONSE, [Case(body | {"top_logprobs": 1}, Answer(200))])
        body = CHAT_BODY | sampling | {"model": model.id, "logprobs": True, "top_logprobs": 1}
        body |= {"reasoning_effort": "none"} if effort else {"max_tokens": 50, "stop": ["zzz"], "logit_bias": {"1": 1}}
        wrong += asker.differing(CREATE_COMPLETION, [Case(body, Answer(200))])
        number += 2
    check(wrong, number, 60)
