"""An event loop for one thread without sockets: it sleeps until the next timer is due.

Pyodide's own loop leaves waiting to the browser, so `asyncio.run` would return before the coroutine has ended.
"""

import asyncio
import asyncio.runners
import concurrent.futures.thread
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

LONGEST_SLEEP = 3600.0


class _NoSelector:
    """Waits as a selector does that has nothing to watch."""

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None or timeout > 0:
            time.sleep(LONGEST_SLEEP if timeout is None else timeout)
        return []


class EventLoop(asyncio.BaseEventLoop):
    """Runs callbacks and timers. What would run in another thread runs at once."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _NoSelector()

    def _process_events(self, event_list: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def run_in_executor(  # type: ignore[override] # the future is done, whatever its type
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> Any:
        """Run a function now, and return a future that is already done."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except BaseException as problem:
            future.set_exception(problem)
        return future


class InlineExecutor(concurrent.futures.Executor):
    """A `ThreadPoolExecutor` that runs each task when it is submitted."""

    def __init__(self, max_workers: int | None = None, *_: Any, **__: Any) -> None:
        self._max_workers = max_workers

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "concurrent.futures.Future[Any]":
        """Run a task."""
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as problem:
            future.set_exception(problem)
        return future


def _start(self: Any) -> None:
    """Run a thread's target at once, to its end."""
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    self._started.set()
    try:
        self.run()
    except SystemExit:
        pass
    except BaseException:
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self)))


def _join(self: Any, timeout: float | None = None) -> None:
    """Return, because the thread has ended when it was started."""
    if not self._started.is_set():
        raise RuntimeError("cannot join thread before it is started")


def install(run: Callable[..., Any]) -> None:
    """Make programs use this loop, threads that run at once, and Python's own `asyncio.run`."""
    events: Any = asyncio.events
    policy = type("Policy", (events._BaseDefaultEventLoopPolicy,), {"_loop_factory": EventLoop})
    events._set_event_loop_policy(policy())
    asyncio.run = run
    futures: Any = concurrent.futures
    for module in (futures, futures.thread):
        module.ThreadPoolExecutor = InlineExecutor
    thread: Any = threading.Thread
    thread.start, thread.join = _start, _join
    thread.is_alive = lambda self: False
