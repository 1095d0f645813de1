"""Work that blocks, beside a loop that must not."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")


async def in_thread(work: Callable[[], Made]) -> Made:
    """Return what `work` returns, or raise what it raises, from a thread of its own.

    The thread is a daemon: unlike those of `asyncio.to_thread`, it keeps no loop and no process from ending.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Made] = loop.create_future()

    def settle(made: Made | None, problem: BaseException | None) -> None:
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
        except RuntimeError:  # the loop has ended: nobody waits any more
            return

    threading.Thread(target=run, name="sandbox-request", daemon=True).start()
    return await done
