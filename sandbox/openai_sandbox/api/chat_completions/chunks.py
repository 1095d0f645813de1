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
    usage: dict[str, Any],
    options: dict[str, Any],
) -> Iterator[Event]:
    """Yield the chunks of a streamed completion: role, content and finish of each choice, then usage if asked for.

    The choices' chunks take turns. After the last one the stream ends with `data: [DONE]`.
    """
    padding = Padding(shared["id"])

    def chunk(choices: list[dict[str, Any]], tokens: int = 0) -> Event:
        data = shared | {"object": "chat.completion.chunk", "choices": choices}
        if options.get("include_usage"):
            data["usage"] = None if choices else usage
        if choices and options.get("include_obfuscation") is not False:
            data["obfuscation"] = padding.next()
        return Event(data, tokens=tokens)

    def part(
        index: int, delta: dict[str, Any], finish: str | None = None, likely: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        return [{"index": index, "delta": delta, "logprobs": likely, "finish_reason": finish}]

    for index, answer in enumerate(answers):
        content = None if answer.calls or answer.refused else ""
        opening = {"role": "assistant", "content": content, "refusal": "" if answer.refused else None}
        yield chunk(part(index, opening), answer.reasoning_tokens)
    streams = [_deltas(answer, choice) for answer, choice in zip(answers, choices, strict=True)]
    for deltas in zip_longest(*streams):
        for index, piece in enumerate(deltas):
            if piece is not None:
                yield chunk(part(index, piece[0], likely=piece[1]), tokens=1)
    for index, answer in enumerate(answers):
        yield chunk(part(index, {}, answer.finish))
    if options.get("include_usage"):
        yield chunk([])


def _deltas(answer: Answer, choice: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Yield what each chunk adds to a choice, and the log probabilities of that."""
    field = "refusal" if answer.refused else "content"
    likely = (choice["logprobs"] or {}).get(field)
    for number, piece in enumerate(answer.pieces):
        yield {field: piece}, {"content": None, "refusal": None} | {field: [likely[number]]} if likely else None
    for index, call in enumerate(choice["message"].get("tool_calls", ())):
        function = {"name": call["function"]["name"], "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": function}]}, None
        for piece in tokens.pieces(tokens.encode(call["function"]["arguments"])):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None
