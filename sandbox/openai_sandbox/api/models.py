"""GET /v1/models and /v1/models/{id}."""

from datetime import date
from typing import Any

from ..model import families
from ..model.embeddings import embedding_models
from ..model.moderation import moderation_models
from ..wire.errors import error
from .shared.call import Call
from .shared.result import Result
from .shared.state import State


def list(state: State, _: Call) -> Result:  # noqa: A001 - the API's own name
    """List the models that have not been shut down."""
    listed = [_model(model.id, model.created, model.shutdown) for model in families.available(state.today)]
    listed += [_model(model.id, model.created) for model in embedding_models().values()]
    listed += [_model(model.id, model.created) for model in moderation_models().values()]
    return Result({"object": "list", "data": listed})


def retrieve(state: State, call: Call) -> Result:
    """Describe one model."""
    (id,) = call.ids
    if model := families.find(id, state.today):
        return Result(_model(model.id, model.created, model.shutdown))
    if other := embedding_models().get(id) or moderation_models().get(id):
        return Result(_model(other.id, other.created))
    raise error("model_retrieve_unknown", model=id)


def delete(state: State, call: Call) -> Result:
    """Refuse to delete a model: only fine-tuned ones can be deleted, and there are none here."""
    retrieve(state, call)
    raise error("model_not_yours", model=call.ids[0])


def _model(id: str, created: int, shutdown: date | None = None) -> dict[str, Any]:
    return {
        "id": id,
        "object": "model",
        "created": created,
        "owned_by": "system",
        "shutdown_date": shutdown.isoformat() if shutdown else None,
    }
