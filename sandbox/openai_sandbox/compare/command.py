"""The command `openai-sandbox compare`."""

import argparse
import json
import sys
from pathlib import Path

from . import RecordingError

__all__ = ["RecordingError", "add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="cassettes (.json), VCR cassettes (.yaml), JSON lines (.jsonl), or folders of these",
    )
    parser.add_argument(
        "--today",
        action="store_true",
        help="set the clock to the date of the list of models, not to the day of each recording",
    )
    for name in ("status", "structure"):
        parser.add_argument(
            f"--{name}", type=float, metavar="PERCENT", help=f"exit with 1 if fewer answers have the same {name}"
        )
    parser.add_argument("--all", dest="every", action="store_true", help="list all kinds of differences")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each recording instead")


def run(options: argparse.Namespace) -> int:
    """Send recorded requests to the sandbox and print what differs. Returns 1 if that is more than was allowed.

    Raises:
        RecordingError: a file is not a recording.
    """
    # Imported here, so that other commands start without it.
    from . import report
    from .recordings import read_all
    from .replay import replay

    outcomes = [
        outcome for recordings in read_all(options.files) for outcome in replay(recordings, as_of_today=options.today)
    ]
    if options.json:
        for row in report.data(outcomes):
            print(json.dumps(row))
    else:
        print(report.text(outcomes, every=options.every))
    found, missed = report.tally(outcomes), False
    for name, share in (("status", found.status_percent), ("structure", found.structure_percent)):
        least = getattr(options, name)
        if least is not None and share < least:
            missed = True
            print(f"openai-sandbox: the same {name} in {share:.1f}%, below {least:g}%", file=sys.stderr)
    return int(missed)
