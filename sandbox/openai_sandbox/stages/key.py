"""The key of a request: whether the sandbox takes it."""

from ..wire.errors import error
from ..wire.masking import mask_key
from ..wire.messages import Request

KEY_PREFIX = "sk-sandbox"


def checked(request: Request) -> str:
    """Return the key of a request: that of `Authorization`, on Azure's paths also that of `api-key`.

    Raises:
        APIError: there is none, or not one of the sandbox.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() == "bearer" and key.startswith(KEY_PREFIX):
        return key
    if request.path.startswith("/openai/"):
        if (key := request.headers.get("api-key", "").strip()).startswith(KEY_PREFIX):
            return key
        raise error("azure_access_denied")
    if scheme.lower() != "bearer" or not key:
        raise error("no_api_key")
    raise error("invalid_api_key", key=mask_key(key))


def unchecked(request: Request) -> str:
    """Return the key of a request, whatever it is: an upstream decides whether to take it."""
    return request.headers.get("authorization", "").partition(" ")[2].strip()
