"""`openai-sandbox serve`: serves the sandbox to any program until Ctrl-C."""

import argparse
import asyncio
import errno
import os
import select
import signal
import stat
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..faults import DirectiveError, Plan, parse
from ..program import UsageError
from .arguments import authority_of, latency_of, plan_of_program, script_of, server_of

if TYPE_CHECKING:
    from ..http.webhooks import Delivery

WATCHED_EVERY = 0.3
"""How often to check whether the `--obey` program was saved, in seconds."""

LONGEST_PATH = 500
"""How many characters of a path the log shows. A line that fits into a pipe can be printed at once."""


def serve(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Prints the two variables to set, and a line for each request."""
    obeyed = plan_of_program(Path(options.obey)) if options.obey else Plan()
    plan = Plan()
    plan.extend(obeyed)
    plan.extend(parse(options.faults))
    options.latency = latency_of(options.latency)
    options.as_server = server_of(options.as_server, plan)
    if script := options.script or plan.script:
        script_of(script)
    if not 0 <= options.port <= 65535:
        raise UsageError(f"--port {options.port}: a port is between 0 and 65535")
    from ..cassettes.session import session

    try:
        cassettes = session(vars(options))
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    if cassettes.upstream and not find_spec("httpx2"):
        raise UsageError("--upstream needs a package that sends requests: pip install httpx2")
    tls = authority_of(plan.tls or options.tls)

    from ..http.address import API_KEY, WEBHOOK_SECRET, base_url, is_loopback, listen
    from ..http.environment import CA_FILE, SIGNING_SECRET

    try:
        sock = listen(options.host, options.port)
    except OSError as problem:
        busy = problem.errno == errno.EADDRINUSE
        remedy = "Take another port with --port, or --port 0 for a free one" if busy else "Take another address"
        what = (problem.strerror or str(problem)).lower()
        raise UsageError(f"cannot listen on {options.host}:{options.port}: {what}. {remedy}") from None

    from ..api.routes import warm_up
    from ..core import Core
    from ..http import memory
    from ..http.access import Access
    from ..http.given_webhook import webhook_of
    from ..http.mcp_client import installed_client
    from ..http.polling import event_loop
    from ..http.server import application, upstream_of
    from ..http.server import serve as serve_until
    from ..options import core_options
    from ..stages.journal import Exchange, Journal
    from ..wire.masking import escaped

    try:
        access = Access(options.host, [sock.getsockname()[0], *options.allow_hosts], options.cors)
        upstream = upstream_of(cassettes.upstream, cassettes.recorder)
        webhook = webhook_of(options.webhook, options.webhook_hosts, plan, cassettes.upstream)
    except ValueError as problem:
        sock.close()
        raise UsageError(str(problem)) from None
    on_event = webhook.tell if webhook else None
    mcp = installed_client()
    given = core_options(vars(options) | {"replay": cassettes.player})
    core = Core(plan, journal=Journal(most=0), mcp=mcp, on_event=on_event, **given)

    waits = may_wait(sys.stderr)

    def log(exchange: Exchange) -> None:
        fault = f" ({exchange.fault})" if exchange.fault else ""
        line = f"{exchange.method} {escaped(exchange.path[:LONGEST_PATH])} {exchange.status}{fault}"
        # If the log is read too slowly, lines are lost: requests do not wait for a reader.
        if not waits or _is_read(sys.stderr):
            _say(line, sys.stderr)

    def log_delivery(delivery: "Delivery") -> None:
        fault = f" ({delivery.fault})" if delivery.fault else ""
        told = f"webhook {delivery.event.type} {delivery.event.of} {delivery.status or 'no answer'}{fault}"
        if not waits or _is_read(sys.stderr):
            _say(told, sys.stderr)

    def ready() -> None:
        _say(f"export OPENAI_BASE_URL={base_url(sock, bool(authority))}", sys.stdout)
        if authority:
            _say(f"export {CA_FILE}={authority.file}", sys.stdout)
        if upstream:
            said = f"# Answers of {upstream.url}, for the key that you send. Ctrl-C stops."
        else:
            _say(f"export OPENAI_API_KEY={API_KEY}", sys.stdout)
            said = f"# {'Recorded' if cassettes.player else 'Simulated'} answers, no network. Ctrl-C stops."
        for line in cassettes.said:
            _say(f"# {line}", sys.stderr)
        if webhook:
            _say(f"export {SIGNING_SECRET}={WEBHOOK_SECRET}", sys.stdout)
        _say(said, sys.stderr)
        if not is_loopback(sock):
            _say(f"# Warning: listening on {options.host}, where other machines can reach it, too.", sys.stderr)

    async def until_stopped() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # The loop's own handler wakes it, whichever thread gets the signal. Windows has no such handler.
            try:
                loop.add_signal_handler(number, stop.set)
            except NotImplementedError:
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        threading.Thread(target=warm_up, daemon=True).start()
        if options.obey:
            watch(Path(options.obey), core.faults, loop)
        memory.manage(loop)
        context = authority and authority.context
        beside = webhook.run(core, log_delivery) if webhook else None
        await serve_until(application(core, log, access, upstream), sock, stop, ready, context, beside)
        if upstream:
            await upstream.aclose()

    with tls as authority, asyncio.Runner(loop_factory=event_loop) as runner:
        runner.run(until_stopped())
    return 0


def watch(program: Path, plan: Plan, loop: asyncio.AbstractEventLoop) -> None:
    """Reload a program's faults into a plan whenever it is saved. If the program has an error, print it and go on."""
    seen = _saved(program)

    def look() -> None:
        nonlocal seen
        now = _saved(program)
        if now not in (None, seen):
            seen = now
            try:
                fresh = plan_of_program(program)
            except (DirectiveError, UsageError) as problem:
                _say(f"# {problem}", sys.stderr)
            else:
                plan.queue[:], plan.deliveries[:] = fresh.queue, fresh.deliveries
                _say(f"# {program.name} was saved: its faults start again.", sys.stderr)
        loop.call_later(WATCHED_EVERY, look)

    loop.call_later(WATCHED_EVERY, look)


def _saved(program: Path) -> tuple[int, int] | None:
    try:
        found = program.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _say(line: str, stream: TextIO) -> None:
    """Print a line. If nobody is reading any more, only that line is lost."""
    try:
        stream.write(f"{line}\n")  # in one piece: `print` writes the newline separately
        stream.flush()
    except OSError:
        # This also drops what is left in the buffer, which Python would try to write when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def may_wait(stream: TextIO) -> bool:
    """Tell whether printing a line may have to wait for a reader. Printing to a file never does."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):  # it is not a file
        return False
    regular = stat.S_ISREG(found.st_mode) or os.path.samestat(found, Path(os.devnull).stat())
    return os.name == "posix" and not regular


def _is_read(stream: TextIO) -> bool:
    """Tell whether a line can be printed without waiting for a reader."""
    try:
        return bool(select.select([], [stream.fileno()], [], 0)[1])
    except (OSError, ValueError):  # not a file, or one with a very high number
        return True
