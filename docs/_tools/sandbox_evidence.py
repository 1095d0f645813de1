"""What the sandbox simulates: its behavior and its errors with the evidence for each, and its routes."""

import json
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from openai_sandbox.api.routes import ENDPOINTS
from openai_sandbox.wire.errors import catalog

from . import claims
from .as_of import ROOT
from .fault_table import EVIDENCE

GENERATED = ROOT / "docs" / "includes" / "generated"
BEHAVIOR: list[dict[str, str]] = json.loads((ROOT / "sandbox" / "behavior.json").read_text("utf-8"))


def routes() -> str:
    """Return the routes as a list, one item a resource."""
    lines = []
    for resource, found in groupby(ENDPOINTS, key=lambda endpoint: endpoint[1].split("/")[2]):
        named = f"{resource} (Azure)" if resource == "deployments" else resource
        lines.append(f"- **{named}**: " + ", ".join(f"`{method} {path.removeprefix('/v1')}`" for method, path in found))
    return "\n".join([*lines, ""])


def behavior() -> str:
    """Return the table of behaviors: what the sandbox does, how that is known, and the test that shows it does so."""
    tests = {id: test for test in claims.marked(ROOT, "sandbox", "simulates") for id in test.claims}
    lines = ["| Area | What it does | Known from | Test |", "|---|---|---|---|"]
    for row in BEHAVIOR:
        known = f"{EVIDENCE[row['evidence']]}: {row['source']}"
        lines.append(f"| {row['area']} | {row['does']} | {known} | `{Path(tests[row['id']].path).name}` |")
    return "\n".join([*lines, ""])


def errors() -> str:
    """Return the table of errors by status."""
    lines = ["| Status | Code | Message | Known from |", "|---:|---|---|---|"]
    for case in sorted(catalog().values(), key=lambda case: (case.status, case.code or "", case.id)):
        message = case.message.replace("|", "\\|").replace("`", "'")
        short = message if len(message) <= 120 else f"{message[:117]}..."
        lines.append(
            f"| {case.status} | {f'`{case.code}`' if case.code else '—'} | {short} | {EVIDENCE[case.evidence]} |"
        )
    return "\n".join([*lines, ""])


TARGETS: dict[Path, Callable[[], str]] = {
    GENERATED / "sandbox-routes.md": routes,
    GENERATED / "sandbox-behavior.md": behavior,
    GENERATED / "sandbox-errors.md": errors,
}
