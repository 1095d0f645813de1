"""`openai-sandbox run`: runs a program against its own sandbox."""

import argparse
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..faults import parse
from ..program import Program, UsageError, file_program, module_program
from . import verdict
from .arguments import authority_of, latency_of, plan_of_program, script_of, server_of

if TYPE_CHECKING:
    import socket

    from ..faults import Plan
    from ..http.tls import Authority

# Options that a program is unlikely to have, so they were meant for the sandbox. `--seed` is left out: many programs
# have one.
MISPLACED = (
    *("--as", "--contract", "--explain", "--fault", "--latency", "--replay", "--scrub", "--script", "--strict"),
    *("--tier", "--tls", "--verdict", "--webhook"),
)


def run(options: argparse.Namespace) -> int:
    """Run a program against its own sandbox and return the program's exit code."""
    program = module_program(options.file) if options.is_module else file_program(Path(options.file))
    for word in options.arguments:
        if word.partition("=")[0] in MISPLACED:
            where = f"{word} comes after {program.name}"
            raise UsageError(f"{where}: put it before, or write -- before the program's own options")
    plan = plan_of_program(program.source)
    plan.extend(parse(options.faults))
    from ..http.given_webhook import webhook_of

    try:
        if options.replay:
            from ..cassettes.session import session

            options.replay = session(vars(options)).player
        webhook_of(options.webhook, options.webhook_hosts, plan)
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    if script := options.script or plan.script:
        script_of(script)
    options.latency = latency_of(options.latency)
    options.as_server = server_of(options.as_server, plan)
    options.verdict = options.verdict and verdict.checked(options.verdict)
    tls = authority_of(plan.tls or options.tls)

    from ..http.address import listen

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
    from ..http import environment
    from ..http.address import WEBHOOK_SECRET, base_url

    variables = environment.of_program(
        base_url(sock, bool(authority)),
        os.environ,
        authority and authority.file,
        environment.named_in_files({Path.cwd(), program.source.resolve().parent}),
    )
    if options.webhook:
        variables[environment.SIGNING_SECRET] = WEBHOOK_SECRET
    command = [sys.executable, *program.arguments, *options.arguments, *options.program_options]
    # The program starts before the server is loaded: its first connection waits in the socket until it is accepted.
    child = subprocess.Popen(  # noqa: S603
        command,
        env=variables | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE if options.verdict else None,
        stderr=subprocess.PIPE if options.verdict or options.explain else None,
    )
    printed = verdict.Printed(child)
    _warn_of_a_deaf_sdk()
    # Ending this process, with a signal or by closing the terminal, is meant to end the program.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no hang-up
            signal.signal(getattr(signal, name), lambda *_: child.terminate())
    try:
        from ..api.routes import warm_up
        from ..observation import ending, lull
        from ..options import core_options
        from ..sandbox import Sandbox
        from ..verdict.clients import PATIENCE

        with Sandbox(
            ending(plan, PATIENCE) if options.verdict else plan,
            set_environment=False,
            sock=sock,
            authority=authority,
            webhook=options.webhook,
            webhook_hosts=options.webhook_hosts,
            **core_options(vars(options)),
        ) as api:
            if options.verdict:
                lull(api.core)
            threading.Thread(target=warm_up, daemon=True).start()
            code = _wait(child)
            if options.explain and code:
                from .explain import explain_ending

                explain_ending(program.name, printed.text())
            if options.verdict:
                return verdict.report(options.verdict, program.name, api.requests, code, printed.text())
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    return code if code >= 0 else 128 - code


def _warn_of_a_deaf_sdk() -> None:
    """Say so if the installed `openai` is of the few versions that read no address from the environment."""
    from importlib.metadata import PackageNotFoundError, version

    with suppress(PackageNotFoundError):
        if (found := version("openai")).startswith(("1.0.", "1.1.", "1.2.")):
            deaf = f"openai {found} ignores OPENAI_BASE_URL and calls the real API"
            print(f"# Warning: {deaf}. Install openai 1.3 or later.", file=sys.stderr, flush=True)


def _wait(child: "subprocess.Popen[bytes]") -> int:
    """Wait for the program. Ctrl-C reaches it directly; here it only must not end the wait."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue
