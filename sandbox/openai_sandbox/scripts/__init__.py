"""Scripts: a test says which prompt gets which answer from the model."""

from .rounds import Decision
from .rules import Rule, Script, ScriptError
from .seen import Seen, seen_alone, seen_of

__all__ = ["Decision", "Rule", "Script", "ScriptError", "Seen", "seen_alone", "seen_of"]
