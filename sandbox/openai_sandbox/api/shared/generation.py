"""Asks the small model, and counts and caches what it reads, for both APIs."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...model.answers import REASONING_TOKENS, Answer, Message, Task, filtered, generate
from ...model.families import Model
from ...model.prompt_cache import (
    LONGEST_KEPT,
    MOST_MATCHED,
    MOST_WRITTEN,
    SECONDS_KEPT,
    SECONDS_WRITTEN,
    SHORTEST,
    Breakpoint,
    Cached,
)
from ...model.sampling import explained
from ...model.scripted import Scripted, scripted_answer
from ...model.tokens import at_least
from ...values.budget import OverBudgetError
from ...wire.errors import error
from ...wire.members import members
from .call import Call
from .logprobs import logprob
from .possible import check
from .state import State


class Mark(NamedTuple):
    """A cache breakpoint that a request places: after how many characters of which message, and how long it is kept."""

    message: int
    end: int
    ttl: str | None = None


class Prompt(NamedTuple):
    """What the model is asked: all messages, how many input tokens they have, what is wanted other than plain text, and
    where the request places cache breakpoints."""

    messages: Sequence[Message]
    tokens: int
    task: Task
    marks: Sequence[Mark] = ()


class Generated(NamedTuple):
    """What the model answered, how much of the prompt came from the prompt cache, and how many tokens it has."""

    answers: list[Answer]
    cached: Cached
    read: int


def check_length(model: Model, messages: Sequence[Message], counted: int | None, id: str) -> None:
    """Refuse a prompt that is too long for the model, with the catalog's error `id`.

    Args:
        model: the model that is asked.
        messages: what it is asked.
        counted: how many tokens that is. None before they are counted. Counting far too many takes more work than a
            request may use, so the words are counted then.
        id: which error.

    Raises:
        APIError: it is too long.
    """
    if model.most_input is None:
        return
    if counted is None:
        if sum([len(text) for _, text in messages]) <= model.most_input:
            return
        counted = sum(at_least(text) for _, text in messages)
    if counted > model.most_input:
        raise error(id, maximum=model.most_input, count=counted)


def generated_weight(answers: Sequence[Answer], body: Mapping[str, Any]) -> int:
    """Return about how many bytes of memory the answers take."""
    generated = sum([answer.output_tokens for answer in answers])
    if body.get("logprobs") or "message.output_text.logprobs" in (body.get("include") or ()):
        return 500 * (1 + (body.get("top_logprobs") or 0)) * generated
    return 10 * generated


def ask(
    state: State,
    call: Call,
    model: Model,
    prompt: Prompt,
    *,
    effort: str | None,
    limit: int | None,
    stop: Sequence[str] = (),
    number: int = 1,
    seed: int | None = None,
) -> Generated:
    """Return `number` answers to a prompt.

    Args:
        state: what the endpoint works with.
        call: the request. Its fault may cut the answers short.
        model: the model that is asked.
        prompt: what it is asked.
        effort: the reasoning effort; None for models that do not reason.
        limit: the most tokens to generate for each answer, reasoning included.
        stop: texts at which to stop.
        number: how many answers.
        seed: the seed of the request.

    Raises:
        APIError: a schema takes more work than one request may use.
    """
    text = "\n".join(f"{role}: {text}" for role, text in prompt.messages)
    chance = state.chance.draws(text, seed)
    body = call.json()
    if call.scripted:
        given = _scripted(call.scripted, chance, prompt, effort, limit, stop, number)
        return given._replace(answers=list(map(filtered, given.answers))) if call.meets("content_filter") else given
    temperature, top_p = sampling(body)
    try:
        answers = [
            generate(
                prompt.messages,
                chance,
                temperature=temperature,
                top_p=top_p,
                effort=effort,
                limit=limit,
                stop=stop,
                task=prompt.task,
            )
            for _ in range(number)
        ]
    except (OverBudgetError, OverflowError, RecursionError):
        raise error("sandbox_over_budget", param=_schema_place(body)) from None
    if call.meets("content_filter"):
        answers = [filtered(answer) for answer in answers]
    if prompt.tokens < SHORTEST:
        return Generated(answers, Cached(), prompt.tokens)
    owner = f"{model.id}:{body.get('prompt_cache_key')}"
    if model.family.cache_writes:
        cached = state.cached_at(owner, text, _breakpoints(prompt, body.get("prompt_cache_options") or {}))
    else:
        cached = state.cached(owner, text, prompt.tokens, _kept(state, model, body))
    return Generated(answers, cached, prompt.tokens)


def _scripted(
    scripted: Scripted,
    chance: random.Random,
    prompt: Prompt,
    effort: str | None,
    limit: int | None,
    stop: Sequence[str],
    number: int,
) -> Generated:
    """Return a script's answer, if a model could give it.

    Raises:
        APIError: no model could.
    """
    check(scripted, prompt.task)
    reasoning = chance.choice(REASONING_TOKENS[effort]) if effort else 0
    task = prompt.task
    said = "" if task.silent else task.said
    answers = [scripted_answer(scripted, task.tools, reasoning, limit, stop, said) for _ in range(number)]
    if task.silent and not scripted.text:
        answers = [answer._replace(finish="tool_calls") for answer in answers]
    cached = Cached(read=scripted.usage.get("cached", 0))
    return Generated(answers, cached, scripted.usage.get("input", prompt.tokens))


def _kept(state: State, model: Model, body: Mapping[str, Any]) -> float:
    """Return how long the prompt cache of an earlier model keeps what a request sends, in seconds."""
    default = members(model.id, state.today)["response"].get("prompt_cache_retention")
    return LONGEST_KEPT if (body.get("prompt_cache_retention") or default) == "24h" else SECONDS_KEPT


def _breakpoints(prompt: Prompt, options: Mapping[str, Any]) -> list[Breakpoint]:
    """Return where a prompt can match the cache: at the request's breakpoints and, unless its mode is `explicit`, at
    the end of every message that an earlier request may have ended with. The last of those is written as well."""
    default = options.get("ttl") or next(iter(SECONDS_WRITTEN))
    implicit = options.get("mode") != "explicit"
    starts, ends, position = [], [], 0
    for role, text in prompt.messages:
        starts.append(position + len(role) + len(": "))
        ends.append(starts[-1] + len(text))
        position = ends[-1] + len("\n")
    found: dict[int, float | None] = {}
    if implicit:
        asked = [end for end, message in zip(ends, prompt.messages, strict=True) if message.role != "assistant"]
        found = dict.fromkeys(asked)
        if asked:
            found[asked[-1]] = SECONDS_WRITTEN[default]
    first_written = len(prompt.marks) - (MOST_WRITTEN - implicit)
    for number, mark in enumerate(prompt.marks):
        end = starts[mark.message] + mark.end
        kept = SECONDS_WRITTEN[mark.ttl or default] if number >= first_written else None
        found[end] = max(filter(None, (found.get(end), kept)), default=None)
    return [Breakpoint(end, found[end]) for end in sorted(found)[-MOST_MATCHED:]]


def _schema_place(body: Mapping[str, Any]) -> str:
    """Return where the schemas of a request are."""
    if body.get("tools"):
        return "tools"
    return "text.format.schema" if "text" in body else "response_format"


def sampling(body: Mapping[str, Any]) -> tuple[float, float]:
    """Return the temperature and the `top_p` of a request."""
    temperature, top_p = body.get("temperature"), body.get("top_p")
    return 1.0 if temperature is None else temperature, 1.0 if top_p is None else top_p


def logprobs_of(answer: Answer, body: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the log probabilities of an answer's tokens, or None if it was not drawn, such as tool calls."""
    if answer.tree is None:
        return None
    top = body.get("top_logprobs") or 0
    return [logprob(step, top) for step in explained(answer.tree, answer.tokens, *sampling(body))]
