"""Faults: what can go wrong, and the directives that request it."""

from .directives import TIERS, DirectiveError, Plan, directives_in, parse, plan, plan_of
from .kinds import KINDS, Fault, Kind

__all__ = ["KINDS", "TIERS", "DirectiveError", "Fault", "Kind", "Plan", "directives_in", "parse", "plan", "plan_of"]
