"""/v1/batches: many requests in a file, answered in files.

A batch advances when it is retrieved, not with time, so that programs that wait for one finish quickly: each retrieve
advances it by one step, from `validating` to `in_progress`, to `finalizing`, to `completed`. A step does no more work
than one request may, and runs at most `REQUESTS_A_STEP` requests. Those are not in the journal, do not count toward
rate limits, and get no faults.
"""

import logging
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import to_json

from ..model import families
from ..model.embeddings import embedding_models
from ..model.moderation import moderation_models
from ..validation.bounds import check_bounds
from ..validation.parameters import Validator
from ..values.budget import STEPS, OverBudgetError, left, spend
from ..wire.errors import APIError, error
from ..wire.form import Upload
from ..wire.headers import ORGANIZATION
from ..wire.masking import mask_keys
from ..wire.weight import weight
from . import batch_file, embeddings, moderations
from .chat_completions import create as create_chat_completion
from .responses import create as create_response
from .shared.bounded import AN_OBJECT, Charge
from .shared.call import Call
from .shared.pagination import page
from .shared.prepared import Prepared
from .shared.result import Result
from .shared.state import State
from .shared.store import Batch
from .shared.stored_files import find, keep
from .shared.webhook_events import BATCH_STATUSES

CREATE = Validator("batches.create")

logger = logging.getLogger(__name__)

WINDOW = 24 * 3600
REQUESTS_A_STEP = 1000

A_REQUEST = 80
"""How many steps of the budget it takes to run a small request."""

AN_ERROR = 500
"""About how many bytes an error takes."""

RUNS: dict[str, Callable[[State, Call], Result]] = {
    "/v1/responses": create_response.create,
    "/v1/chat/completions": create_chat_completion.create,
    "/v1/embeddings": embeddings.create,
    "/v1/moderations": moderations.create,
}

RUNNING = ("validating", "in_progress", "finalizing")
UNFINISHED = (*RUNNING, "cancelling")
TIMES = ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")


class Line(NamedTuple):
    """A request in a batch, and about how many bytes it takes."""

    custom_id: str
    body: dict[str, Any]
    weight: int


def create(state: State, call: Call) -> Result:
    """Start a batch. Its file is checked in the first step."""
    body = call.json()
    CREATE.check_keys(body)
    CREATE.check(body)
    lifetime = (body.get("output_expires_after") or {}).get("seconds")
    check_bounds(lifetime, "output_expires_after.seconds")
    if body["endpoint"] not in RUNS:
        raise error("sandbox_unsupported", param="endpoint")
    batch = Batch(
        id=state.ids.hex("batch", 32),
        endpoint=body["endpoint"],
        input_file_id=body["input_file_id"],
        created_at=int(state.now()),
        metadata=body.get("metadata"),
        output_lifetime=lifetime,
        charge=Charge(state.store.batches.ledger, AN_OBJECT),
    )
    state.store.batches.add(batch)
    return Result(_object(batch))


def retrieve(state: State, call: Call) -> Result:
    """Advance a batch by one step, and describe it."""
    batch = _find(state, call.ids[0])
    advance(state, batch)
    return Result(_object(batch))


def cancel(state: State, call: Call) -> Result:
    """Stop a batch. The results so far are in its files once it is `cancelled`, one step later."""
    batch = _find(state, call.ids[0])
    if batch.status in RUNNING:
        _enter(state, batch, "cancelling")
    elif batch.status not in ("cancelling", "cancelled"):
        raise error("batch_not_cancellable", status=batch.status)
    return Result(_object(batch))


def list(state: State, call: Call) -> Result:  # noqa: A001 - the API's own name
    """List batches, newest first. This does not advance them."""
    query = {name: value for name, value in call.query.items() if name != "order"}
    return Result(page([_object(batch) for batch in state.store.batches], query, missing="batch_not_found"))


def _find(state: State, id: str) -> Batch:
    batch = state.store.batches.get(id)
    if batch is None:
        raise error("batch_not_found", id=id)
    return batch


def _enter(state: State, batch: Batch, status: str) -> None:
    batch.status = status
    batch.times[f"{status}_at"] = int(state.now())
    if status in BATCH_STATUSES:
        state.tell(f"batch.{status}", batch.id)


