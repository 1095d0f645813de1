"""How fast the sandbox is, as tests/benchmarks/sandbox_speed.py measured and wrote it down."""

import json
from typing import Any

from ..data.as_of import ROOT
from ..data.generated import generates

DATA = ROOT / "tests" / "benchmarks" / "sandbox_speed.json"


@generates("docs/includes/generated/sandbox-speed.md")
def render() -> str:
    """Return a table of both servers by case, what else was measured, and the conditions."""
    measured = json.loads(DATA.read_text("utf-8"))
    streams, stored = measured["streams"], measured["stored"]
    first, last = (stored[name] / 1000 for name in ("first_us", "last_us"))
    return "\n".join(
        [
            "| Response | Connections | Sandbox, responses a second | Typical wait | aimock, responses a second | "
            "Typical wait | Sandbox to aimock |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *map(row, measured["cases"]),
            "",
            f"- {streams['complete']:,} of {streams['streams']:,} streams at once were complete, every event in order.",
            f"- The last of {stored['responses']:,} stored responses, to prompts that were all different, took",
            f"  {last:.2f} ms of the processor each, the first ones {first:.2f} ms. In the end the server had",
            f"  {stored['megabytes']} MB of memory.",
            "",
            f"<small>{conditions(measured)}</small>",
            "",
        ]
    )


def row(case: dict[str, Any]) -> str:
    """Return the row of a case."""
    servers = [case[name] for name in ("sandbox", "aimock")]
    cells = [f"{server['per_second']:,.0f} | {server['p50_ms']:.2f} ms" for server in servers]
    kind = "streamed" if case["streamed"] else "plain"
    return f"| {kind} | {case['connections']} | {' | '.join(cells)} | {case['ratio']:.2f} |"


def conditions(measured: dict[str, Any]) -> str:
    """Return what was measured, with what and when."""
    given = measured["conditions"]
    parts = [
        f"`POST /v1/responses` over loopback, server on one core, wrk {given['wrk']} on the other; medians of",
        f"{given['rounds']} rounds of {given['seconds']} s in which the servers took turns; {given['cores']} virtual",
        f"cores ({given['processor']}) of a shared machine.",
        f"Sandbox: Python {given['python']}, httptools {given['httptools']}, pydantic-core {given['pydantic_core']};",
        "with validation, token counts, storage and log.",
        f"aimock {given['aimock']}: Node {given['node']}; without validation, token counts or log.",
        f"Measured as of {measured['as_of']}.",
    ]
    return " ".join(parts)
