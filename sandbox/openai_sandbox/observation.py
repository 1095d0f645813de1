"""Makes a client's behavior visible: ends requests that hang, and pauses before the end of a stream."""

import time
from collections.abc import Iterable
from dataclasses import replace

from .core import Core
from .faults import Plan
from .stages.journal import Exchange

LULL = 0.15
"""How long to pause before the last event of a stream, in seconds. A client that leaves meanwhile did not want it."""

SETTLING = 1.0


def ending(faults: Plan, patience: float) -> Plan:
    """Return a plan in which no request hangs for longer than `patience` seconds."""
    faults.queue = [replace(fault, hangs=patience) if fault.kind.name == "timeout" else fault for fault in faults.queue]
    return faults


def lull(core: Core, seconds: float = LULL) -> None:
    """Pause before the last event of each stream."""
    core.latency = replace(core.latency, lull=seconds)


def settled(journal: Iterable[Exchange]) -> list[Exchange]:
    """Return the entries of a journal once every reply that has begun has ended, or after a second at most."""
    until = time.monotonic() + SETTLING
    while True:
        entries = list(journal)
        under_way = any(entry.trace.begun is not None and entry.trace.delivery == "open" for entry in entries)
        if not under_way or time.monotonic() > until:
            return entries
        time.sleep(0.005)
