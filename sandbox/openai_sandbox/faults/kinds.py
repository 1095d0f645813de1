"""The faults by name, and what each does to a request."""

from dataclasses import dataclass
from typing import Literal

RESPONSES, CHAT_COMPLETIONS = "/v1/responses", "/v1/chat/completions"


@dataclass(frozen=True, slots=True)
class Kind:
    """A fault: its name, what it does, and what the Python SDK does about it.

    Args:
        name: what a directive calls it.
        does: what the sandbox does.
        raises: what the Python SDK does about it, in Markdown.
        error: the catalog error it answers with, if any.
        error_on_chat: the one it answers Chat Completions with, if that is different.
        error_to: the requests that get the error. Others are let through, but still use the fault up.
        by_events: whether `after=` counts the events of a stream instead of requests.
        routes: the paths where it means something. It is refused elsewhere. Empty means all paths.
        of_deliveries: whether it happens to a webhook event instead of a request.
    """

    name: str
    does: str
    raises: str
    error: str | None = None
    error_on_chat: str | None = None
    error_to: Literal["all", "streamed", "plain"] = "all"
    by_events: bool = False
    routes: tuple[str, ...] = ()
    of_deliveries: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ok", "Answers normally. Takes a place in the queue.", "nothing"),
        Kind(
            "rate_limit", "429, too many requests per minute", "`RateLimitError`, after retries", "rate_limit.requests"
        ),
        Kind("insufficient_quota", "429, no credit left", "`RateLimitError`, after retries", "insufficient_quota"),
        Kind("server_error", "500", "`InternalServerError`, after retries", "server_error"),
        Kind("overloaded", "503", "`InternalServerError`, after retries", "overloaded"),
        Kind("overloaded_2023", "503 with the 2023 wording", "`InternalServerError`, after retries", "overloaded.2023"),
        Kind("bad_key", "401, as if the key were wrong", "`AuthenticationError`", "invalid_api_key"),
        Kind("refusal", "Answers with a refusal.", "nothing: the text is in `refusal`"),
        Kind("timeout", "Accepts the request and never answers.", "`APITimeoutError`, after retries"),
        Kind("connection_drop", "Closes the connection before answering.", "`APIConnectionError`, after retries"),
        Kind(
            "cut_stream",
            "Closes the connection in the middle of the answer: after N events with `after=N`, otherwise halfway.",
            "`APIConnectionError` while reading the stream",
            by_events=True,
        ),
        Kind(
            "end_early",
            "Ends a stream properly in the middle of the text, or after `after=N` events, without its last event. "
            "Answers that are not streamed are unaffected.",
            "nothing: the stream ends and the text is cut off",
            by_events=True,
        ),
        Kind(
            "stream_error",
            "Sends an error in the middle of a stream, or after `after=N` events. Requests without a stream get a 500.",
            "`APIError` while reading the stream; `InternalServerError`, after retries, without one",
            "server_error",
            error_to="plain",
            by_events=True,
        ),
        Kind(
            "failed_response",
            "Responses only. 200, but the response has `status` failed. A stream fails in the middle of the text.",
            "nothing: look at `status` and `error`; in a stream, at the event `response.failed`",
            routes=(RESPONSES,),
        ),
        Kind(
            "content_filter",
            "Stops the text halfway, as if a content filter had.",
            "nothing: see `incomplete_details.reason`, on Chat Completions `finish_reason`; there `parse()` raises "
            "`ContentFilterFinishReasonError`",
            routes=(RESPONSES, CHAT_COMPLETIONS),
        ),
        Kind(
            "credit_exhausted",
            "429, no credits, with the newer code",
            "`RateLimitError`, after retries",
            "credits",
        ),
        Kind(
            "region_unsupported",
            "403, as if called from an unsupported country",
            "`PermissionDeniedError`",
            "region_unsupported",
        ),
        Kind(
            "organization_unverified",
            "400 to a streamed request, as if the organization were not verified. Other requests are answered.",
            "`BadRequestError`",
            "organization_unverified",
            error_to="streamed",
        ),
        Kind(
            "context_length",
            "400, as if the input were too long, whatever its length. The numbers in the message are made up.",
            "`BadRequestError`",
            "context_length.responses",
            "context_length.chat",
        ),
        Kind(
            "deployment_not_found",
            "404, with Azure's wording",
            "`NotFoundError`",
            "deployment_not_found",
        ),
        Kind(
            "http_error",
            "Any status from 400 to 599, given as `status=409`, with an error that says it is simulated.",
            "what that status raises; 408, 409, 429, and 500 and above after retries",
            "http_error",
        ),
        Kind(
            "html_page",
            "200, but a web page, as a proxy or a wrong address answers",
            "nothing: the page comes back as a `str`, so that reading `output_text` raises `AttributeError`; a stream "
            "has no events",
        ),
        Kind(
            "error_as_200",
            "200, but the JSON is an error, as some gateways answer",
            "nothing: the object has an `error` and otherwise `None`; a stream has no events",
        ),
        Kind(
            "malformed_json",
            "200, but the JSON is cut in half. In a stream, one event's JSON is.",
            "`json.JSONDecodeError`",
        ),
        Kind(
            "webhook_duplicate",
            "Delivers the next webhook event twice at once, with the same `webhook-id`.",
            "nothing: `unwrap` takes both",
            of_deliveries=True,
        ),
        Kind(
            "webhook_retry",
            "Delivers the next webhook event again a second later, as if the answer had been lost.",
            "nothing: `unwrap` takes both",
            of_deliveries=True,
        ),
        Kind(
            "webhook_forged",
            "Before the next webhook event: sends it signed with another secret.",
            "`InvalidWebhookSignatureError`",
            of_deliveries=True,
        ),
        Kind(
            "webhook_replayed",
            "Before the next webhook event: sends it with a signature that is ten minutes old.",
            "`InvalidWebhookSignatureError`",
            of_deliveries=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request.

    `after` is the number of events before a stream ends, `latency` is in seconds, `retry_after` (seconds) and
    `retry_after_ms` (milliseconds) become headers of an error reply, and `status` is that of an `http_error`. `hangs`
    is the number of seconds after which a `timeout` closes the connection; None means never.
    """

    kind: Kind
    after: int | None = None
    latency: float | None = None
    retry_after: float | None = None
    retry_after_ms: float | None = None
    status: int | None = None
    hangs: float | None = None

    def error(self, path: str, streamed: bool) -> str | None:
        """Return the catalog id of the error for a request to this path, or None if it is let through."""
        kind = self.kind
        if kind.error_to != "all" and (kind.error_to == "streamed") != streamed:
            return None
        return kind.error_on_chat if kind.error_on_chat and path == CHAT_COMPLETIONS else kind.error

    def headers(self) -> dict[str, str]:
        """Return the retry headers of the reply."""
        headers = {}
        if self.retry_after is not None:
            headers["retry-after"] = f"{self.retry_after:g}"
        if self.retry_after_ms is not None:
            headers["retry-after-ms"] = f"{self.retry_after_ms:g}"
        return headers
