"""POST /openai/deployments/{deployment}/chat/completions: Chat Completions where Azure has them."""

from ..model import families
from .chat_completions import create
from .shared.call import Call
from .shared.result import Result
from .shared.state import State

MODEL = "gpt-6-luna"


def create_chat_completion(state: State, call: Call) -> Result:
    """Answer as Chat Completions do, without what Azure adds to replies.

    The deployment decides which model answers, whatever the request calls its model: one that is named after a model
    is that model's, any other is one of `MODEL`.
    """
    (deployment,) = call.ids
    model = deployment if families.find(deployment, state.today) else MODEL
    return create.create(state, call._replace(body=call.json() | {"model": model}))
