"""The options of a sandbox: one name each, for constructor, command, pytest marker and directive.

A command writes `allow_hosts` as `--allow-host NAME`, and `faults` as `--fault DIRECTIVE`; both may be repeated.
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
"""What goes wrong: directives, or a plan that was read from some."""

Cassettes: TypeAlias = "str | PathLike[str] | Iterable[str | PathLike[str]] | Player | None"
"""One cassette or several: their paths, or what answers from them."""


class CoreOptions(TypedDict, total=False):
    """How the API behaves, besides its faults.

    - `seed` fixes ids and answers. None draws new ones in every run.
    - `now` is the clock in Unix seconds. A number stops it.
    - `latency` is `none`, `realistic`, or seconds before each reply. It beats a `latency=` among the faults.
    - `today` is the day that decides which models have been shut down. By default, the as-of date of the model list.
    - `tier` is the usage tier whose rate limits hold, from 1 to 5, or one limit for every model. It beats a `tier=`
      among the faults. By default there are no limits, and no headers that mention them.
    - `script` is what is answered to which prompt: the path of a file, which is read again when it changes, or a
      `Script`. It beats a `script=` among the faults.
    - `strict` answers only what a script says, and refuses every other prompt.
    - `contract` answers every documented call in the right form, whatever key, id and model it names, see
      `openai_sandbox.stages.contract`.
    - `replay` is a cassette that answers, or several of them, of this package or of VCR. Each recording answers once.
      With `latency="realistic"` it takes as long as it took then.
    - `scrub` are regular expressions of what is taken out of recordings and requests besides keys and ids of accounts.
    """

    seed: int | None
    now: "float | Callable[[], float] | None"
    latency: "float | str | Latency | None"
    today: "date | None"
    tier: "int | RateLimit | None"
    contract: bool
    script: "str | Path | Script | None"
    strict: bool
    replay: "Cassettes"
    scrub: "str | Iterable[str]"


class ServerOptions(CoreOptions, total=False):
    """How a server behaves.

    - `upstream` is the base URL of a real server that answers instead. Faults, latency and rate limits still apply.
    - `record` is the cassette into which the upstream's answers are written. It is made if it is not there.
    - `mode` is `once`, which records only into a new cassette, `new`, which adds what an old one does not answer, or
      `none`, which only replays what `record` names. It is `once` unless it is given.
    - `allow_hosts` are names, besides those of this machine, under which requests may reach the sandbox.
    - `cors` are origins whose web pages may use the sandbox.
    - `tls` speaks HTTPS, by a certificate authority that no client trusts on its own. Needs the package trustme.
    - `webhook` is the URL that is told, in a signed request, when a background response or a batch has ended.
    - `webhook_hosts` are names of other machines that `webhook` may name.
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
    """Refuse options that are not among those of `known`.

    Raises:
        TypeError: there is such an option; the message says which one may be meant.
    """
    for name in options:
        if name not in known.__annotations__:
            guess = get_close_matches(name, known.__annotations__, n=1)
            remedy = f"did you mean '{guess[0]}'?" if guess else f"known options: {', '.join(known.__annotations__)}"
            raise TypeError(f"unexpected keyword argument '{name}': {remedy}")


def core_options(options: Mapping[str, object]) -> CoreOptions:
    """Return those of the options that the core takes."""
    return cast(CoreOptions, {name: options[name] for name in CoreOptions.__annotations__ if name in options})
