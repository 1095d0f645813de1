"""The sandbox's list of models, as the installed SDK names them."""

import json

from ..data.as_of import as_of
from ..data.generated import generates
from ..data.models import model_ids, shutdown_dates
from ..data.price_sources import limits


@generates("sandbox/openai_sandbox/model/models.json")
def render() -> str:
    """Return models.json."""
    dates, known = shutdown_dates(), limits()
    rows = ",\n".join(
        "  " + json.dumps({"id": id, "shutdown": dates.get(id), "most_input": known[id].reads if id in known else None})
        for id in model_ids()
    )
    return f'{{\n "as_of": "{as_of()}",\n "models": [\n{rows}\n ]\n}}\n'
