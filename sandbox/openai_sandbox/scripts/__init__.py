"""Scripts: what the model answers to which prompt, as a test says it."""

from .rounds import Decision
from .rules import Rule, Script, ScriptError
from .seen import Seen, seen_alone, seen_of

__all__ = ["Decision", "Rule", "Script", "ScriptError", "Seen", "seen_alone", "seen_of"]
