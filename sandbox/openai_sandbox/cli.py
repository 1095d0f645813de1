"""The `openai-sandbox` command: run a program against the offline API, serve it, list faults, compare recordings."""

import argparse
import asyncio
import errno
import os
import select
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from .compare import command as compare
from .faults import KINDS, TIERS, DirectiveError, parse, plan_of
from .program import Program, UsageError, file_program, module_program, split_module

if TYPE_CHECKING:
    import socket

    from .faults import Plan
    from .http.tls import Authority


LONGEST_PATH = 500
"""How much of a path the log shows. A line that fits into a pipe can be printed at once."""

# Options that are no program's own, and so were meant for the sandbox. `--seed` is left out: many programs have one.
MISPLACED = ("--contract", "--fault", "--latency", "--tier", "--tls")


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line."""

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
        commands = {"run": run, "serve": serve, "faults": faults, "compare": compare.run}
        return commands[options.command](options)
    except (UsageError, DirectiveError, compare.RecordingError) as problem:
        print(f"openai-sandbox: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split at the first `--`: what is the sandbox's, and what is passed on as it is."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def _parser() -> Parser:
    parser = Parser(
        prog="openai-sandbox", description="The OpenAI API, offline and simulated. No key, no network, no cost."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('openai-sandbox')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | serve | faults | compare")

    running = commands.add_parser("run", help="run a Python program against the sandbox")
    running.add_argument("file", metavar="FILE", help="the program; or -m MODULE, as after python")
    running.add_argument("arguments", metavar="ARGS", nargs=argparse.REMAINDER, help="its arguments")

    serving = commands.add_parser("serve", help="serve the sandbox until Ctrl-C")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    serving.add_argument("--port", type=int, default=8787, help="the port (default: 8787; 0 takes a free one)")
    serving.add_argument(
        "--upstream", metavar="URL", help="let this server answer, such as http://127.0.0.1:8000/v1; faults still apply"
    )
    serving.add_argument(
        "--allow-host",
        dest="allow_hosts",
        action="append",
        default=[],
        metavar="NAME",
        help="answer under this name too; may be repeated",
    )
    serving.add_argument(
        "--cors", action="append", default=[], metavar="ORIGIN", help="let its web pages use it; may be repeated"
    )

    for command in (running, serving):
        command.add_argument(
            "--latency", metavar="realistic|none|SECONDS", help="simulated waiting; beats a program's own latency="
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
            "--contract", action="store_true", help="take any key, id and model, and always answer in the right form"
        )

        command.add_argument(
            "--tls", action="store_true", help="speak HTTPS, by a certificate authority that no client trusts by itself"
        )

    commands.add_parser("faults", help="list the faults and how to ask for them")

    comparing = commands.add_parser("compare", help="send recorded requests to the sandbox and show what differs")
    compare.add_arguments(comparing)
    return parser


def run(options: argparse.Namespace) -> int:
    """Run a program against a sandbox of its own and return the program's exit code."""
    program = module_program(options.file) if options.is_module else file_program(Path(options.file))
    for word in options.arguments:
        if word.partition("=")[0] in MISPLACED:
            where = f"{word} comes after {program.name}"
            raise UsageError(f"{where}: put it before, or write -- before the program's own options")
    try:
        plan = plan_of(program.source)
    except (SyntaxError, UnicodeDecodeError) as problem:
        raise UsageError(f"{program.source}: not a Python program: {problem}") from None
    plan.extend(parse(options.faults))
    options.latency = _latency(options.latency)
    tls = _authority(plan.tls or options.tls)

    from .http.address import listen

    sock = listen()
    with tls as authority:
        return _run(options, program, plan, sock, authority)


