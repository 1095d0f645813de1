"""What a client did wrong, judged from the journal: which requests came when, on which connection, after which
answers."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .findings import Finding, Unknown, Verdict
    from .judging import judge
    from .kinds import KINDS, Kind
    from .outcome import Outcome

__all__ = ["KINDS", "Finding", "Kind", "Outcome", "Unknown", "Verdict", "judge"]

_MODULES = {"Finding": "findings", "Unknown": "findings", "Verdict": "findings", "KINDS": "kinds", "Kind": "kinds"}
_MODULES |= {"Outcome": "outcome", "judge": "judging"}


def __getattr__(name: str) -> Any:
    # Most programs that start a sandbox ask for no verdict, so they should not pay for importing it.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
