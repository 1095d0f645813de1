"""The answer: the route of a request, and what its endpoint, or contract mode, says."""

from urllib.parse import parse_qs

from ..api import routes
from ..api.shared.call import Call
from ..api.shared.result import Result
from ..api.shared.state import State
from ..faults import Fault
from ..model.scripted import Scripted
from ..wire.errors import error
from ..wire.messages import Request
from .body import Body
from .fault import replacement


def answer(
    state: State,
    request: Request,
    body: Body,
    fault: Fault | None,
    *,
    by_contract: bool = False,
    scripted: Scripted | None = None,
) -> Result:
    """Return what the endpoint of a request returns, or what a fault says in its place.

    Raises:
        APIError: there is no such endpoint, or it refuses the request.
    """
    if fault and (said := replacement(fault)):
        return said
    if request.headers.get("upgrade", "").lower() == "websocket":
        raise error("websocket_unsupported", param=f"{request.method} {request.path}")
    template, ids = routes.find(request.method, request.path)
    query = {name: values[-1] for name, values in parse_qs(request.query).items()} if request.query else {}
    call = Call(ids, body.json, query, body.form, fault, body.weight, scripted)
    if by_contract:
        from . import contract

        return contract.answer(state, request.method, template, call)
    return routes.endpoint(request.method, template)(state, call)
