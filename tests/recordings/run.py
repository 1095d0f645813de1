"""How the sandbox compares with recordings of the live API: `uv run python -m tests.recordings.run [--write]`.

Reads the folder that the variable `RECORDINGS` names, by default `../shared/recordings` beside the checkout, and prints
"recordings: not run" where there is none. Exit code 1 if fewer answers than `known_differences.yml` wants have the same
status or structure; files of fewer than 100 recordings, of special cases, count for nothing there. Of the default
folder, every other difference has to be listed there with its reason, and what is listed has to differ, but where the
sandbox says that it does not have something. Requests that use built-in tools are counted apart.

`--write` writes the shares by endpoint to `docs/_tools/data/compared.json`, which the page on the sandbox shows.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from openai_sandbox.compare import report
from openai_sandbox.compare.recording import Recording
from openai_sandbox.compare.recordings import read_all
from openai_sandbox.compare.replay import Outcome, replay

ROOT = Path(__file__).parents[2]
KNOWN = Path(__file__).with_name("known_differences.yml")
COMPARED = ROOT / "docs" / "_tools" / "data" / "compared.json"
FOLDER = ROOT.parent / "shared" / "recordings"

LARGE = 100
PLAIN_ITEMS = ("compaction", "function_call", "function_call_output", "item_reference", "message", "reasoning")
GROUPS = {
    "POST /v1/responses": "responses",
    "POST /v1/responses, streamed": "streams",
    "POST /v1/chat/completions": "chat",
    "POST /v1/chat/completions, streamed": "streams",
}
"""What the floors are for, by endpoint."""


def uses_built_in_tools(recording: Recording) -> bool:
    """Tell whether a request offers tools of the API's own, sends back what they did or asks for more of it."""
    body = recording.body if isinstance(recording.body, dict) and recording.path != "/v1/moderations" else {}
    tools = [tool.get("type") for tool in body.get("tools") or () if isinstance(tool, dict)]
    sent = body.get("input")
    items = [item.get("type") for item in sent if isinstance(item, dict)] if isinstance(sent, list) else []
    included = [name for name in body.get("include") or () if not str(name).startswith(("message.", "reasoning."))]
    return bool(
        set(tools) - {"function"}
        or set(items) - {None, *PLAIN_ITEMS}
        or included
        or body.get("web_search_options") is not None
    )


def outcomes_of(folder: Path) -> Iterator[list[Outcome]]:
    """Send all recordings of a folder to the sandbox, and yield what came of each file.

    Structures alone have nothing to do with each other; whole answers may be what a later request refers to.
    """
    for recordings in read_all([folder]):
        alone = all(recording.answer is None for recording in recordings)
        sequences = [[recording] for recording in recordings] if alone else [recordings]
        yield [outcome for sequence in sequences for outcome in replay(sequence)]


def problems(
    outcomes: Sequence[Outcome],
    large: Sequence[Outcome],
    built_in: Sequence[Outcome],
    known: dict[str, Any],
    *,
    listed_only: bool,
) -> Iterator[str]:
    """Yield what is wrong.

    Args:
        outcomes: of all recordings.
        large: those that the floors are for.
        built_in: those that use built-in tools, which have a floor of their own.
        known: the floors and the list.
        listed_only: whether what differs has to be on the list, and what is on it has to differ.
    """
    groups: dict[str, list[Outcome]] = {"all": list(large), "built_in": list(built_in)}
    for outcome in large:
        if name := GROUPS.get(outcome.recording.endpoint):
            groups.setdefault(name, []).append(outcome)
    for name, floors in known["floors"].items():
        tally = report.tally(groups.get(name, []))
        for what, share in (("status", tally.status_percent), ("structure", tally.structure_percent)):
            if share < floors.get(what, 0):
                yield f"{name}: the same {what} in {share:.1f}%, below {floors[what]}%"
    if not listed_only:
        return
    for outcome in outcomes:
        listed = outcome.recording.id in known["differences"]
        missing = outcome.unsupported is not None and uses_built_in_tools(outcome.recording)
        if outcome.structure and not listed and not missing:
            yield f"{outcome.recording.id} is not listed: {outcome.structure[0]}"
        if listed and not outcome.structure:
            yield f"{outcome.recording.id} does not differ any more: take it off the list"


def main(arguments: list[str] | None = None) -> int:
    """Compare. Returns 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.recordings.run", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the shares that the page on the sandbox shows")
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("RECORDINGS") or FOLDER)
    if not folder.is_dir():
        print(f"recordings: not run ({folder.name}: no such folder)")
        return 0
    every = list(outcomes_of(folder))
    plain = [[outcome for outcome in file if not uses_built_in_tools(outcome.recording)] for file in every]
    outcomes = [outcome for file in plain for outcome in file]
    large = [outcome for file in plain if len(file) >= LARGE for outcome in file]
    built_in = [outcome for file in every for outcome in file if uses_built_in_tools(outcome.recording)]
    print(report.text(outcomes))
    print("\nWith built-in tools:\n")
    print(report.text(built_in))
    rows = {name: report.tally(group)._asdict() for name, group in report.by_endpoint(large).items()}
    days = sorted(outcome.recording.recorded.isoformat() for outcome in large if outcome.recording.recorded)
    if options.write:
        apart = report.tally(built_in)._asdict()
        data = {"first": days[0], "last": days[-1], "built_in": apart, "endpoints": rows}
        COMPARED.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    known = yaml.safe_load(KNOWN.read_text("utf-8"))
    listed_only = "RECORDINGS" not in os.environ
    found = list(problems([*outcomes, *built_in], large, built_in, known, listed_only=listed_only))
    for problem in found:
        print(f"MISSED {problem}", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
