"""Turns command-line options into what they mean, or says why it cannot."""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..faults import plan_of
from ..program import UsageError

if TYPE_CHECKING:
    from ..faults import Plan
    from ..http.tls import Authority


def authority_of(wanted: bool) -> "AbstractContextManager[Authority | None]":
    """Provide a certificate authority for as long as a block runs, if one is wanted.

    Raises:
        UsageError: the package that creates one is not installed.
    """
    if not wanted:
        return nullcontext()
    if not find_spec("trustme"):
        raise UsageError("tls needs a package that creates certificates: pip install trustme")
    from ..http.tls import authority

    return authority()


def latency_of(text: str | None) -> str | None:
    """Return the latency that a text describes.

    Raises:
        UsageError: it does not describe a latency.
    """
    from ..stages.latency import Latency

    try:
        Latency.of(text)
    except ValueError as problem:
        raise UsageError(f"--latency: {problem}") from None
    return text


def server_of(option: str | None, plan: "Plan") -> str | None:
    """Return the name of the server to play: that of the option `--as` or else of the program's comment.

    Raises:
        UsageError: there is no such server.
    """
    from ..stages.compatible import checked

    name = option or plan.as_server
    try:
        return name and checked(name)
    except ValueError as problem:
        raise UsageError(f"{'--as' if option else f'# sandbox: as={name}'}: {problem}") from None


def plan_of_program(path: Path) -> "Plan":
    """Return what the comments of a program ask for.

    Raises:
        DirectiveError: one of them cannot be understood.
        UsageError: the file cannot be read, or is not a Python program.
    """
    try:
        return plan_of(path)
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read: {problem.strerror}") from None
    except (SyntaxError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: not a Python program: {problem}") from None


def script_of(path: "str | Path") -> None:
    """Check a script's file before anything is started.

    Raises:
        ScriptFileError: it cannot be read, or is not a script.
    """
    from ..scripts import Script
    from ..scripts.files import load

    load(Path(path), Script())
