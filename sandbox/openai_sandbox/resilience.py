"""`assert_resilient`: run a function under one fault after another and judge what it does."""

import asyncio
import contextlib
import inspect
import io
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TextIO, Unpack

from .core import Core
from .faults import plan
from .observation import ending, lull, settled
from .options import ServerOptions
from .sandbox import Sandbox
from .scripts.seen import api_of
from .stages.journal import Exchange
from .verdict import Outcome, Verdict, judge
from .verdict.clients import PATIENCE
from .verdict.unsaid import UNSAID

DEFAULT_SET = (
    "rate_limit retry_after=1",
    "server_error x2",
    "overloaded x4 retry_after_ms=1",
    "connection_drop",
    "insufficient_quota x4 retry_after_ms=1",
    "bad_key",
    "cut_stream",
    "end_early",
    "stream_error",
    "content_filter",
    "failed_response",
)
"""The default faults of `assert_resilient`. Other calls skip those that only streams or the Responses API can have.

`timeout` is not among them: the SDK's client says in a header whether it has a timeout, and with any other client the
run takes as long as the client waits. To test it, name it and set `within`.
"""

OF_STREAMS = ("cut_stream", "end_early", "stream_error")
OF_MODELS = ("content_filter",)
OF_RESPONSES = ("failed_response",)

LONGEST = 120.0
"""How long a call may take by default, in seconds."""

GRACE = 5.0


def assert_resilient(
    call: Callable[[], Any],
    faults: str | Iterable[str] = DEFAULT_SET,
    *,
    within: float | None = None,
    **options: Unpack[ServerOptions],
) -> dict[str, Verdict]:
    """Run a function once without faults and once under each fault, and fail if it does something wrong.

        def test_it_takes_what_comes():
            assert_resilient(lambda: answer("Say hello"))

    Each run has its own sandbox, which `OpenAI()` finds, so the function has to create its client when it is called. It
    runs in a thread. It may raise: its caller has to know about a fault that the function cannot recover from.
    `openai_sandbox.verdict.KINDS` lists what counts as wrong and how that is detected.

    Args:
        call: the function, without arguments; it may be async.
        faults: what goes wrong, one run for each. By default, the faults in `DEFAULT_SET` that can happen to the call.
        within: how many seconds the call may take under each fault. After that, whatever it is waiting for is ended.
        options: the options of each sandbox; see `openai_sandbox.options.ServerOptions`.

    Returns:
        The verdict on each run, by fault.

    Raises:
        AssertionError: something was found. The message says what and under which faults.
    """
    options = {"seed": 7, **options}
    first = _run(call, "", Outcome(within=within), options)
    if first.problem is not None:
        first.problem.add_note("assert_resilient: the call fails even without a fault")
        raise first.problem
    if not first.requests:
        raise AssertionError("the call sent nothing to the sandbox: make it create its client when it is called")
    named = [faults] if isinstance(faults, str) else list(faults)
    if faults is DEFAULT_SET:
        named = [fault for fault in named if _applies(fault, first.requests)]
    verdicts = {"": first.verdict}
    for fault in named:
        verdicts[fault] = _run(call, fault, Outcome(within=within, usual=first.returned), options).verdict
    wrong = {fault: verdict for fault, verdict in verdicts.items() if verdict}
    if wrong:
        raise AssertionError(_message(wrong, len(verdicts)))
    return verdicts


@dataclass
class _Run:
    """The result of a run: what was returned or raised, the requests, and the verdict on them."""

    returned: Any
    problem: BaseException | None
    requests: list[Exchange]
    verdict: Verdict


def _run(call: Callable[[], Any], fault: str, expected: Outcome, options: ServerOptions) -> _Run:
    patience = min(PATIENCE, expected.within or PATIENCE)
    with Sandbox(ending(plan(fault or None), patience), **options) as api, _listening() as heard:
        lull(api.core)
        caller = _Caller(call)
        caller.start()
        caller.join(expected.within or LONGEST)
        late = caller.is_alive()
        if late:
            _let_go(api.core, caller)
        outcome = replace(
            expected,
            returned=caller.returned,
            raised=caller.problem is not None,
            printed=heard.getvalue(),
            late=late,
        )
        if late and expected.within is None:
            raise AssertionError(f"the call had not ended after {LONGEST:g} seconds, under {fault or 'no fault'}")
        requests = settled(api.requests)
        verdict = judge(requests, outcome)
    return _Run(caller.returned, caller.problem, requests, verdict)


class _Caller(threading.Thread):
    """Runs a function and keeps what it returned or raised."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__(name="assert_resilient", daemon=True)
        self._call: Callable[[], Any] = partial(copy_context().run, call)
        self.returned: Any = UNSAID
        self.problem: BaseException | None = None

    def run(self) -> None:
        """Run it; an async function gets its own event loop."""
        try:
            found = self._call()
            self.returned = asyncio.run(_awaited(found)) if inspect.isawaitable(found) else found
        except BaseException as problem:
            self.problem = problem


async def _awaited(found: Any) -> Any:
    return await found


def _let_go(core: Core, caller: threading.Thread) -> None:
    """Let a call that takes too long finish: its requests are answered from now on."""
    core.faults.queue.clear()
    caller.join(GRACE)


def _applies(fault: str, requests: list[Exchange]) -> bool:
    """Tell whether a fault can happen to one of the requests that a call sends."""
    name = fault.split()[0]
    models = [one for one in requests if api_of(one.method, one.path)]
    if name in OF_STREAMS:
        return any(isinstance(one.body, Mapping) and one.body.get("stream") is True for one in models)
    if name in OF_RESPONSES:
        return any(one.path == "/v1/responses" for one in models)
    return bool(models) or name not in OF_MODELS


@contextlib.contextmanager
def _listening() -> Iterator[io.StringIO]:
    """Capture what is printed and logged, and still print it."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    out, err = _Tee(sys.stdout, heard), _Tee(sys.stderr, heard)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield heard
    finally:
        root.removeHandler(handler)


class _Tee(io.TextIOBase):
    """Writes to two streams."""

    def __init__(self, first: TextIO, second: io.StringIO) -> None:
        self._first, self._second = first, second

    def write(self, text: str) -> int:
        """Write a text."""
        self._second.write(text)
        return self._first.write(text)

    def flush(self) -> None:
        """Flush the first stream."""
        self._first.flush()

    def isatty(self) -> bool:
        """Tell whether the first stream is a terminal."""
        return self._first.isatty()


def _message(wrong: Mapping[str, Verdict], runs: int) -> str:
    """Return the message: each finding once, with the faults that showed it."""
    by_id: dict[str, list[str]] = {}
    for fault, verdict in wrong.items():
        for finding in verdict:
            by_id.setdefault(finding.id, []).append(fault or "no fault")
    lines = [f"{len(by_id)} finding{'' if len(by_id) == 1 else 's'} in {runs} runs"]
    for id, faults in by_id.items():
        first = next(finding for verdict in wrong.values() for finding in verdict if finding.id == id)
        lines.append(f"under {', '.join(faults)}:\n{first}")
    return "\n".join(lines)
