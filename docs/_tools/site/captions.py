"""Adds captions that say what a program's directives make fail, and shows numbers in outputs without their bounds."""

import re
from itertools import groupby
from pathlib import Path

from openai_sandbox import faults

from ..ledger.pages import INCLUDE

VARYING = re.compile(r"(?<![\d.])(\d+\.?\d*?)(?:\{[\d.]+\}|\.\.\.)")
TIMES = {2: "twice"}
OUTPUT = re.compile(
    r"^(?P<open>[ \t]*```[^\n]*\.output\b[^\n]*\n)(?P<body>.*?)(?P<close>^[ \t]*```[ \t]*$)", re.M | re.S
)

OVER_HTTPS = "Here the simulated API uses HTTPS, with a certificate from an authority that your machine does not trust."


def with_captions(markdown: str, snippets: Path) -> str:
    """Add a caption below each block whose snippet makes something go wrong."""
    lines = markdown.splitlines()
    for include in reversed(list(INCLUDE.finditer(markdown))):
        path = snippets / include["path"]
        if path.suffix == ".py" and path.is_file() and (said := caption(path.read_text("utf-8"))):
            fence = markdown.count("\n", 0, include.end()) + 1
            indent = lines[fence].removesuffix(lines[fence].lstrip())  # in a tab, the caption belongs to the tab
            lines.insert(fence + 1, f"\n{indent}{said}\n{indent}{{: .sandbox-caption }}\n")
    return "\n".join(lines)


def caption(source: str) -> str:
    """Return a sentence about a program's directives, or nothing if it has none."""
    plan = faults.parse([directive for _, directive in faults.directives_in(source)])
    parts = []
    for name, group in groupby(fault.kind.name for fault in plan.queue):
        times = len(list(group))
        if name != "ok":
            parts.append(f"<code>{name}</code>" + ("" if times == 1 else f" ({TIMES.get(times, f'{times} times')})"))
    said = f"Here the simulated API fails on purpose: {', then '.join(parts)}." if parts else ""
    if plan.latency:
        said = f"{said} Each simulated answer takes {plan.latency:g} s.".strip()
    if plan.tier:
        said = f"{said} Here the simulated API has the rate limits of tier {plan.tier}.".strip()
    if plan.tls:
        said = f"{said} {OVER_HTTPS}".strip()
    return said


def with_plain_numbers(markdown: str, snippets: Path) -> str:
    """Show numbers in outputs without the bounds for tests: `0.4...` as 0.4, `0.42{0.4...}` as 0.42.

    An output with such numbers is copied into the page; others stay includes.
    """

    def shown(block: re.Match[str]) -> str:
        body = INCLUDE.sub(lambda include: _text(include, snippets), block["body"])
        plain = VARYING.sub(r"\1", body)
        return block[0] if plain == body else f"{block['open']}{plain}{block['close']}"

    return OUTPUT.sub(shown, markdown)


def _text(include: re.Match[str], snippets: Path) -> str:
    """Return a whole file at the indentation of its include. A named section, or no file, stays an include."""
    path = snippets / include["path"]
    if include["section"] or not path.is_file():
        return include[0]
    indent = include[0][: len(include[0]) - len(include[0].lstrip())]
    return "\n".join(f"{indent}{line}" if line else "" for line in path.read_text("utf-8").rstrip("\n").split("\n"))
