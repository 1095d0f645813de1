"""Chat Completions and Responses at Azure's addresses.

POST /openai/deployments/{deployment}/chat/completions and POST /openai/responses.
"""

from ..model import families
from ..wire.errors import error
from .chat_completions import create
from .responses import create as responses
from .shared.call import Call
from .shared.result import Result
from .shared.state import State

MODEL = "gpt-6-luna"
RESPONSES_SINCE = "2025-03-01-preview"
"""The first `api-version` that has Responses. Versions are dates, and `preview`, which names none, sorts after them."""


def create_chat_completion(state: State, call: Call) -> Result:
    """Answer like Chat Completions, without what Azure adds to replies.

    The deployment decides which model answers, whatever model the request names: a deployment named after a model has
    that model, and any other has `MODEL`.
    """
    (deployment,) = call.ids
    return create.create(state, call._replace(body=call.json() | {"model": _model(state, deployment)}))


def create_response(state: State, call: Call) -> Result:
    """Answer like Responses, without what Azure adds to replies. `model` names the deployment.

    Raises:
        APIError: the `api-version` is older than Responses.
    """
    version = call.query.get("api-version", "")
    if version < RESPONSES_SINCE:
        raise error("azure_responses_version" if version.endswith("-preview") else "azure_resource_not_found")
    body = call.json()
    deployment = body.get("model")
    if isinstance(deployment, str):
        body = body | {"model": _model(state, deployment)}
    return responses.create(state, call._replace(body=body))


def _model(state: State, deployment: str) -> str:
    return deployment if families.find(deployment, state.today) else MODEL
