"""How fast the sandbox is, as measured and recorded by tests/benchmarks/sandbox_speed.py."""

import json
from datetime import date
from typing import Any

from ..data.as_of import ROOT, written_out
from ..data.generated import generates

SERVERS = {"Sandbox": "sandbox", "aimock": "aimock", "llmock": "llmock"}
CLIENTS = {"wrk": "wrk", "openai": "the SDK"}

DATA = ROOT / "tests" / "benchmarks" / "sandbox_speed.json"


@generates("docs/includes/generated/sandbox-speed.md")
def render() -> str:
    """Return a table of the servers by case, other measurements, and the conditions."""
    measured = json.loads(DATA.read_text("utf-8"))
    streams, stored, started = measured["streams"], measured["stored"], measured["startup"]
    first, last = (stored[name] / 1000 for name in ("first_us", "last_us"))
    complete = "All" if streams["complete"] == streams["streams"] else f"{streams['complete']:,}"
    named = "".join(f" {name}: responses per second | {name}: CPU time per response |" for name in SERVERS)
    return "\n".join(
        [
            f"| Client | Response | Connections | Prompts | Sandbox to aimock |{named}",
            f"|---|---|---:|---:|{'---:|' * (2 * len(SERVERS) + 1)}",
            *map(row, measured["cases"]),
            "",
            f"- In a separate test, {streams['streams']:,} streams were open at the same time. {complete} of them",
            "  arrived complete, with every event in order.",
            f"- A response took {first:.2f} ms of CPU time at the start and {last:.2f} ms after",
            f"  {stored['responses']:,} stored responses to different prompts. At the end, the server was using",
            f"  {stored['megabytes']} MB of memory.",
            f"- `from openai_sandbox import Sandbox` takes {started['import'] * 1000:.0f} ms. A sandbox starts",
            f"  listening after {started['ready'] * 1000:.1f} ms, and the first answer in a process takes",
            f"  {started['first_answer'] * 1000:.0f} ms. `openai-sandbox run` adds {started['run_adds']:.2f} s to a",
            f"  program's run time. These are medians of {started['rounds']} rounds.",
            "",
            f"<small>{conditions(measured)}</small>",
            "",
        ]
    )


def row(case: dict[str, Any]) -> str:
    """Return the row of a case."""
    servers = [case[name] for name in SERVERS.values()]
    cells = [f"{server['per_second']:,.0f} | {server['cpu_us']:,.0f} µs" for server in servers]
    kind = "streamed" if case["streamed"] else "plain"
    asked = f"{CLIENTS[case['client']]} | {kind} | {case['connections']} | {case['prompts']:,}"
    return f"| {asked} | {case['ratio']:.2f} | {' | '.join(cells)} |"


def conditions(measured: dict[str, Any]) -> str:
    """Return the conditions: what was measured, with what and when."""
    given = measured["conditions"]
    most = max(case["prompts"] for case in measured["cases"])
    parts = [
        f"Each test sends `POST /v1/responses` over loopback, on {given['cores']} virtual cores",
        f"({given['processor']}) of a shared machine. The server runs on one core, and the client",
        f"(wrk {given['wrk']} or openai {given['openai']}) runs on the other. With the SDK, most of the time is spent",
        f"in the client. In the rows with {most:,} prompts, the sandbox's answers are much longer than aimock's.",
        "The figures are",
        f"medians of {given['rounds']} rounds of {given['seconds']} seconds each, with the servers taking turns.",
        f"Sandbox: Python {given['python']}, httptools {given['httptools']}, pydantic-core {given['pydantic_core']};",
        "with validation, token counts, storage, and logging.",
        f"aimock {given['aimock']}: Node {given['node']}; without validation, token counts, or logging.",
        f"llmock {given['llmock']}: on uvicorn, with its default settings.",
        f"Packages as of {written_out(date.fromisoformat(measured['as_of']))}.",
    ]
    return " ".join(parts)
