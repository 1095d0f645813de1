"""A response as a stream of events."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from ...faults import Fault
from ...model import tokens
from ...model.answers import Answer
from ...wire.errors import APIError
from ...wire.events import Event, beginning
from ...wire.ids import Padding
from ...wire.members import lacking
from ..built_in import item_events
from ..built_in.image_generation import partial
from ..built_in.step import end_of
from .output import unfinished


def events(
    response: dict[str, Any], padding: Padding | None, partial_images: int = 0, answer: Answer | None = None
) -> Iterator[Event]:
    """Yield the events of a streamed response. `sequence_number` counts from 0; there is no [DONE].

    Events with text are padded, if there is padding.
    """
    number = -1

    def event(name: str, /, tokens: int = 0, **fields: Any) -> Event:
        nonlocal number
        number += 1
        return Event({"type": name, "sequence_number": number, **fields}, name, tokens)

    def delta(name: str, place: dict[str, Any], piece: str, **fields: Any) -> Event:
        nonlocal number
        number += 1
        data = {"type": name, "sequence_number": number, **place, "delta": piece, **fields}
        if padding:
            data["obfuscation"] = padding.next()
        return Event(data, name, 1)

    status = "queued" if response["background"] else "in_progress"
    started = unfinished(response, status=status, service_tier="auto")
    yield event("response.created", response=started)
    if response["background"]:
        yield event("response.queued", response=started)
        started = started | {"status": "in_progress"}
    yield event("response.in_progress", response=started)
    for index, item in enumerate(response["output"]):
        place = {"item_id": item["id"], "output_index": index}
        if item["type"] == "reasoning":
            spent = response["usage"]["output_tokens_details"]["reasoning_tokens"]
            yield event("response.output_item.added", output_index=index, item=item | {"summary": []})
            for at, part in enumerate(item["summary"]):
                here = place | {"summary_index": at}
                yield event("response.reasoning_summary_part.added", **here, part=part | {"text": ""})
                for piece in tokens.pieces(tokens.encode(part["text"])):
                    yield delta("response.reasoning_summary_text.delta", here, piece)
                yield event("response.reasoning_summary_text.done", **here, text=part["text"])
                yield event("response.reasoning_summary_part.done", **here, part=part)
            yield event("response.output_item.done", tokens=spent, output_index=index, item=item)
        elif item["type"] != "message":
            yield event("response.output_item.added", output_index=index, item=item_events.beginning(item))
            for part in item_events.between(item):
                if isinstance(part, str):
                    yield event(f"response.{part}", **place)
                    if part == "image_generation_call.generating":
                        for shown in partial(item, partial_images):
                            yield event("response.image_generation_call.partial_image", **place, **shown)
                    continue
                whole: dict[str, Any] = {part.member: part.text}
                if part.number is not None:
                    place = {"output_index": index, "command_index": part.number}
                    begun: dict[str, Any] = {part.member: ""}
                    yield event(f"response.{part.name}.added", **place, **begun)
                for piece in tokens.pieces(tokens.encode(part.text)):
                    yield delta(f"response.{part.name}.delta", place, piece)
                yield event(f"response.{part.name}.done", **place, **whole)
            yield event("response.output_item.done", output_index=index, item=item)
        else:
            (part,) = item["content"]
            place |= {"content_index": 0}
            yield event(
                "response.output_item.added", output_index=index, item=item | {"status": "in_progress", "content": []}
            )
            if part["type"] == "refusal":
                yield event("response.content_part.added", **place, part=part | {"refusal": ""})
                for piece in _pieces(part["refusal"], answer):
                    yield delta("response.refusal.delta", place, piece)
                yield event("response.refusal.done", **place, refusal=part["refusal"])
            else:
                empty = part | {"text": "", "logprobs": [], "annotations": []}
                yield event("response.content_part.added", **place, part=empty)
                waiting, written = deque(enumerate(part["annotations"])), 0
                for at, piece in enumerate(_pieces(part["text"], answer)):
                    likely = [_of_event(part["logprobs"][at])] if part["logprobs"] else []
                    yield delta("response.output_text.delta", place, piece, logprobs=likely)
                    written += len(piece)
                    while waiting and end_of(waiting[0][1]) <= written:
                        cited_number, cited = waiting.popleft()
                        yield event(
                            "response.output_text.annotation.added",
                            **place,
                            annotation_index=cited_number,
                            annotation=cited,
                        )
                likely = [_of_event(entry) for entry in part["logprobs"]]
                yield event("response.output_text.done", **place, text=part["text"], logprobs=likely)
            yield event("response.content_part.done", **place, part=part)
            yield event("response.output_item.done", output_index=index, item=item)
    absent = lacking("response", "streamed")
    finished = {key: value for key, value in response.items() if key not in absent}
    yield event(f"response.{response['status']}", response=finished)


def failing(events: Iterator[Event], response: dict[str, Any], failure: APIError, fault: Fault) -> Iterator[Event]:
    """Yield the beginning of a stream and its failure. After a `stream_error`, a separate error event comes first."""
    sent = beginning(events, fault.after if fault.kind.by_events else None)
    yield from sent
    number = len(sent)
    if fault.kind.name == "stream_error":
        problem = {"type": failure.type} | described(failure) | {"param": failure.param}
        yield Event({"type": "error", "sequence_number": number, "error": problem}, "error")
        number += 1
    yield Event({"type": "response.failed", "sequence_number": number, "response": response}, "response.failed")


def described(failure: APIError) -> dict[str, Any]:
    """Return what a failed response says about its error."""
    return {"code": failure.code, "message": failure.message}


def _pieces(text: str, answer: Answer | None) -> list[str]:
    """Return what each token of a text adds, as it was or would be generated."""
    return answer.pieces if answer and answer.pieces else tokens.pieces(tokens.encode(text))


def _of_event(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a log probability in the form for events: without bytes."""
    top = [{"token": other["token"], "logprob": other["logprob"]} for other in entry["top_logprobs"]]
    return {"token": entry["token"], "logprob": entry["logprob"], "top_logprobs": top}
