"""The sandbox without a server: `Core.handle(request)` returns a reply and its journal entry.

Sans-IO: no sockets, threads or sleeping. A server, an in-process transport and the browser each carry out what a reply
says: wait, send, cut off.
"""

import logging
import random
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from .api.shared.mcp_servers import McpServers
from .api.shared.mcp_turns import Unlocking
from .api.shared.prepared import Recipes
from .api.shared.result import Result
from .api.shared.state import Chance, State
from .api.shared.store import Store
from .api.shared.webhook_events import WebhookEvent
from .faults import Fault, Plan, plan
from .model.families import as_of
from .model.prompt_cache import PromptCache
from .options import CoreOptions, Faults, check_names
from .scripts import Decision, Script, seen_of
from .scripts.files import Watched
from .scripts.seen import api_of
from .stages import body as bodies
from .stages import compatible, rate_limit
from .stages import fault as faulty
from .stages import key as keys
from .stages import reply as replies
from .stages.answer import answer as answer_of
from .stages.answered import answered, keep
from .stages.body import EMPTY
from .stages.journal import Exchange, Journal
from .stages.latency import Latency
from .stages.rate_limit import UNLIMITED, Limiter
from .values import budget
from .values.budget import OverBudgetError
from .wire.errors import APIError, error
from .wire.headers import asked_pause
from .wire.ids import Ids
from .wire.masking import mask_keys
from .wire.messages import Reply, Request

if TYPE_CHECKING:
    from .cassettes.player import Player

__all__ = ["Core", "Interception", "Reply", "Request"]

logger = logging.getLogger(__name__)

NOT_RETRIED = {"x-should-retry": "false"}
"""Tells the SDKs not to retry, whatever the status."""


@dataclass(frozen=True, slots=True)
class Interception:
    """What the core does to a request that an upstream or a cassette answers.

    `reply`, if there is one, replaces the upstream's answer: a fault, a rate limit or a recording came first. Otherwise
    the request is passed on after `delay` seconds, and `headers` are added to the upstream's answer.
    """

    exchange: Exchange
    fault: Fault | None
    delay: float
    reply: Reply | None
    headers: Mapping[str, str]


