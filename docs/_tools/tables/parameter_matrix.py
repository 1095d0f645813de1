"""Which model family accepts which parameter: every cell is the result of a request to the sandbox.

The sandbox enforces model/families.json. Each row there has its evidence, and so does the table.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, get_args

from openai.types.shared import ChatModel

from openai_sandbox.core import Core, Request
from openai_sandbox.model.families import Family, available, families

from ..data.as_of import as_of
from ..data.generated import generates
from .model_prices import OTHER, TEXT

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
PROMPT = "Say hello"
CHAT = set(get_args(ChatModel))

# Column title, path, and additions to the request: each of the bodies is tried, and all must have the same result.
PROBES: tuple[tuple[str, str, tuple[dict[str, Any], ...]], ...] = (
    ("`temperature`, `top_p` other than 1", "responses", ({"temperature": 0.5}, {"top_p": 0.5})),
    (
        "`logprobs`, penalties in Chat",
        "chat/completions",
        ({"logprobs": True}, {"presence_penalty": 0.5}, {"frequency_penalty": 0.5}),
    ),
    ("`max_tokens` in Chat", "chat/completions", ({"max_tokens": 100},)),
    ("`stop` in Chat", "chat/completions", ({"stop": ["x"]}, {"stop": "x"})),
)


class Acceptance(NamedTuple):
    """Whether a parameter is accepted; `efforts` lists the reasoning efforts with which it is, if that matters."""

    accepted: bool
    efforts: tuple[str, ...] = ()


def ask(path: str, model: str, **body: Any) -> dict[str, Any]:
    """Send one request to a new sandbox, and return the reply."""
    asked: dict[str, Any] = {"input": PROMPT} if path == "responses" else {"messages": _messages()}
    request = Request(
        "POST",
        f"/v1/{path}",
        {"authorization": "Bearer sk-sandbox"},
        json.dumps({"model": model} | asked | body).encode(),
    )
    reply, _ = Core(seed=7, now=0).handle(request)
    assert isinstance(reply.body, bytes)  # noqa: S101 - nothing here is streamed
    answered: dict[str, Any] = json.loads(reply.body)
    return answered


def _messages() -> list[dict[str, str]]:
    return [{"role": "user", "content": PROMPT}]


def tried(model: str, path: str, bodies: tuple[dict[str, Any], ...], efforts: tuple[str, ...]) -> Acceptance:
    """Return whether a model accepts any of these additions to a request, by trying.

    Raises:
        ValueError: the bodies have different results: they need separate columns.
    """
    answers = {_tried(model, path, body, efforts) for body in bodies}
    if len(answers) > 1:
        raise ValueError(
            f"docs/_tools/tables/parameter_matrix.py: {model} treats {bodies} differently: give each a column"
        )
    return answers.pop()


def _tried(model: str, path: str, added: dict[str, Any], efforts: tuple[str, ...]) -> Acceptance:
    if not efforts:
        return Acceptance(not ask(path, model, **added).get("error"))
    efforts = tuple(effort for effort in efforts if not _with_effort(model, path, effort).get("error"))
    taken = [effort for effort in efforts if not _with_effort(model, path, effort, added).get("error")]
    return Acceptance(True, tuple(taken)) if 0 < len(taken) < len(efforts) else Acceptance(bool(taken))


def _with_effort(model: str, path: str, effort: str, added: dict[str, Any] | None = None) -> dict[str, Any]:
    asked = {"reasoning": {"effort": effort}} if path == "responses" else {"reasoning_effort": effort}
    return ask(path, model, **asked, **added or {})


@dataclass(frozen=True, slots=True)
class Row:
    """A family with its general text models that can be called today, and what these accept.

    `probes` has, for each of `PROBES`, what was found, or None if nothing was seen of the live API.
    """

    family: Family
    ids: list[str]
    efforts: tuple[str, ...]
    probes: list[Acceptance | None]

    @property
    def default_effort(self) -> str | None:
        """The effort in force if a request names none, if it is known."""
        return None if "default_effort" in self.family.unknown else self.family.default_effort


@cache
def rows() -> list[Row]:
    """Return the families and what they accept."""
    found = []
    taken: set[str] = set()
    for family in families():
        ids = [model.id for model in available(as_of()) if model.family is family and model.id not in taken]
        named = [id for id in ids if TEXT.match(id) and not OTHER.search(id)]
        taken |= set(ids)
        if named:
            found.append(_row(family, named))
    return found


def _row(family: Family, ids: list[str]) -> Row:
    efforts = tuple(e for e in EFFORTS if not ask("responses", ids[0], reasoning={"effort": e}).get("error"))
    probes = [
        None if set(family.unknown) & set(bodies[0]) else tried(ids[0], path, bodies, efforts)
        for _, path, bodies in PROBES
    ]
    return Row(family, ids, efforts, probes)


def _cell(found: Acceptance | None) -> str:
    if found is None:
        return "unknown"
    if found.efforts:
        return f"with effort {', '.join(f'`{effort}`' for effort in found.efforts)}"
    return "yes" if found.accepted else "no"


@generates("docs/includes/generated/parameter-matrix.md")
def render() -> str:
    """Return the table, one row per family, and the evidence for each."""
    lines = [
        f"| Models | Reasoning efforts in Responses | {' | '.join(title for title, _, _ in PROBES)} | Evidence |",
        f"|---|---|{'---|' * len(PROBES)}---|",
    ]
    sources = []
    for number, row in enumerate(rows(), 1):
        efforts = ", ".join(f"**{e}**" if e == row.default_effort else e for e in row.efforts) or "does not reason"
        names = ", ".join(f"`{id}`" + ("" if id in CHAT else " †") for id in row.ids)
        cells = [names, efforts, *map(_cell, row.probes), f"{row.family.evidence} ({number})"]
        lines.append(f"| {' | '.join(cells)} |")
        sources.append(f"{number}. {row.family.source}")
    lines += [
        "",
        "In bold: the effort in force when you name none, where it is known. "
        "*Unknown*: nothing was seen of it on these models, and the sandbox accepts it. "
        "*Penalties*: `presence_penalty` and `frequency_penalty`.",
        "",
        "Where each row comes from:",
        "",
        *sources,
        "",
    ]
    return "\n".join(lines)
