"""GET /v1/models and /v1/models/{id}."""

from typing import TYPE_CHECKING, Any

from ..model import families
from ..wire.call import Call
from ..wire.errors import error
from ..wire.result import Result

if TYPE_CHECKING:
    from ..core import Core


def list(core: "Core", _: Call) -> Result:  # noqa: A001 - the API's own name
    """List the models that have not been shut down."""
    return Result({"object": "list", "data": [_model(model) for model in families.available(core.today)]})


def retrieve(core: "Core", call: Call) -> Result:
    """Describe one model."""
    (id,) = call.ids
    model = families.find(id, core.today)
    if model is None:
        raise error("model_retrieve_unknown", model=id)
    return Result(_model(model))


def _model(model: families.Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": "system",
        "shutdown_date": model.shutdown.isoformat() if model.shutdown else None,
    }
