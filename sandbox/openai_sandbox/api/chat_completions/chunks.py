"""A chat completion as a stream of chunks."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from ...model import tokens
from ...model.answers import Answer
from ...wire.events import Event
from ...wire.ids import Padding


def chunks(
    shared: dict[str, Any],
    answers: Sequence[Answer],
    choices: Sequence[dict[str, Any]],
    usage: dict[str, Any] | None,
    *,
    padding: Padding | None,
    moderation: dict[str, Any] | None = None,
) -> Iterator[Event]:
    """Yield the chunks of a streamed completion: role, content and finish of each choice, then what was asked for.

    That may be usage and moderation results. All chunks are padded, if there is padding.

    The choices' chunks take turns. After the last one the stream ends with `data: [DONE]`.
    """

    def chunk(choices: list[dict[str, Any]], tokens: int = 0) -> Event:
        data = shared | {"object": "chat.completion.chunk", "choices": choices}
        if usage:
            data["usage"] = None if choices else usage
        if padding:
            data["obfuscation"] = padding.next()
        return Event(data, tokens=tokens)

    def part(
        index: int, delta: dict[str, Any], finish: str | None = None, likely: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        if "logprobs" not in choices[index]:
            return [{"index": index, "delta": delta, "finish_reason": finish}]
        return [{"index": index, "delta": delta, "logprobs": likely, "finish_reason": finish}]

    streams = [_deltas(answer, choice) for answer, choice in zip(answers, choices, strict=True)]
    for index, answer in enumerate(answers):
        single = len(answer.calls) == 1 or "function_call" in choices[index]["message"]
        opening = _opening(answer, next(streams[index])[0] if single else {})
        yield chunk(part(index, opening), answer.reasoning_tokens)
    for deltas in zip_longest(*streams):
        for index, piece in enumerate(deltas):
            if piece is not None:
                yield chunk(part(index, piece[0], likely=piece[1]), tokens=1)
    for index, choice in enumerate(choices):
        if cited := choice["message"]["annotations"]:
            yield chunk(part(index, {"annotations": cited}))
        yield chunk(part(index, {}, choice["finish_reason"]))
    if usage:
        yield chunk([])
    if moderation:
        last = chunk([])
        yield last._replace(data=last.data | {"moderation": moderation} | ({"usage": None} if usage else {}))


Delta = tuple[dict[str, Any], dict[str, Any] | None]


def _opening(answer: Answer, call: dict[str, Any]) -> dict[str, Any]:
    """Return the first delta of a choice. A single `call` begins in it; several begin after it."""
    if call:
        return {"role": "assistant", "content": None, **call, "refusal": None}
    if answer.calls:
        return {"role": "assistant", "content": None}
    return {"role": "assistant", "content": None if answer.refused else "", "refusal": "" if answer.refused else None}


def _deltas(answer: Answer, choice: dict[str, Any]) -> Iterator[Delta]:
    """Yield what each chunk adds to a choice, with its log probabilities."""
    field = "refusal" if answer.refused else "content"
    likely = (choice.get("logprobs") or {}).get(field)
    for number, piece in enumerate(answer.pieces):
        yield {field: piece}, {"content": None, "refusal": None} | {field: [likely[number]]} if likely else None
    if called := choice["message"].get("function_call"):
        yield {"function_call": {"name": called["name"], "arguments": ""}}, None
        for piece in tokens.pieces(tokens.encode(called["arguments"])):
            yield {"function_call": {"arguments": piece}}, None
    for index, call in enumerate(choice["message"].get("tool_calls", ())):
        function = {"name": call["function"]["name"], "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": function}]}, None
        for piece in tokens.pieces(tokens.encode(call["function"]["arguments"])):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None
