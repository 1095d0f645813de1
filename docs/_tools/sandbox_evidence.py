"""What the sandbox simulates: its routes, and the errors it answers with the evidence for each."""

from sandbox.core import ENDPOINTS
from sandbox.wire.errors import catalog

from .as_of import ROOT
from .fault_table import EVIDENCE

TARGET = ROOT / "docs" / "includes" / "generated" / "sandbox-evidence.md"


def render() -> str:
    """Return the list of routes, and the table of errors by status."""
    lines = ["These routes are simulated:", ""]
    lines += [f"- `{method} {path}`" for method, path in ENDPOINTS]
    lines += [
        "",
        "And these errors. The last column says how each is known; the exact source is in `sandbox/wire/errors.json`.",
        "",
        "| Status | Code | Message | Known from |",
        "|---:|---|---|---|",
    ]
    for case in sorted(catalog().values(), key=lambda case: (case.status, case.code or "", case.id)):
        message = case.message.replace("|", "\\|").replace("`", "'")
        short = message if len(message) <= 120 else f"{message[:117]}..."
        lines.append(
            f"| {case.status} | {f'`{case.code}`' if case.code else '—'} | {short} | {EVIDENCE[case.evidence]} |"
        )
    return "\n".join([*lines, ""])
