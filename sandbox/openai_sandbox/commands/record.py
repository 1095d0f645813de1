"""`openai-sandbox record`: passes requests on to a real API and writes its answers to a cassette."""

import argparse
from typing import get_args

from ..cassettes.mode import Mode
from .serve import serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that only this command takes."""
    parser.add_argument(
        "--upstream", required=True, metavar="URL", help="the API that answers, such as https://api.openai.com/v1"
    )
    parser.add_argument("--to", dest="record", required=True, metavar="FILE", help="the cassette, such as answers.json")
    parser.add_argument(
        "--mode",
        choices=get_args(Mode),
        default="once",
        help="once: only if FILE is not there, else replay it (default); new: add what it does not answer; "
        "none: replay it",
    )
    parser.set_defaults(obey=None, as_server=None)


def record(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C, recording."""
    return serve(options)
