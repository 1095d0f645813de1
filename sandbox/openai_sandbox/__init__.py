"""The OpenAI API, offline: a faithful local server for the real SDK, with nothing to mock."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .resilience import assert_resilient
    from .sandbox import Sandbox

__all__ = ["Sandbox", "assert_resilient"]


def __getattr__(name: str) -> Any:
    # The browser imports openai_sandbox.core and has no sockets, so the server is only imported when it is asked for.
    if name == "Sandbox":
        from .sandbox import Sandbox

        return Sandbox
    if name == "assert_resilient":
        from .resilience import assert_resilient

        return assert_resilient
    raise AttributeError(f"module 'openai_sandbox' has no attribute {name!r}")
