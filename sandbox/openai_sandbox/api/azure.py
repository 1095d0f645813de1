"""POST /openai/deployments/{deployment}/chat/completions: Chat Completions at Azure's address."""

from ..model import families
from .chat_completions import create
from .shared.call import Call
from .shared.result import Result
from .shared.state import State

MODEL = "gpt-6-luna"


def create_chat_completion(state: State, call: Call) -> Result:
    """Answer like Chat Completions, without what Azure adds to replies.

    The deployment decides which model answers, whatever model the request names: a deployment named after a model has
    that model, and any other has `MODEL`.
    """
    (deployment,) = call.ids
    model = deployment if families.find(deployment, state.today) else MODEL
    return create.create(state, call._replace(body=call.json() | {"model": model}))
