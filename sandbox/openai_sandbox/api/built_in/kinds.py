"""The built-in tools, when the model uses them, and in which order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...model.tools import content_words
from ..shared.state import State
from . import client_tools, code_interpreter, file_search, image_generation, mcp, tool_search, web_search
from .step import Asked, Step


class Kind(NamedTuple):
    """A built-in tool: what it does, and the words that make the model use it. None means that the tool decides.

    `check` raises for a definition that cannot be used, even if the tool is not used.
    """

    run: Callable[[Asked], list[Step]]
    words: frozenset[str] | None
    check: Callable[[State, Mapping[str, Any], str], None] | None = None


SHELL = content_words("shell command commands terminal bash run execute list file files directory folder")

BUILT_IN: Mapping[str, Kind] = {
    "tool_search": Kind(tool_search.run, None),
    "file_search": Kind(file_search.run, None, file_search.check),
    "web_search": Kind(
        web_search.run,
        content_words(
            "search web internet online latest news today current currently recent lookup look price source sources "
            "cite weather story"
        ),
        web_search.check,
    ),
    "mcp": Kind(lambda _: [], None, mcp.check),
    "image_generation": Kind(
        image_generation.run,
        content_words("image picture photo draw drawing paint painting illustration sketch logo"),
        image_generation.check,
    ),
    "code_interpreter": Kind(
        code_interpreter.run,
        content_words("code python calculate compute chart plot graph run execute solve equation sum average csv"),
    ),
    "local_shell": Kind(client_tools.local_shell, SHELL),
    "shell": Kind(client_tools.shell, SHELL),
    "apply_patch": Kind(
        client_tools.apply_patch, content_words("patch file edit change rename refactor rewrite create fix code")
    ),
    "computer": Kind(
        client_tools.computer, content_words("computer screen screenshot click type browser page website open desktop")
    ),
}


def kind_of(type: str) -> str:
    """Return the tool type that a type is a version of."""
    return next((name for name in ("web_search", "computer") if type.startswith(name)), type)


def check(state: State, tool: Mapping[str, Any], place: str) -> None:
    """Raise for a tool that cannot be used. `place` is the place of its definition in the request.

    Raises:
        APIError: it names something that does not exist, or a value that is not accepted.
    """
    kind = BUILT_IN[kind_of(tool["type"])]
    if kind.check:
        kind.check(state, tool, place)


def run(asked: Sequence[Asked], forced: str | None, most: int | None = None) -> list[Step]:
    """Return what the built-in tools do: those that the user's last message asks for, one of each kind.

    Args:
        asked: the tools, and what each is asked.
        forced: the type of the tool that has to be used; `required` means the first tool if none is asked for.
        most: how many tools may be used. None means all.
    """
    first = {kind_of(one.tool["type"]): one for one in reversed(asked)}
    said = content_words(asked[0].text) if asked else frozenset()
    used: list[list[Step]] = []
    for name, one in reversed(first.items()):
        kind = BUILT_IN[name]
        wanted = forced in (one.tool["type"], name)
        if wanted or (forced in (None, "required") and (kind.words is None or kind.words & said)):
            used.append(kind.run(one._replace(forced=wanted)))
    used = [steps for steps in used if steps]
    if not used and forced == "required" and asked:
        used = [BUILT_IN[kind_of(asked[0].tool["type"])].run(asked[0]._replace(forced=True))]
    return [step for steps in used[:most] for step in steps]
