"""The table of the sandbox's faults."""

from openai_sandbox.faults import KINDS
from openai_sandbox.wire.errors import catalog

from .as_of import ROOT

TARGET = ROOT / "docs" / "includes" / "generated" / "fault-table.md"

EVIDENCE = {
    "recorded": "recorded from the live API",
    "specified": "OpenAI's description of the API",
    "pasted": "pasted in public issues",
    "inferred": "inferred",
}


def render() -> str:
    """Return the table: each fault, what it does, what the Python SDK raises, and how its error body is known."""
    rows = ["| fault | what it does | in the Python SDK | error body |", "|---|---|---|---|"]
    for fault in KINDS.values():
        known = EVIDENCE[catalog()[fault.error].evidence] if fault.error else "none"
        rows.append(f"| `{fault.name}` | {fault.does} | {fault.raises} | {known} |")
    return "\n".join(rows) + "\n"
