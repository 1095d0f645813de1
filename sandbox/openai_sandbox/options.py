"""The options of a sandbox: each has one name in the constructor, the command, the pytest marker and the directives.

On the command line, `allow_hosts` is `--allow-host NAME` and `faults` is `--fault DIRECTIVE`; both may be repeated.
`as_server` is `--as NAME`, because `as` is a word of Python.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias, TypedDict, cast

if TYPE_CHECKING:
    from datetime import date
    from os import PathLike
    from pathlib import Path

    from .cassettes.mode import Mode
    from .cassettes.player import Player
    from .faults import Plan
    from .scripts import Script
    from .stages.latency import Latency
    from .stages.rate_limit import RateLimit

Faults: TypeAlias = "str | Iterable[str] | Plan | None"
"""What goes wrong: directives, or a plan made from them."""

Cassettes: TypeAlias = "str | PathLike[str] | Iterable[str | PathLike[str]] | Player | None"
"""One or more cassettes: their paths, or a player that answers from them."""


class CoreOptions(TypedDict, total=False):
    """How the API behaves, apart from faults.

    - `seed` fixes ids and answers, so that they are the same in every run. With None, each run draws new ones.
    - `now` is the clock, in Unix seconds. A number stops it.
    - `latency` is `none`, `realistic`, or seconds before each reply. It takes precedence over a `latency=` among the
      faults.
    - `today` is the date that decides which models have been shut down. By default it is the as-of date of the model
      list.
    - `tier` is the usage tier that sets the rate limits, from 1 to 5, or one limit for every model. It takes precedence
      over a `tier=` among the faults. By default there are no limits, and no headers that mention them.
    - `script` says which prompt gets which answer: the path of a file, which is read again when it changes, or a
      `Script`. It takes precedence over a `script=` among the faults.
    - `strict` answers only the prompts that a script covers and refuses every other one.
    - `contract` answers every documented call in the right form, whatever key, id or model it names. See
      `openai_sandbox.stages.contract`.
    - `as_server` names a server that speaks OpenAI's API, such as `ollama`, whose answers replace the API's where they
      are known to differ. It implies `contract`, and takes precedence over an `as=` among the faults.
    - `replay` is one or more cassettes to answer from, written by this package or by VCR. Each recording answers once.
      With `latency="realistic"`, an answer takes as long as it took when it was recorded.
    - `scrub` is one or more regular expressions. What they match is removed from recordings and requests, in addition
      to keys and account ids.
    """

    seed: int | None
    now: "float | Callable[[], float] | None"
    latency: "float | str | Latency | None"
    today: "date | None"
    tier: "int | RateLimit | None"
    contract: bool
    as_server: str | None
    script: "str | Path | Script | None"
    strict: bool
    replay: "Cassettes"
    scrub: "str | Iterable[str]"


class ServerOptions(CoreOptions, total=False):
    """How a server behaves.

    - `upstream` is the base URL of a real server that answers instead. Faults, latency and rate limits still apply.
    - `record` is the cassette that the upstream's answers are written to. It is created if it does not exist.
    - `mode` is `once`, which records only into a new cassette, `new`, which adds what an existing one does not answer,
      or `none`, which only replays what `record` names. The default is `once`.
    - `allow_hosts` lists host names under which requests may reach the sandbox, in addition to those of this machine.
    - `cors` lists the origins whose web pages may use the sandbox.
    - `tls` speaks HTTPS, with a certificate authority that no client trusts by default. It needs the package trustme.
    - `webhook` is the URL that receives a signed request when a background response or a batch has ended.
    - `webhook_hosts` lists the names of other machines that `webhook` may point at.
    """

    upstream: str | None
    record: "str | PathLike[str] | None"
    mode: "Mode | None"
    allow_hosts: Iterable[str]
    cors: Iterable[str]
    tls: bool
    webhook: str | None
    webhook_hosts: Iterable[str]


def check_names(options: Mapping[str, object], known: type[CoreOptions]) -> None:
    """Refuse options that `known` does not have.

    Raises:
        TypeError: there is such an option. The message suggests the one that may be meant.
    """
    for name in options:
        if name not in known.__annotations__:
            guess = get_close_matches(name, known.__annotations__, n=1)
            remedy = f"did you mean '{guess[0]}'?" if guess else f"known options: {', '.join(known.__annotations__)}"
            raise TypeError(f"unexpected keyword argument '{name}': {remedy}")


def core_options(options: Mapping[str, object]) -> CoreOptions:
    """Return the options that the core takes."""
    return cast(CoreOptions, {name: options[name] for name in CoreOptions.__annotations__ if name in options})