class Core:
    """The API's behavior.

    Args:
        faults: what goes wrong; see `openai_sandbox.faults`.
        journal: where exchanges are recorded, instead of a new journal.
        mcp: reaches MCP servers for the `mcp` tool; without it, that tool is refused. Other requests are answered
            meanwhile.
        on_event: called when a background response or a batch has ended, as a webhook would be.
        options: see `openai_sandbox.options.CoreOptions`.

    Attributes:
        faults: the faults still to come.
        requests: the journal.
        script: which prompt gets which answer.
        player: answers from cassettes, if there are any.
        state: what the endpoints work with.
    """

    def __init__(
        self,
        faults: Faults = None,
        *,
        journal: Journal | None = None,
        mcp: McpServers | None = None,
        on_event: Callable[[WebhookEvent], None] | None = None,
        **options: Unpack[CoreOptions],
    ) -> None:
        check_names(options, CoreOptions)
        self.faults = plan(faults)
        self.requests = Journal() if journal is None else journal
        given = options.get("script")
        self.script = given if isinstance(given, Script) else Script(strict=options.get("strict", False))
        path = self.faults.script if given is None else given
        self._script_file = None if path is None or isinstance(path, Script) else Watched(Path(path), self.script)
        server = options.get("as_server") or self.faults.as_server
        self.server = server and compatible.checked(server)
        self.contract = options.get("contract", False) or self.server is not None
        self.player: Player | None = None
        if options.get("replay") is not None:
            from .cassettes.session import player_of

            self.player = player_of(options.get("replay"), options.get("scrub"))
        latency, tier = options.get("latency"), options.get("tier")
        self.latency = Latency.of(latency)
        if latency is None and self.faults.latency is not None:
            self.latency = Latency(self.faults.latency)
        tier = self.faults.tier if tier is None else tier
        self.limiter = None if tier is None else Limiter(tier)
        seed = options.get("seed")
        seed = random.SystemRandom().getrandbits(64) if seed is None else seed
        self._clock = options.get("now")
        self._lock = threading.RLock()
        self._named_servers = False
        self.state = State(
            now=self.now,
            ids=Ids(random.Random(seed)),  # noqa: S311 - not for secrets
            chance=Chance(seed),
            store=Store(self.now),
            prompt_cache=PromptCache(),
            today=options.get("today") or as_of(),
            mcp=mcp and Unlocking(mcp, self._lock),
            on_event=on_event,
            recipes=Recipes(used=not self.contract),
        )

    def now(self) -> float:
        """Return the time in Unix seconds."""
        if self._clock is None:
            return time.time()
        return self._clock() if callable(self._clock) else self._clock

    def may_wait(self, request: Request) -> bool:
        """Tell whether a request may have to wait for an MCP server. The answer may be yes for one that does not."""
        if self.state.mcp is None or self.player:
            return False
        # A batch has its requests in a file, and JSON may spell any letter as an escape.
        if b"mcp" in request.body or b"\\u00" in request.body or "/batches" in request.path:
            self._named_servers = True
            return True
        # Stored items may hold tools.
        return self._named_servers and (b"conversation" in request.body or b"previous_response_id" in request.body)

    def handle(self, request: Request) -> tuple[Reply, Exchange]:
        """Answer a request, and return the reply with its journal entry."""
        with self._lock:
            if self.player:
                return self._replay(self.player, request)
            return self._walk(request, _no_key if self.contract else keys.checked, self.faults)

    def _walk(
        self, request: Request, key_of: Callable[[Request], str], faults: Plan, seconds: float = budget.SECONDS
    ) -> tuple[Reply, Exchange]:
        """Take a request through the stages in order: key, fault, body, rate limit, route and answer, reply, journal.

        It may wait for MCP servers for up to `seconds` seconds.
        """
        started = time.perf_counter()
        budget.begin(seconds=seconds)
        fault, body, quota = None, EMPTY, UNLIMITED
        decision: Decision | None = None
        code: str | None = None
        try:
            key = key_of(request)
            fault = faults.next()
            body = bodies.read(request)
            if fault and (refused := faulty.refusal(fault, request, body, key)):
                raise refused
            quota = rate_limit.count(self.limiter, request, body, self.now)
            if quota.refusal:
                raise quota.refusal
            if self._script_file and (problem := self._script_file.refresh()):
                logger.warning("the script stays as it was: %s", problem)
            if self.script.is_active and (api := api_of(request.method, request.path)) and body.json is not None:
                decision = self.script.decide(seen_of(self.state, api, body.json))
            if decision and decision.fault:
                fault = decision.fault
                if refused := faulty.refusal(fault, request, body, key):
                    decision = None  # it has done what it says
                    raise refused
            scripted = decision.scripted if decision else None
            if otherwise := compatible.difference(self.server, request, body):
                result, status = otherwise.answer(request, body.json or {}), otherwise.status
            else:
                result = answer_of(self.state, request, body, fault, by_contract=self.contract, scripted=scripted)
                status = 200
        except APIError as refused:
            if decision:
                decision.undo()
            self.script.note(refused)
            result, status, code = Result(refused.envelope()), refused.status, refused.code
        except (OverBudgetError, RecursionError):
            result, status = Result(error("sandbox_over_budget", param="body").envelope()), 400
        except Exception as bug:
            problem = mask_keys(traceback.format_exc())
            logger.error("the sandbox failed on %s %s\n%s", request.method, mask_keys(request.path), problem)
            result = Result(error("sandbox_failed", problem=f"{type(bug).__name__}: {bug}").envelope())
            status = 500
        finally:
            budget.end()
        answer = answered(result, fault)
        reply = replies.build(
            result,
            status,
            request_id=self.state.ids.hex("req", 32),
            started=started,
            now=self.now(),
            latency=self.latency,
            fault=fault,
            headers=quota.headers,
            note=answer.note if answer else None,
        )
        if answer:
            keep(answer, reply, fault, body)
        sent = 0 if reply.ending in ("drop", "hang") else status
        pause = asked_pause(reply.headers) if status >= 400 else None
        return reply, self.requests.record(request, body, sent, fault, result.authored, code, pause, answer)

    def _replay(self, player: "Player", request: Request) -> tuple[Reply, Exchange]:
        """Answer a request from cassettes, or with an error that explains why they have nothing for it."""
        taken = self.intercept(request)
        reply = taken.reply
        if reply is None:
            missing = player.miss(request)
            reply, taken.exchange.status = self.fail(missing), missing.status
            reply.headers |= NOT_RETRIED
        reply.headers |= taken.headers
        return reply, taken.exchange

    def advance(self) -> None:
        """Advance everything in the background by one step, as retrieving it would. Other requests go on in between."""
        from .api import background

        with self._lock:
            steps = list(background.steps(self.state))
        for step in steps:
            with self._lock:
                budget.begin()
                try:
                    step()
                except (APIError, OverBudgetError, RecursionError):
                    continue  # retrieving it would say so
                except Exception:
                    logger.error("the sandbox failed in the background\n%s", mask_keys(traceback.format_exc()))
                finally:
                    budget.end()

    def refuse(self, request: Request, refusal: APIError) -> tuple[Reply, Exchange]:
        """Answer, at once, a request that is not allowed."""
        with self._lock:
            return self.fail(refusal), self.requests.record(request, EMPTY, refusal.status)

    def intercept(self, request: Request) -> Interception:
        """Begin a request that an upstream or a cassette answers: fault, body and rate limit. The key is theirs."""
        with self._lock:
            fault = self.faults.next()
            body = bodies.read_json(request)
            if fault and not faulty.is_passed_on(fault, body):
                said, exchange = self._walk(request, keys.unchecked, Plan([fault]), seconds=0)
                return Interception(exchange, fault, 0.0, said, {})
            quota = rate_limit.count(self.limiter, request, body, self.now)
            reply: Reply | None = None
            if quota.refusal:
                reply = self.fail(quota.refusal)
            elif self.player:
                from .cassettes.player import recorded_reply

                reply = recorded_reply(self.player, request, fault, self.latency)
            delay = self.latency.first if fault is None or fault.latency is None else fault.latency
            exchange = self.requests.record(request, body, reply.status if reply else 0, fault)
            return Interception(exchange, fault, delay, reply, quota.headers)

    def fail(self, failure: APIError) -> Reply:
        """Return the reply to a failure that does not come from the API. It is sent at once."""
        with self._lock:
            return replies.build(
                Result(failure.envelope()),
                failure.status,
                request_id=self.state.ids.hex("req", 32),
                started=time.perf_counter(),
                now=self.now(),
                latency=Latency(),
            )


def _no_key(_: Request) -> str:
    """Return the key in contract mode, where any will do."""
    return ""
