"""The OpenAI API, offline: a faithful local server for the real SDK, with nothing to mock."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .sandbox import Sandbox

__all__ = ["Sandbox"]


def __getattr__(name: str) -> Any:
    # The browser imports openai_sandbox.core and has no sockets: the server is only imported when asked for.
    if name == "Sandbox":
        from .sandbox import Sandbox

        return Sandbox
    raise AttributeError(f"module 'openai_sandbox' has no attribute {name!r}")