def advance(state: State, batch: Batch) -> None:
    """Advance a batch by one step, if it has not ended and no other request is doing so."""
    if batch.moving:
        return
    batch.moving = True
    try:
        _advance(state, batch)
    finally:
        batch.moving = False
    if batch.charge:
        batch.charge.change(AN_OBJECT + len(batch.content) + batch.written + AN_ERROR * len(batch.errors))


def _advance(state: State, batch: Batch) -> None:
    if batch.status in RUNNING and state.now() >= batch.created_at + WINDOW:
        _expire(state, batch)
    elif batch.status == "validating":
        _validate(state, batch)
    elif batch.status == "in_progress":
        _run(state, batch)
    elif batch.status in ("finalizing", "cancelling"):
        _write_files(state, batch)
        _enter(state, batch, "completed" if batch.status == "finalizing" else "cancelled")


def _validate(state: State, batch: Batch) -> None:
    """Check the input file as far as one request may; the next one continues."""
    reading = batch.reading
    try:
        if not batch.content:
            file = find(state, batch.input_file_id)
            if file.purpose == "batch":
                batch.content = file.content
            else:
                batch.errors = [batch_file.batch_error("input_file_purpose", id=file.id, purpose=file.purpose)]
        for wrong in batch_file.check(
            batch.content, reading, batch.endpoint, lambda model: bool(_answering(state, batch, model))
        ):
            batch.errors.append(wrong)
    except APIError:
        id = batch.input_file_id
        batch.errors = [batch_file.batch_error("input_file_missing", id=id, organization=ORGANIZATION)]
    except OverBudgetError:
        return
    if any(wrong["code"] == "too_many_tasks" for wrong in batch.errors):
        batch.errors = batch.errors[-1:]
    batch.model = reading.model and _answering(state, batch, reading.model)
    reading.taken.clear()
    if batch.errors:
        batch.content = b""
        _enter(state, batch, "failed")
    else:
        batch.total = reading.requests
        _enter(state, batch, "in_progress")


def _answering(state: State, batch: Batch, model: str) -> str | None:
    """Return the model that answers for a model on the batch's endpoint, or None."""
    if batch.endpoint == "/v1/embeddings":
        return model if model in embedding_models() else None
    if batch.endpoint == "/v1/moderations":
        return model if model in moderation_models() else None
    found = families.find(model, state.today)
    return found.snapshot if found else None


def _run(state: State, batch: Batch) -> None:
    """Run the next requests, and start finalizing after the last."""
    for number in range(REQUESTS_A_STEP):
        row = batch_file.row_at(batch.content, batch.at)
        if row is None:
            break
        if not row.content:
            batch.at = row.end
            return
        if number and left() < STEPS / 20:
            return
        skipped, batch.at = row.begins > batch.at, row.begins
        try:
            spend(A_REQUEST)
            request = batch_file.request_of(row.content)
            line = Line(request["custom_id"], request["body"], weight(row.content))
            _answer(state, batch, line)
        except OverBudgetError:
            if number or skipped:
                return  # it is the first in the next step and may use all of it
            _refuse(state, batch, line, error("sandbox_over_budget", param="body"))
        batch.at = row.end
        if batch.status != "in_progress":
            return  # it was cancelled while it waited for another server
    else:
        row = batch_file.row_at(batch.content, batch.at)
    if row is None:
        _enter(state, batch, "finalizing")


def _answer(state: State, batch: Batch, line: Line) -> None:
    """Run a request. Any error is that request's own failure, except for running out of budget.

    Raises:
        OverBudgetError: the budget is used up.
    """
    if batch.written > state.store.files.most_bytes:
        _refuse(state, batch, line, error("sandbox_over_budget", param="input_file_id"))
        return
    try:
        body = RUNS[batch.endpoint](state, Call((), line.body, {}, weight=line.weight)).body
    except APIError as refusal:
        if refusal.code == "sandbox_over_budget" and left() < STEPS / 2:
            raise OverBudgetError from None
        _refuse(state, batch, line, refusal)
    except OverBudgetError:
        raise
    except Exception as bug:
        logger.error("the sandbox failed on a line of %s\n%s", batch.id, mask_keys(traceback.format_exc()))
        _refuse(state, batch, line, error("sandbox_failed", problem=f"{type(bug).__name__}: {bug}"))
    else:
        body = body.json() if isinstance(body, Prepared) else body
        assert isinstance(body, dict)  # noqa: S101 - lines that ask for a stream do not pass validation
        batch.counts["completed"] += 1
        batch.usage.update(_usage(body.get("usage") or {}))
        batch.write(batch.answers, _line(state, line.custom_id, 200, body))


