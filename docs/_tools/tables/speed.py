"""How fast the sandbox is, as measured and recorded by tests/benchmarks/sandbox_speed.py."""

import json
from typing import Any

from ..data.as_of import ROOT
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
    named = "".join(f" {name}, responses a second | {name}, processor time of one |" for name in SERVERS)
    return "\n".join(
        [
            f"| Client | Response | Connections | Prompts |{named} Sandbox to aimock |",
            f"|---|---|---:|---:|{'---:|' * (2 * len(SERVERS) + 1)}",
            *map(row, measured["cases"]),
            "",
            f"- {streams['complete']:,} of {streams['streams']:,} streams at once were complete, every event in order.",
            f"- The last of {stored['responses']:,} stored responses, to prompts that were all different, took",
            f"  {last:.2f} ms of the processor each, the first ones {first:.2f} ms. In the end the server had",
            f"  {stored['megabytes']} MB of memory.",
            f"- `from openai_sandbox import Sandbox` takes {started['import'] * 1000:.0f} ms. A sandbox listens after",
            f"  {started['ready'] * 1000:.1f} ms, and the first answer of a process takes",
            f"  {started['first_answer'] * 1000:.0f} ms. `openai-sandbox run` adds {started['run_adds']:.2f} s to a",
            f"  program. Medians of {started['rounds']} rounds.",
            "",
            f"<small>{conditions(measured)}</small>",
            "",
        ]
    )


def row(case: dict[str, Any]) -> str:
    """Return the row of a case."""
    servers = [case[name] for name in SERVERS.values()]
    cells = [f"{server['per_second']:,.0f} | {server['cpu_us']:.0f} µs" for server in servers]
    kind = "streamed" if case["streamed"] else "plain"
    asked = f"{CLIENTS[case['client']]} | {kind} | {case['connections']} | {case['prompts']:,}"
    return f"| {asked} | {' | '.join(cells)} | {case['ratio']:.2f} |"


def conditions(measured: dict[str, Any]) -> str:
    """Return the conditions: what was measured, with what and when."""
    given = measured["conditions"]
    parts = [
        f"`POST /v1/responses` over loopback, server on one core, wrk {given['wrk']} or openai {given['openai']} on",
        "the other, which for the SDK is what takes the time; to many prompts, the sandbox's answer is far longer than",
        "aimock's; medians of",
        f"{given['rounds']} rounds of {given['seconds']} s in which the servers took turns; {given['cores']} virtual",
        f"cores ({given['processor']}) of a shared machine.",
        f"Sandbox: Python {given['python']}, httptools {given['httptools']}, pydantic-core {given['pydantic_core']};",
        "with validation, token counts, storage and log.",
        f"aimock {given['aimock']}: Node {given['node']}; without validation, token counts or log.",
        f"llmock {given['llmock']}: on uvicorn, as it comes.",
        f"Measured as of {measured['as_of']}.",
    ]
    return " ".join(parts)
