"""The environment variables that point a program at the sandbox, and those it must not see.

A program that runs against the sandbox may be written for any client of the SDK, and the environment may hold real
credentials for each. So every variable that the SDK reads is listed here: pointed at the sandbox, removed, or kept
because neither a credential nor an address is in it.
"""

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from .address import API_KEY, HOST

CA_FILE = "CORPORATE_CA_FILE"
SIGNING_SECRET = "OPENAI_WEBHOOK_SECRET"  # noqa: S105 - the name of one

# Pointed at the sandbox if the program would have found them. The base URL and the key always are.
AZURE_ENDPOINT, AZURE_KEY, ADMIN_KEY = "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "OPENAI_ADMIN_KEY"
BEDROCK_URL = "AWS_BEDROCK_BASE_URL"
BEFORE_VERSION_1 = "OPENAI_API_BASE"  # openai 0.x and LangChain read it
POINTED = ("OPENAI_BASE_URL", BEFORE_VERSION_1, "OPENAI_API_KEY", AZURE_ENDPOINT, AZURE_KEY, ADMIN_KEY, BEDROCK_URL)

# Credentials, names of accounts, and headers, which may hold either.
ADDRESSES = ("GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_PROJECT")  # without them the SDK has no address for Vertex
REMOVED = (
    *ADDRESSES,
    "AWS_BEARER_TOKEN_BEDROCK",
    "AZURE_OPENAI_AD_TOKEN",
    "OPENAI_CUSTOM_HEADERS",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    SIGNING_SECRET,
)

# Choices that are up to the program.
KEPT = (
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "DEFER_PYDANTIC_BUILD",
    "OPENAI_API_TYPE",
    "OPENAI_API_VERSION",
    "OPENAI_LOG",
)

PROXY_EXCEPTIONS = ("NO_PROXY", "no_proxy")

_overlays: "list[Overlay]" = []
_covered: dict[str, str | None] = {}
_changing = threading.Lock()

_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", re.MULTILINE)


def pointed(base_url: str, before: Mapping[str, str], ca_file: str | None = None) -> dict[str, str]:
    """Return the variables that point the SDK's own client at the sandbox.

    Args:
        base_url: the sandbox's base URL.
        before: the environment so far. The sandbox is added to its proxy exceptions, because a proxy cannot reach this
            machine's own ports.
        ca_file: the path of the HTTPS authority's certificate. No client reads its variable by default.
    """
    variables = {"OPENAI_BASE_URL": base_url, BEFORE_VERSION_1: base_url, "OPENAI_API_KEY": API_KEY}
    if ca_file:
        variables[CA_FILE] = ca_file
    for name in PROXY_EXCEPTIONS:
        variables[name] = ",".join(filter(None, [before.get(name), HOST]))
    return variables


def of_program(
    base_url: str, before: Mapping[str, str], ca_file: str | None = None, also_set: Iterable[str] = ()
) -> dict[str, str]:
    """Return the whole environment of a program that runs against the sandbox.

    Args:
        base_url: the sandbox's base URL.
        before: the environment that it would have had.
        ca_file: see `pointed`.
        also_set: names of variables that the program will set unless they exist; see `named_in_files`.
    """
    found = before.keys() | set(also_set)
    root = base_url.removesuffix("/v1")
    variables = {name: value for name, value in before.items() if name not in REMOVED}
    # A file that the program loads does not replace an existing variable, even an empty one.
    variables |= dict.fromkeys(sorted(set(also_set).intersection(ADDRESSES)), "")
    variables |= pointed(base_url, before, ca_file) | {BEDROCK_URL: base_url}
    if ADMIN_KEY in found:
        variables[ADMIN_KEY] = API_KEY
    if found & {AZURE_ENDPOINT, AZURE_KEY, "AZURE_OPENAI_AD_TOKEN"}:
        variables |= {AZURE_ENDPOINT: root, AZURE_KEY: API_KEY}
        # The module-level client of `openai` chooses by what is set, and the sandbox's key now is.
        if "OPENAI_API_KEY" not in found:
            variables.setdefault("OPENAI_API_TYPE", "azure")
    return variables


class Overlay:
    """Environment variables that this process has while the overlay is on. Overlays may be taken off in any order.

    Args:
        variables: their values; None removes a variable.
    """

    def __init__(self, variables: Mapping[str, str | None]) -> None:
        self._variables = variables

    def put_on(self) -> None:
        """Set the variables."""
        with _changing:
            for name in self._variables:
                if not any(name in overlay._variables for overlay in _overlays):
                    _covered[name] = os.environ.get(name)
            _overlays.append(self)
            _assign(self._variables)

    def take_off(self) -> None:
        """Give each variable the value that it would have without this overlay."""
        with _changing:
            _overlays.remove(self)
            for name in self._variables:
                below = [overlay._variables[name] for overlay in _overlays if name in overlay._variables]
                _assign({name: below[-1] if below else _covered.pop(name)})


def _assign(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def changes(base_url: str, before: Mapping[str, str], ca_file: str | None = None) -> dict[str, str | None]:
    """Return the changes that point an environment at the sandbox. None means a removal.

    Everything that matters is listed, even what is already right, because another sandbox may have made it right.
    """
    after = of_program(base_url, before, ca_file)
    names = {*POINTED, *REMOVED, *pointed(base_url, before, ca_file)}
    return {name: after.get(name) for name in (*names, *(name for name in after if after[name] != before.get(name)))}


def named_in_files(folders: Iterable[Path]) -> set[str]:
    """Return the names of the variables in the nearest `.env` at or above each folder, as programs load them."""
    return {name for folder in folders for name in _named(folder)}


def _named(folder: Path) -> Iterator[str]:
    for parent in (folder, *folder.parents):
        with suppress(OSError, UnicodeDecodeError):
            yield from _ASSIGNMENT.findall((parent / ".env").read_text("utf-8"))
            return