def _run(
    options: argparse.Namespace,
    program: Program,
    plan: "Plan",
    sock: "socket.socket",
    authority: "Authority | None",
) -> int:
    from .http import environment
    from .http.address import base_url

    variables = environment.of_program(
        base_url(sock, bool(authority)),
        os.environ,
        authority and authority.file,
        environment.named_in_files({Path.cwd(), program.source.resolve().parent}),
    )
    command = [sys.executable, *program.arguments, *options.arguments, *options.program_options]
    # The program starts before the server is loaded: its first connection waits in the socket, not in vain.
    child = subprocess.Popen(command, env=variables | {"PYTHONUNBUFFERED": "1"})  # noqa: S603
    # Whoever ends this process means the program: with a signal, or by closing the terminal.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no hang-up
            signal.signal(getattr(signal, name), lambda *_: child.terminate())
    try:
        from .api.routes import warm_up
        from .options import core_options
        from .sandbox import Sandbox

        with Sandbox(
            plan,
            set_environment=False,
            sock=sock,
            authority=authority,
            **core_options(vars(options)),
        ):
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
    plan = parse(options.faults)
    options.latency = _latency(options.latency)
    if not 0 <= options.port <= 65535:
        raise UsageError(f"--port {options.port}: a port is between 0 and 65535")
    if options.upstream and not find_spec("httpx2"):
        raise UsageError("--upstream needs a package that sends requests: pip install httpx2")
    tls = _authority(plan.tls or options.tls)

    from .http.address import API_KEY, base_url, is_loopback, listen
    from .http.environment import CA_FILE

    try:
        sock = listen(options.host, options.port)
    except OSError as problem:
        busy = problem.errno == errno.EADDRINUSE
        remedy = "Take another port with --port, or --port 0 for a free one" if busy else "Take another address"
        what = (problem.strerror or str(problem)).lower()
        raise UsageError(f"cannot listen on {options.host}:{options.port}: {what}. {remedy}") from None

    from .api.routes import warm_up
    from .core import Core
    from .http import memory
    from .http.access import Access
    from .http.server import application, upstream_of
    from .http.server import serve as serve_until
    from .options import core_options
    from .stages.journal import Exchange, Journal
    from .wire.masking import escaped

    try:
        access = Access(options.host, [sock.getsockname()[0], *options.allow_hosts], options.cors)
        upstream = upstream_of(options.upstream)
    except ValueError as problem:
        sock.close()
        raise UsageError(str(problem)) from None
    core = Core(plan, journal=Journal(most=0), **core_options(vars(options)))

    waits = may_wait(sys.stderr)

    def log(exchange: Exchange) -> None:
        fault = f" ({exchange.fault})" if exchange.fault else ""
        line = f"{exchange.method} {escaped(exchange.path[:LONGEST_PATH])} {exchange.status}{fault}"
        # Who reads the log too slowly loses lines of it. Requests do not wait for that.
        if not waits or _is_read(sys.stderr):
            _say(line, sys.stderr)

    def ready() -> None:
        _say(f"export OPENAI_BASE_URL={base_url(sock, bool(authority))}", sys.stdout)
        if authority:
            _say(f"export {CA_FILE}={authority.file}", sys.stdout)
        if upstream:
            said = f"# Answers of {upstream.url}, for the key that you send. Ctrl-C stops."
        else:
            _say(f"export OPENAI_API_KEY={API_KEY}", sys.stdout)
            said = "# Simulated answers, no network. Ctrl-C stops."
        _say(said, sys.stderr)
        if not is_loopback(sock):
            _say(f"# Warning: listening on {options.host}, where other machines can reach it, too.", sys.stderr)

    async def until_stopped() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # The loop's own handler wakes it whichever thread the signal reaches; Windows has none.
            try:
                loop.add_signal_handler(number, stop.set)
            except NotImplementedError:
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        threading.Thread(target=warm_up, daemon=True).start()
        memory.manage(loop)
        context = authority and authority.context
        await serve_until(application(core, log, access, upstream), sock, stop, ready, context)
        if upstream:
            await upstream.aclose()

    with tls as authority:
        asyncio.run(until_stopped())
    return 0


def _say(line: str, stream: TextIO) -> None:
    """Print a line. Where nobody reads it any more, it is lost, and nothing else."""
    try:
        stream.write(f"{line}\n")  # at once: `print` writes the end of the line by itself
        stream.flush()
    except OSError:
        # Also what is left in the buffer: Python would try to write it when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def may_wait(stream: TextIO) -> bool:
    """Tell whether printing a line may have to wait for somebody who reads it. What goes to a file never does."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):  # it is no file
        return False
    regular = stat.S_ISREG(found.st_mode) or os.path.samestat(found, Path(os.devnull).stat())
    return os.name == "posix" and not regular


def _is_read(stream: TextIO) -> bool:
    """Tell whether a line can be printed without waiting for whoever reads it."""
    try:
        return bool(select.select([], [stream.fileno()], [], 0)[1])
    except (OSError, ValueError):  # it is no file, or one with a very high number
        return True


def faults(options: argparse.Namespace) -> int:
    """Print the faults, what they do and what the Python SDK raises."""
    width = max(map(len, KINDS))
    for fault in KINDS.values():
        print(f"{fault.name:<{width}}  {fault.does}\n{'':<{width}}  SDK: {fault.raises.replace('`', '')}")
    print(
        "\nIn a program:  # sandbox: rate_limit x2 retry_after_ms=50\n"
        "On the command line:  openai-sandbox run --fault 'ok x3; server_error' FILE\n"
        "Options: xN, after=N, latency=SECONDS, retry_after=SECONDS, retry_after_ms=MS; http_error: status=CODE\n"
        "Of every request:  # sandbox: latency=0.3   # sandbox: tier=1   # sandbox: tls"
    )
    return 0


def _authority(wanted: bool) -> "AbstractContextManager[Authority | None]":
    if not wanted:
        return nullcontext()
    if not find_spec("trustme"):
        raise UsageError("tls needs a package that makes certificates: pip install trustme")
    from .http.tls import authority

    return authority()


def _latency(text: str | None) -> str | None:
    from .stages.latency import Latency

    try:
        Latency.of(text)
    except ValueError as problem:
        raise UsageError(f"--latency: {problem}") from None
    return text


if __name__ == "__main__":
    sys.exit(main())
