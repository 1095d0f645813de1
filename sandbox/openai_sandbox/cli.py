"""The `openai-sandbox` command: runs or serves the offline API, and records the real one."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

from .commands import explain, faults, record, run, serve
from .compare import command as compare
from .faults import TIERS, DirectiveError
from .program import UsageError, split_module

BROKEN_PIPE = 128 + 13  # as a shell has it for a program that ends by SIGPIPE, which Windows has not


class Parser(argparse.ArgumentParser):
    """argparse with one-line errors."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage first."""
        raise UsageError(f"{message} (try '{self.prog} --help')")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: the program's own for `run`, 2 for a usage error."""
    own, program_options = _split(sys.argv[1:] if arguments is None else arguments)
    try:
        own, module_arguments = split_module(own)
        options = _parser().parse_args(own)
        options.is_module = module_arguments is not None
        options.program_options = [*(module_arguments or ()), *program_options]
        commands = {
            "run": run.run,
            "serve": serve.serve,
            "record": record.record,
            "faults": faults.show,
            "explain": explain.explain,
            "compare": compare.run,
        }
        code = commands[options.command](options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # who reads what is printed has had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except (UsageError, DirectiveError, compare.RecordingError) as problem:
        print(f"openai-sandbox: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split at the first `--` into the sandbox's arguments and those that are passed on unchanged."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def _parser() -> Parser:
    parser = Parser(
        prog="openai-sandbox", description="The OpenAI API, offline and simulated. No key, no network, no cost."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('openai-sandbox')}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="run | serve | record | faults | explain | compare"
    )

    running = commands.add_parser("run", help="run a Python program against the sandbox")
    running.add_argument("file", metavar="FILE", help="the program; or -m MODULE, as after python")
    running.add_argument("arguments", metavar="ARGS", nargs=argparse.REMAINDER, help="its arguments")
    running.add_argument(
        "--verdict",
        metavar="FILE",
        help="write what the program did wrong to this file, as JSON; the exit code is then 3",
    )

    running.add_argument("--explain", action="store_true", help="if the program fails, say why and what to do")

    serving = commands.add_parser("serve", help="serve the sandbox until Ctrl-C")
    serving.add_argument(
        "--upstream",
        metavar="URL",
        help="get answers from this server, e.g. http://127.0.0.1:8000/v1; faults still apply",
    )
    serving.add_argument(
        "--obey", metavar="FILE", help="act on the '# sandbox:' comments in this program; read again when it is saved"
    )

    recording = commands.add_parser("record", help="pass requests on to a real API and write its answers to a file")
    record.add_arguments(recording)

    for command in (serving, recording):
        command.add_argument(
            "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
        )
        command.add_argument("--port", type=int, default=8787, help="the port (default: 8787; 0 takes a free one)")
        command.add_argument(
            "--allow-host",
            dest="allow_hosts",
            action="append",
            default=[],
            metavar="NAME",
            help="also answer under this host name; may be repeated",
        )
        command.add_argument(
            "--cors",
            action="append",
            default=[],
            metavar="ORIGIN",
            help="let web pages from this origin use it; may be repeated",
        )

    for command in (running, serving):
        command.add_argument(
            "--as",
            dest="as_server",
            metavar="NAME",
            help="answer as this server does where it differs from OpenAI, e.g. ollama; accepts any key, id and model",
        )
        command.add_argument(
            "--replay",
            action="append",
            metavar="FILE",
            help="answer from this cassette, written by record or by VCR; may be repeated",
        )

    for command in (running, serving, recording):
        command.add_argument(
            "--scrub",
            action="append",
            default=[],
            metavar="REGEX",
            help="also remove this from recordings, besides keys and account ids; may be repeated",
        )
        command.add_argument(
            "--latency",
            metavar="realistic|none|SECONDS",
            help="simulated latency; takes precedence over a program's own latency=",
        )
        command.add_argument("--seed", type=int, metavar="N", help="fix ids and answers (default: new ones each time)")
        command.add_argument(
            "--fault",
            dest="faults",
            action="append",
            default=[],
            metavar="DIRECTIVE",
            help="e.g. 'rate_limit x2'; may be repeated",
        )

        command.add_argument(
            "--tier", type=int, choices=TIERS, metavar="1-5", help="rate limits of a usage tier (default: no limits)"
        )

        command.add_argument(
            "--script", metavar="FILE", help="answer what this JSON file says; read again when it changes"
        )

        command.add_argument("--strict", action="store_true", help="refuse prompts that match no rule of the script")

        command.add_argument(
            "--contract", action="store_true", help="accept any key, id and model; always answer in the right form"
        )

        command.add_argument(
            "--tls", action="store_true", help="speak HTTPS, with a certificate authority no client trusts by default"
        )

        command.add_argument(
            "--webhook",
            metavar="URL",
            help="send this URL a signed request when a background response or batch has ended",
        )

        command.add_argument(
            "--webhook-host",
            dest="webhook_hosts",
            action="append",
            default=[],
            metavar="NAME",
            help="let --webhook name this machine as well; may be repeated",
        )

    commands.add_parser("faults", help="list the faults and how to request them")

    explaining = commands.add_parser("explain", help="say what a traceback or message means, and what to do")
    explain.add_arguments(explaining)

    comparing = commands.add_parser("compare", help="send recorded requests to the sandbox and show what differs")
    compare.add_arguments(comparing)
    return parser


if __name__ == "__main__":
    sys.exit(main())
