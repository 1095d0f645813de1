"""`openai_sandbox.Sandbox` without a thread and a socket: its requests are answered in this process."""

import os
from types import TracebackType
from typing import Any, Self

from openai_sandbox.controls import Controls
from openai_sandbox.core import Core
from openai_sandbox.faults import plan
from openai_sandbox.http import environment
from openai_sandbox.http.address import API_KEY
from openai_sandbox.options import Faults, core_options

from .network import AUTHORITY, Network, NoMcpServers

OPTIONS_OF_A_SERVER = ("upstream", "webhook", "webhook_hosts", "allow_hosts", "cors")
RECORDING = ("replay", "record", "mode", "scrub")


class Sandbox(Controls):
    """The API at an address of the page's network, for as long as the `with` block runs.

    Args:
        faults: what goes wrong.
        set_environment: whether to set the variables that point clients at it.
        options: those of a native sandbox, without what needs the network.

    Raises:
        NotImplementedError: an option needs the network.
    """

    def __init__(self, faults: Faults = None, *, set_environment: bool = True, **options: Any) -> None:
        for name in OPTIONS_OF_A_SERVER:
            if options.get(name):
                raise NotImplementedError(
                    f"{name}= needs a network, which a page does not have: run this in a terminal"
                )
        if any(options.get(name) is not None for name in RECORDING):
            from openai_sandbox.cassettes.session import session

            player, _, _ = session(options)
            if player is None:
                raise NotImplementedError("recording needs a network, and a page has none: run this in a terminal")
            options["replay"] = player
        faults = plan(faults)
        super().__init__(Core(faults, mcp=NoMcpServers(), **core_options(options)))
        self._tls = bool(options.get("tls")) or faults.tls
        self._set_environment = set_environment
        self._overlay: environment.Overlay | None = None
        self.base_url = ""
        self.api_key = API_KEY

    def changes(self) -> dict[str, str | None]:
        """Return the environment variables that point this process at it; None means to remove one."""
        return environment.changes(self.base_url, os.environ, str(AUTHORITY) if self._tls else None)

    def __enter__(self) -> Self:
        self.base_url = Network.listen(self.core, self._tls)
        if self._set_environment:
            self._overlay = environment.Overlay(self.changes())
            self._overlay.put_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._overlay:
            self._overlay.take_off()
        self._overlay = None
        Network.close(self.core)
        self._tell_problems(exc)
