"""The `sandbox` command: run a program against the offline API, serve it, or list its faults."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from .faults import KINDS, DirectiveError, parse, plan_of


class UsageError(Exception):
    """Something the caller has to change. The message names the place and the remedy."""


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage first."""
        raise UsageError(f"{message} (try '{self.prog} --help')")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code: the program's own for `run`, 2 for a usage error."""
    try:
        options = _parser().parse_args(arguments)
        command = {"run": run, "serve": serve, "faults": faults}[options.command]
        return command(options)
    except (UsageError, DirectiveError) as problem:
        print(f"sandbox: {problem}", file=sys.stderr)
        return 2


def _parser() -> Parser:
    parser = Parser(prog="sandbox", description="The OpenAI API, offline and simulated. No key, no network, no cost.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | serve | faults")

    running = commands.add_parser("run", help="run a Python program against the sandbox")
    running.add_argument("file", metavar="FILE", type=Path, help="the program")
    running.add_argument("arguments", metavar="ARGS", nargs=argparse.REMAINDER, help="its arguments")

    serving = commands.add_parser("serve", help="serve the sandbox until Ctrl-C")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    serving.add_argument("--port", type=int, default=8787, help="the port (default: 8787; 0 takes a free one)")

    for command in (running, serving):
        command.add_argument(
            "--latency", default="none", metavar="realistic|none|SECONDS", help="simulated waiting (default: none)"
        )
        command.add_argument("--seed", type=int, metavar="N", help="fix ids and answers (default: new ones each time)")
        command.add_argument(
            "--fault", action="append", default=[], metavar="DIRECTIVE", help="e.g. 'rate_limit x2'; may be repeated"
        )

    commands.add_parser("faults", help="list the faults and how to ask for them")
    return parser


def run(options: argparse.Namespace) -> int:
    """Run a program against a sandbox of its own and return the program's exit code."""
    file: Path = options.file
    if not file.is_file():
        raise UsageError(f"{file}: no such file. Give the path of a Python program, relative to {Path.cwd()}")
    try:
        plan = plan_of(file)
    except UnicodeDecodeError as problem:
        raise UsageError(f"{file}: not a Python program in UTF-8 ({problem.reason})") from None
    for directive in options.fault:
        plan.queue += parse(directive).queue
    latency = _latency(options.latency)
    for word in options.arguments:
        if word.partition("=")[0] in ("--latency", "--fault"):
            print(f"sandbox: {word} after FILE goes to the program; for the sandbox, put it before", file=sys.stderr)

    from .address import API_KEY, base_url, listen

    sock = listen()
    environment = os.environ | {
        "OPENAI_BASE_URL": base_url(sock),
        "OPENAI_API_KEY": API_KEY,
        "PYTHONUNBUFFERED": "1",
        # A proxy that the user's environment names cannot reach this port.
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    # The program starts before the server is loaded: its first connection waits in the socket, not in vain.
    child = subprocess.Popen([sys.executable, str(file), *options.arguments], env=environment)  # noqa: S603
    try:
        from .server import Sandbox, warm_up

        with Sandbox(plan, seed=options.seed, latency=latency, environment=False, sock=sock):
            threading.Thread(target=warm_up, daemon=True).start()
            code = _wait(child)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    return code if code >= 0 else 128 - code


def _wait(child: "subprocess.Popen[bytes]") -> int:
    """Wait for the program. Ctrl-C reaches it by itself; here it only must not end the waiting."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C, printing the two variables to set and a line per request."""
    plan = parse(options.fault)
    latency = _latency(options.latency)
    if not 0 <= options.port <= 65535:
        raise UsageError(f"--port {options.port}: a port is between 0 and 65535")

    from .address import API_KEY, base_url, listen

    try:
        sock = listen(options.host, options.port)
    except OSError as problem:
        raise UsageError(
            f"cannot listen on {options.host}:{options.port}: {(problem.strerror or str(problem)).lower()}. "
            "Take another port with --port, or --port 0 for a free one"
        ) from None

    import uvicorn

    from .core import Core, Exchange
    from .server import application, config, warm_up

    def log(exchange: Exchange) -> None:
        fault = f" ({exchange.fault})" if exchange.fault else ""
        print(f"{exchange.method} {exchange.path} {exchange.status}{fault}", file=sys.stderr, flush=True)

    core = Core(plan, seed=options.seed, latency=latency)
    server = uvicorn.Server(config(application(lambda: core, log)))
    print(f"export OPENAI_BASE_URL={base_url(sock)}")
    print(f"export OPENAI_API_KEY={API_KEY}", flush=True)
    print("# Simulated answers, no network. Ctrl-C stops.", file=sys.stderr, flush=True)
    threading.Thread(target=warm_up, daemon=True).start()
    # uvicorn raises the signal it was stopped by once more; stopping is what was asked for.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: None)
    asyncio.run(server.serve(sockets=[sock]))
    return 0


def faults(options: argparse.Namespace) -> int:
    """Print the faults, what they do and what the Python SDK raises."""
    width = max(map(len, KINDS))
    for fault in KINDS.values():
        print(f"{fault.name:<{width}}  {fault.does}\n{'':<{width}}  SDK: {fault.raises.replace('`', '')}")
    print(
        "\nIn a program:  # sandbox: rate_limit x2 retry_after_ms=50\n"
        "On the command line:  sandbox run FILE --fault 'ok x3; server_error'\n"
        "Options: xN, after=N, latency=SECONDS, retry_after=SECONDS, retry_after_ms=MS"
    )
    return 0


def _latency(text: str) -> str:
    from .latency import Latency

    try:
        Latency.of(text)
    except ValueError as problem:
        raise UsageError(f"--latency: {problem}") from None
    return text


if __name__ == "__main__":
    sys.exit(main())
