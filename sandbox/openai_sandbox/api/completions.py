"""POST /v1/completions, the legacy API: a text in, its continuation out. The models that spoke it are shut down."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from ..model import tokens
from ..model.answers import WORDS, Answer, Message
from ..model.completion_models import completion_models
from ..model.families import Model
from ..validation.parameters import Validator
from ..values.budget import spend
from ..wire.errors import error
from ..wire.events import DONE, Event
from .shared.call import Call
from .shared.capabilities import check_simulated, model_name
from .shared.generation import Prompt, ask, check_length, logprobs_of
from .shared.result import Result
from .shared.state import State

VALIDATOR = Validator("completions.create")
KNOWN = {"best_of", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "model", "n"}
KNOWN |= {"presence_penalty", "prompt", "seed", "stop", "stream", "stream_options", "temperature", "top_p", "user"}
LONGEST = 16
"""How many tokens are generated where the request does not say, by the SDK's docstring."""


def create(state: State, call: Call) -> Result:
    """Continue texts, each of them `n` times."""
    body = call.json()
    model = _named_model(state, body)
    VALIDATOR.check_keys(body)
    VALIDATOR.check(body)
    check_simulated(body, KNOWN)
    stop = body.get("stop")
    limit = LONGEST if body.get("max_tokens") is None else body["max_tokens"]
    texts: list[str] = []
    answers: list[Answer] = []
    read = 0
    number = body.get("n") or 1
    for text in _prompts(body["prompt"]):
        spend(number * (20 + (len(text) / 100 if body.get("echo") else 0)))
        messages = [Message("user", text)]
        counted = tokens.count(text)
        check_length(model, messages, counted, "context_length.chat")
        made, _, _ = ask(
            state,
            call,
            model,
            Prompt(messages, counted, WORDS),
            effort=None,
            limit=limit,
            stop=[stop] if isinstance(stop, str) else stop or (),
            number=number,
            seed=body.get("seed"),
        )
        answers += made
        texts += [text] * len(made)
        read += counted
    written = sum(answer.output_tokens for answer in answers)
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    shared = {
        "id": state.ids.alphanumeric("cmpl"),
        "object": "text_completion",
        "created": int(state.now()),
        "model": model.snapshot,
    }
    authored = all(answer.authored for answer in answers)
    if body.get("stream"):
        counted_too = (body.get("stream_options") or {}).get("include_usage")
        stream = _chunks(shared, texts if body.get("echo") else (), answers, usage if counted_too else None)
        return Result(stream, written, authored, DONE)
    choices = [
        _choice(index, f"{text if body.get('echo') else ''}{answer.text}", _finish(answer), _likely(answer, body))
        for index, (text, answer) in enumerate(zip(texts, answers, strict=True))
    ]
    return Result(shared | {"choices": choices, "usage": usage}, written, authored)


def _named_model(state: State, body: dict[str, Any]) -> Model:
    id = model_name(body)
    model = completion_models().get(id)
    if model is None:
        raise error("model_unknown.chat", model=id)
    if model.shutdown <= state.today:
        raise error("model_deprecated.chat", model=model.id)
    return model.as_model()


def _prompts(given: Any) -> list[str]:
    """Return the texts of a prompt: a text, several, or tokens, which cannot be read here: the tokenizer is another."""
    if given is None or isinstance(given, str):
        return [given or ""]
    if all(isinstance(item, int) for item in given):
        return [f"{list(given)}"]
    return [item if isinstance(item, str) else f"{item}" for item in given]


def _choice(index: int, text: str, finish: str | None, likely: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"text": text, "index": index, "logprobs": likely, "finish_reason": finish}


def _finish(answer: Answer) -> str:
    return answer.finish if answer.finish in ("length", "content_filter") else "stop"


def _likely(answer: Answer, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the log probabilities in this API's own form: lists side by side."""
    if body.get("logprobs") is None:
        return None
    steps = logprobs_of(answer, {**body, "top_logprobs": body["logprobs"]}) or []
    offsets = [0]
    for step in steps:
        offsets.append(offsets[-1] + len(step["token"]))
    return {
        "tokens": [step["token"] for step in steps],
        "token_logprobs": [step["logprob"] for step in steps],
        "top_logprobs": [{other["token"]: other["logprob"] for other in step["top_logprobs"]} for step in steps],
        "text_offset": offsets[:-1],
    }


def _chunks(
    shared: dict[str, Any], echoed: Sequence[str], answers: Sequence[Answer], usage: dict[str, Any] | None
) -> Iterator[Event]:
    """Yield a chunk for each token, the choices taking turns, then how each ends, and usage where it was asked for."""

    def chunk(choices: list[dict[str, Any]], tokens: int = 0) -> Event:
        counted = {"usage": None if choices else usage} if usage else {}
        return Event(shared | {"choices": choices} | counted, tokens=tokens)

    for index, text in enumerate(echoed):
        yield chunk([_choice(index, text, None)])
    for pieces in zip_longest(*(answer.pieces for answer in answers)):
        for index, piece in enumerate(pieces):
            if piece is not None:
                yield chunk([_choice(index, piece, None)], tokens=1)
    for index, answer in enumerate(answers):
        yield chunk([_choice(index, "", _finish(answer))])
    if usage:
        yield chunk([])
