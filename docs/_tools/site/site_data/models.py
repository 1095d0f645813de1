"""models.json: the ids of text models, their snapshots and shutdowns, and what their families accept."""

import re
from datetime import date
from typing import Self, get_args

from openai.types.shared import ChatModel
from pydantic.dataclasses import dataclass

from openai_sandbox.model.families import text_models

from ...data.models import model_ids
from ...data.shutdowns import shutdowns
from ...tables import parameter_matrix
from .document import PUBLISHED, Document

DATED = re.compile(r"(.+)-(?:\d{4}-\d\d-\d\d|\d{4})")
APIS = {"responses": "responses", "chat/completions": "chat.completions"}


@dataclass(config=PUBLISHED)
class Shutdown:
    """An announced shutdown."""

    day: date
    """The earliest day that a source names."""
    sources: dict[str, date]
    """The day by source: the documentation in the openai package ("the SDK") or litellm's price file."""


@dataclass(config=PUBLISHED)
class Model:
    """A model id."""

    id: str
    """The name to send as `model`."""
    snapshots: list[str]
    """The known ids of its dated snapshots, in alphabetical order."""
    in_chat: bool
    """Whether the openai package lists it for Chat Completions."""
    in_responses: bool
    """Whether the openai package lists it for Responses. In neither: it is known from litellm or from recordings."""
    shutdown: Shutdown | None
    """When it shuts down, or did. Null: no source names a day."""


@dataclass(config=PUBLISHED)
class Acceptance:
    """Whether the models of a family accept a parameter."""

    api: str
    """The API: `responses` or `chat.completions`."""
    parameter: str
    """The name of the parameter."""
    accepted: bool | None
    """Whether it is accepted, with the right effort where `efforts` names any. Null: nothing was seen."""
    efforts: list[str] | None
    """The reasoning efforts with which it is accepted. Null: the effort does not matter."""


@dataclass(config=PUBLISHED)
class Family:
    """Models that accept the same, and how that is known."""

    models: list[str]
    """Their ids, without those of dated snapshots and of models that have shut down."""
    efforts: list[str]
    """The reasoning efforts that they accept. Empty: they do not reason."""
    default_effort: str | None
    """The effort in force when a request names none. Null: not known, or they do not reason."""
    parameters: list[Acceptance]
    """Parameters that some models refuse."""
    evidence: str
    """`recorded` from the live API, `pasted` in public reports, or `inferred` from documentation or related models."""
    source: str
    """Where it comes from."""
    read: date
    """The day the source was read."""


@dataclass(kw_only=True, config=PUBLISHED)
class Models(Document):
    """Every text model that the openai package or another source names: snapshots, shutdown, and what it accepts."""

    models: list[Model]
    """The models, as the openai package orders them, then those from other sources."""
    families: list[Family]
    """What general text models accept, family by family."""

    @classmethod
    def read(cls) -> Self:
        """Return what the tables say."""
        named, in_chat, ends = set(model_ids()), set(get_args(ChatModel)), shutdowns()
        ids = list(text_models())
        return cls(
            models=[
                Model(
                    id=id,
                    snapshots=sorted(other for other in ids if _base(other) == id),
                    in_chat=id in in_chat,
                    in_responses=id in named,
                    shutdown=Shutdown(ends[id].day, dict(ends[id].said)) if id in ends else None,
                )
                for id in ids
            ],
            families=[_family(row) for row in parameter_matrix.rows()],
        )


def _base(id: str) -> str | None:
    """Return the id that a dated snapshot belongs to."""
    dated = DATED.fullmatch(id)
    return dated[1] if dated else None


def _family(row: parameter_matrix.Row) -> Family:
    parameters = [
        Acceptance(APIS[path], name, found and found.accepted, list(found.efforts) if found and found.efforts else None)
        for (_, path, bodies), found in zip(parameter_matrix.PROBES, row.probes, strict=True)
        for name in dict.fromkeys(name for body in bodies for name in body)
    ]
    return Family(
        models=row.ids,
        efforts=list(row.efforts),
        default_effort=row.default_effort,
        parameters=parameters,
        evidence=row.family.evidence,
        source=row.family.source,
        read=date.fromisoformat(row.family.checked),
    )
