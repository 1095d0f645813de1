"""What a client did wrong, from the journal: which requests came when, by which connection, after which answers."""

from .findings import Finding, Unknown, Verdict
from .judge import judge
from .kinds import KINDS, Kind
from .outcome import Outcome

__all__ = ["KINDS", "Finding", "Kind", "Outcome", "Unknown", "Verdict", "judge"]
