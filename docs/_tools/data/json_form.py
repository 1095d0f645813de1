"""The format of committed JSON: what fits on a line is on one line, so that a diff shows only what changed.

`python -m docs._tools.data.json_form FILE...` formats files. (compact-json was considered, but it aligns columns, so
that a change also touches neighboring lines.)
"""

import json
import sys
from pathlib import Path
from typing import Any

WIDTH = 120


def in_form(value: Any, depth: int = 0, before: int = 0) -> str:
    """Return JSON text: on one line if it fits, otherwise one line per member, a space deeper.

    Args:
        value: what to write.
        depth: how deep it is inside other values.
        before: how many characters precede it on its line, or follow it.
    """
    line = compact(value)
    if not isinstance(value, dict | list) or depth + before + len(line) <= WIDTH:
        return line
    indent = " " * (depth + 1)
    if isinstance(value, dict):
        keys = {name: f"{compact(name)}: " for name in value}
        members = [f"{keys[name]}{in_form(member, depth + 1, len(keys[name]) + 1)}" for name, member in value.items()]
    else:
        members = [in_form(member, depth + 1, 1) for member in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{indent}" + f",\n{indent}".join(members) + f"\n{' ' * depth}{closing}"


def compact(value: Any) -> str:
    """Return JSON text on one line."""
    return json.dumps(value, ensure_ascii=False)


def main(paths: list[str]) -> None:
    """Rewrite files in this format."""
    for name in paths:
        path = Path(name)
        path.write_text(in_form(json.loads(path.read_text("utf-8"))) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
