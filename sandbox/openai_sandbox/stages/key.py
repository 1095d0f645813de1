"""Checks whether the sandbox accepts a request's key."""

from ..wire.errors import error
from ..wire.masking import mask_key
from ..wire.messages import Request

KEY_PREFIX = "sk-sandbox"
HEADERS = ("authorization", "api-key")
"""The headers that a key belongs in: the second is Azure's."""


def checked(request: Request) -> str:
    """Return the key of a request, from `Authorization` or, on Azure's paths, also from `api-key`.

    Raises:
        APIError: there is no key, or it is not one of the sandbox's.
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
    """Return the key of a request, whatever it is: an upstream decides whether to accept it."""
    return request.headers.get("authorization", "").partition(" ")[2].strip()


def key_in(request: Request) -> tuple[str, ...]:
    """Return where else, besides the proper header, a request has its key; without that header, the sandbox's key."""
    authorization = request.headers.get("authorization", "")
    key = authorization.partition(" ")[2].strip() or KEY_PREFIX
    if len(key) < len(KEY_PREFIX):  # it may be a common word
        return ()
    where = "\n".join(request.headers.values()).count(key), key in request.query, key.encode() in request.body
    if where in ((1, False, False), (0, False, False)):
        return ()
    places = [name for name, value in request.headers.items() if key in value and name not in HEADERS]
    return (*places, *(place for place, found in zip(("query", "body"), where[1:], strict=True) if found))
