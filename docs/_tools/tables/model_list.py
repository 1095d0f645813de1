"""The sandbox's list of models: those that the installed SDK names, with their shutdown dates."""

import json

from ..data.as_of import as_of
from ..data.generated import generates
from ..data.models import model_ids
from ..data.price_sources import limits
from ..data.shutdowns import shutdowns


@generates("sandbox/openai_sandbox/model/models.json")
def render() -> str:
    """Return models.json."""
    ends, known = shutdowns(), limits()
    rows = ",\n".join(
        "  "
        + json.dumps(
            {
                "id": id,
                "shutdown": ends[id].day.isoformat() if id in ends else None,
                "most_input": known[id].reads if id in known else None,
            }
        )
        for id in model_ids()
    )
    return f'{{\n "as_of": "{as_of()}",\n "models": [\n{rows}\n ]\n}}\n'
