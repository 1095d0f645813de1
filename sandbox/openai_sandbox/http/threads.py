"""Runs blocking work in threads, so that the event loop is not blocked."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")


async def in_thread(work: Callable[[], Made], slots: asyncio.Semaphore | None = None) -> Made:
    """Run `work` in its own thread, and return what it returns or raise what it raises.

    It takes one of the slots until the thread ends, even if nobody is waiting for it any more.

    The thread is a daemon: unlike those of `asyncio.to_thread`, it does not keep a loop or a process from ending.
    """
    if slots:
        await slots.acquire()
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Made] = loop.create_future()

    def settle(made: Made | None, problem: BaseException | None) -> None:
        if slots:
            slots.release()
        if done.done():  # canceled meanwhile
            return
        if problem:
            done.set_exception(problem)
        else:
            done.set_result(made)  # type: ignore[arg-type]

    def run() -> None:
        made, problem = None, None
        try:
            made = work()
        except BaseException as raised:
            problem = raised
        try:
            loop.call_soon_threadsafe(settle, made, problem)
        except RuntimeError:  # the loop has ended: nobody is waiting any more
            return

    try:
        threading.Thread(target=run, name="sandbox-request", daemon=True).start()
    except RuntimeError as problem:  # there are too many threads
        settle(None, problem)
    return await done
