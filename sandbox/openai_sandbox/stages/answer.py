"""Answers a request: finds its route and asks its endpoint, or contract mode."""

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
    """Return what a request's endpoint returns, or what a fault answers instead.

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
