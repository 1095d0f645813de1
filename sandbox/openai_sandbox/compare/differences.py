"""Finds structural differences between a recorded answer and the sandbox's.

A model's decisions do not count as differences: whether it reasons, calls a tool, summarizes its thoughts or cites, how
many pieces an answer comes in, and whether it is cut short. Members are compared if both answers have the object that
they belong to.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .shapes import ANY, DONE, Members, Shape

# Names of lists whose contents the model decides.
DECIDED = ("annotations", "content", "output", "outputs", "sources", "summary", "top_logprobs", "logprobs", "bytes")
# Members that depend on whether the model called a tool, refused, or came to an end.
CALLS = re.compile(r"(?:^|/)(?:tool_calls|function_call)(?:$|[\[/])")
TEXT = re.compile(r"(?:/(?:message|delta)/(?:content|refusal))$|(?:^|/)incomplete_details$|(?:^|/)completed_at$")
TAGGED = re.compile(r"(\w+)\[(\w*)\]")


class Difference(NamedTuple):
    """One difference: the place, and what the recording and the sandbox's answer have there."""

    place: str
    live: str
    here: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.place}: {self.live} in the recording, {self.here} here"


def differences(live: Shape, here: Shape) -> list[Difference]:
    """Return what differs in structure. If the status differs, only that is returned."""
    if live.status != here.status:
        return [Difference("status", str(live.status), _described(here))]
    # Recorders leave headers out, so only headers in a recording can be missing.
    missing = [Difference(f"header {name}", "present", "missing") for name in sorted(live.headers - here.headers)]
    if live.error is not None or here.error is not None:
        return missing + [
            Difference(f"error.{name}", repr(of_live), repr(of_here))
            for name in ("type", "code", "param")
            if (of_live := (live.error or {}).get(name)) != (of_here := (here.error or {}).get(name))
        ]
    found = missing
    if live.media_type and live.media_type.partition(";")[0] != here.media_type:
        found.append(Difference("content-type", live.media_type, str(here.media_type)))
    found += _order(live, here)
    for name in live.parts.keys() & here.parts.keys():
        # These appear for items of all kinds. Their members can only be compared if the kinds are the same.
        if not (name.startswith("response.output_item.") and live.items.keys() != here.items.keys()):
            found += _members(name, live.parts[name], here.parts[name])
    return sorted(set(found))


def values_that_differ(live: Shape, here: Shape) -> list[Difference]:
    """Return which values that follow from the request differ, and how the wording of errors differs."""
    found = [
        Difference(path, repr(value), repr(here.values.get(path)))
        for path, value in live.values.items()
        if path in here.values and here.values[path] != value
    ]
    masked = live.error and live.error.get("code") == "invalid_api_key"  # its message repeats an unknown key
    if live.error and here.error and not masked and live.error.get("message") != here.error.get("message"):
        found.append(Difference("error.message", repr(live.error.get("message")), repr(here.error.get("message"))))
    return found


def _described(shape: Shape) -> str:
    message = (shape.error or {}).get("message")
    return f"{shape.status} {message!r}" if message else str(shape.status)


def _order(live: Shape, here: Shape) -> Iterator[Difference]:
    """Yield how the order of a stream differs: at its beginning and end, and within each kind of item."""
    if not live.items and not here.items:
        if _kind(live) == _kind(here):
            if live.order != here.order:
                yield Difference("order", " > ".join(live.order), " > ".join(here.order))
        elif _ending(live) != _ending(here):
            yield Difference("order", " > ".join(_ending(live)), " > ".join(_ending(here)))
        return
    ends = {"response.completed": "", "response.incomplete": ""}
    of_live, of_here = ([ends.get(name, name) for name in shape.order] for shape in (live, here))
    if of_live != of_here:
        yield Difference("order", " > ".join(live.order), " > ".join(here.order))
    for kind in live.items.keys() & here.items.keys():
        plain_live = {_plain(sequence) for sequence in live.items[kind]}
        plain_here = {_plain(sequence) for sequence in here.items[kind]}
        if not plain_live & plain_here:
            yield Difference(f"order of {kind}", min(live.items[kind]), min(here.items[kind]))


def _plain(sequence: str) -> str:
    """Return an item's order without a model's decisions: summaries, and citations between pieces of a text."""
    names = [
        name
        for name in sequence.split(" > ")
        if "annotation" not in name and "reasoning_summary" not in name and not name.endswith("_text.delta")
    ]
    return " > ".join(names)


def _kind(shape: Shape) -> str:
    """Return what a stream of chunks contains: one tool call, several, or text."""
    for name in ("tool-first", "role+tool", "tool"):
        if name in shape.order:
            return name
    return "content"


def _ending(shape: Shape) -> list[str]:
    return [name for name in shape.order if name in ("finish", "usage", DONE)]


def _members(name: str, live: Members, here: Members) -> Iterator[Difference]:
    before = f"{name}: " if name else ""
    for path in live.keys() | here.keys():
        of_live, of_here = live.get(path), here.get(path)
        if of_live == of_here or (name and path == "type"):
            continue
        if of_live and of_here:
            known = of_live != ANY
            if known and not set(of_live.split("/")) & set(of_here.split("/")) and not TEXT.search(path):
                yield Difference(before + path, of_live, of_here)
        elif _is_owed(path, live, here):
            yield Difference(before + path, of_live or "missing", of_here or "missing")


def _is_owed(path: str, live: Members, here: Members) -> bool:
    """Tell whether an answer should have a member that it lacks: both answers have the object around it."""
    if CALLS.search(path) and not (_has_calls(live) and _has_calls(here)):
        return False
    around, _, last = path.rpartition("/")
    if element := TAGGED.fullmatch(last):
        list_of = path[: path.rindex("[")]
        return element[1] not in DECIDED and list_of in live and list_of in here
    of_live, of_here = live.get(around, ""), here.get(around, "")
    return not around or ((of_live == ANY or "obj" in of_live) and "obj" in of_here)


def _has_calls(members: Members) -> bool:
    return any(CALLS.search(path) for path in members)
