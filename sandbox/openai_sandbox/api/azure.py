"""POST /openai/deployments/{deployment}/chat/completions: Chat Completions where Azure has them."""

from typing import TYPE_CHECKING

from ..model import families
from . import chat_completions
from .shared.call import Call
from .shared.result import Result

if TYPE_CHECKING:
    from ..core import Core

MODEL = "gpt-6-luna"


def create_chat_completion(core: "Core", call: Call) -> Result:
    """Answer as Chat Completions do, without what Azure adds to replies.

    The deployment decides which model answers, whatever the request calls its model: one that is named after a model
    is that model's, any other is one of `MODEL`.
    """
    (deployment,) = call.ids
    model = deployment if families.find(deployment, core.today) else MODEL
    return chat_completions.create(core, call._replace(body=call.json() | {"model": model}))