def _refuse(state: State, batch: Batch, line: Line, refusal: APIError) -> None:
    batch.counts["failed"] += 1
    batch.write(batch.refusals, _line(state, line.custom_id, refusal.status, refusal.envelope()))


def _expire(state: State, batch: Batch) -> None:
    """End a batch that has expired: requests that were not run are listed with the refusals."""
    while batch.status != "validating" and (row := batch_file.row_at(batch.content, batch.at)):
        if not row.content:
            batch.at = row.end
        if not row.content or left() < STEPS / 20:
            return
        batch.at = row.begins
        try:
            id = batch_file.request_of(row.content)["custom_id"]
        except OverBudgetError:
            return
        batch.counts["failed"] += 1
        reason = "This request could not be executed before the completion window expired."
        expired = {"code": "batch_expired", "message": reason}
        batch.write(batch.refusals, _line(state, id, failure=expired))
        batch.at = row.end
    _write_files(state, batch)
    _enter(state, batch, "expired")


def _line(
    state: State,
    custom_id: str,
    status: int = 0,
    body: dict[str, Any] | None = None,
    failure: dict[str, str] | None = None,
) -> bytes:
    """Return a line of an output file: how a request was answered, or why it was not run."""
    response = {"status_code": status, "request_id": state.ids.hex("", 32)[1:], "body": body} if body else None
    id = state.ids.hex("batch_req", 32)
    return to_json({"id": id, "custom_id": custom_id, "response": response, "error": failure}) + b"\n"


def _usage(usage: dict[str, Any]) -> dict[str, int]:
    """Return the usage of one reply, from any endpoint, with the names that batches use."""
    given = usage.get("input_tokens_details") or usage.get("prompt_tokens_details") or {}
    made = usage.get("output_tokens_details") or usage.get("completion_tokens_details") or {}
    return {
        "input": usage.get("input_tokens", usage.get("prompt_tokens", 0)),
        "cached": given.get("cached_tokens", 0),
        "output": usage.get("output_tokens", usage.get("completion_tokens", 0)),
        "reasoning": made.get("reasoning_tokens", 0),
    }


def _write_files(state: State, batch: Batch) -> None:
    """Write the results to files: one for answers and one for refusals, if there are any."""
    written = {}
    for kind, lines in (("output", batch.answers), ("error", batch.refusals)):
        if lines:
            upload = Upload(f"{batch.id}_{kind}.jsonl", b"".join(lines))
            written[kind] = keep(state, upload, "batch_output", int(state.now()), batch.output_lifetime).id
    batch.output_file_id, batch.error_file_id = written.get("output"), written.get("error")
    batch.answers, batch.refusals, batch.content, batch.written = [], [], b"", 0


def _object(batch: Batch) -> dict[str, Any]:
    usage = batch.usage
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": batch.endpoint,
        "model": batch.model,
        "errors": {"object": "list", "data": batch.errors} if batch.errors else None,
        "input_file_id": batch.input_file_id,
        "completion_window": "24h",
        "status": batch.status,
        "output_file_id": batch.output_file_id,
        "error_file_id": batch.error_file_id,
        "created_at": batch.created_at,
        "expires_at": batch.created_at + WINDOW,
        **{f"{status}_at": batch.times.get(f"{status}_at") for status in TIMES},
        "request_counts": {
            "total": batch.total,
            "completed": batch.counts["completed"],
            "failed": batch.counts["failed"],
        },
        "usage": {
            "input_tokens": usage["input"],
            "input_tokens_details": {"cached_tokens": usage["cached"]},
            "output_tokens": usage["output"],
            "output_tokens_details": {"reasoning_tokens": usage["reasoning"]},
            "total_tokens": usage["input"] + usage["output"],
        },
        "metadata": batch.metadata,
    }
