"""The faults by name, and what each does to a request."""

from dataclasses import dataclass
from typing import Any, Literal

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
        error_to: the requests that get the error: all, those that ask for a stream (`streamed`) or do not (`plain`),
            have the parameter of `param=` (`param`), a system message (`system`), or an item with encrypted content
            (`encrypted`). Others are let through, but still use the fault up.
        by_events: whether `after=` counts the events of a stream instead of requests.
        routes: the paths where it means something. It is refused elsewhere. Empty means all paths.
        of_deliveries: whether it happens to a webhook event instead of a request.
    """

    name: str
    does: str
    raises: str
    error: str | None = None
    error_on_chat: str | None = None
    error_to: Literal["all", "streamed", "plain", "param", "system", "encrypted"] = "all"
    by_events: bool = False
    routes: tuple[str, ...] = ()
    of_deliveries: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ok", "Answers normally, but takes a place in the queue.", "nothing"),
        Kind(
            "rate_limit",
            "Answers with 429: too many requests per minute.",
            "`RateLimitError`, after retries",
            "rate_limit.requests",
        ),
        Kind(
            "insufficient_quota",
            "Answers with 429: no credit left.",
            "`RateLimitError`, after retries",
            "insufficient_quota",
        ),
        Kind("server_error", "Answers with 500.", "`InternalServerError`, after retries", "server_error"),
        Kind("overloaded", "Answers with 503.", "`InternalServerError`, after retries", "overloaded"),
        Kind(
            "overloaded_2023",
            "Answers with 503 and the error message that the API used in 2023.",
            "`InternalServerError`, after retries",
            "overloaded.2023",
        ),
        Kind("bad_key", "Answers with 401, as if the key were wrong.", "`AuthenticationError`", "invalid_api_key"),
        Kind("refusal", "Answers with a refusal.", "nothing: the text is in `refusal`"),
        Kind("timeout", "Accepts the request and never answers.", "`APITimeoutError`, after retries"),
        Kind("connection_drop", "Closes the connection before answering.", "`APIConnectionError`, after retries"),
        Kind(
            "cut_stream",
            "Closes the connection in the middle of the answer: after N events if `after=N` is given, and halfway "
            "through otherwise.",
            "`APIConnectionError` while reading the stream; without a stream, `APIConnectionError` after retries",
            by_events=True,
        ),
        Kind(
            "end_early",
            "Ends a streamed answer without a final event, such as `response.completed`, but closes the connection "
            "normally. The answer ends after N events if `after=N` is given, and in the middle otherwise. Answers that "
            "are not streamed are unaffected.",
            "nothing: the stream ends and the text is cut off",
            by_events=True,
        ),
        Kind(
            "stream_error",
            "Sends an error in the middle of a stream, or after N events if `after=N` is given. A request that does "
            "not ask for a stream gets a 500.",
            "`APIError` while reading the stream; without a stream, `InternalServerError` after retries",
            "server_error",
            error_to="plain",
            by_events=True,
        ),
        Kind(
            "failed_response",
            "Responses only. Answers with 200, but the response's `status` is `failed`. A streamed response fails in "
            "the middle of the text.",
            "nothing: look at `status` and `error` or, in a stream, at the event `response.failed`",
            routes=(RESPONSES,),
        ),
        Kind(
            "content_filter",
            "Stops the text halfway, as a content filter might.",
            "nothing: look at `incomplete_details.reason` or, in Chat Completions, at `finish_reason`. However, "
            "`parse()` raises `ContentFilterFinishReasonError` in Chat Completions and Pydantic's `ValidationError` "
            "in Responses",
            routes=(RESPONSES, CHAT_COMPLETIONS),
        ),
        Kind(
            "credit_exhausted",
            "Answers with 429 and the newer code `credit_balance_exhausted`: no credit left.",
            "`RateLimitError`, after retries",
            "credits",
        ),
        Kind(
            "missing_scope",
            "Answers with 401, as if the key were restricted.",
            "`AuthenticationError`",
            "missing_scope",
        ),
        Kind(
            "organization_mismatch",
            "Answers with 401, as if the key belonged to a different organization than the one in the header "
            "`OpenAI-Organization`.",
            "`AuthenticationError`",
            "organization_mismatch",
        ),
        Kind(
            "region_unsupported",
            "Answers with 403, as if you had called from an unsupported country.",
            "`PermissionDeniedError`",
            "region_unsupported",
        ),
        Kind(
            "organization_unverified",
            "Answers with 400 if the request asks for a stream, as if the organization were not verified. Other "
            "requests are answered normally.",
            "`BadRequestError`",
            "organization_unverified",
            error_to="streamed",
        ),
        Kind(
            "parameter_unsupported",
            "Answers with 400 if the request has the parameter given in `param=` (`temperature` by default), as if "
            "the model did not support that parameter. Other requests are answered normally.",
            "`BadRequestError`",
            "parameter_unsupported.responses",
            "parameter_unsupported.chat",
            error_to="param",
        ),
        Kind(
            "system_role_unsupported",
            "Chat Completions only. Answers with 400 if the request has a system message, as if the model did not "
            "accept one. Other requests are answered normally.",
            "`BadRequestError`",
            "system_role_unsupported",
            error_to="system",
            routes=(CHAT_COMPLETIONS,),
        ),
        Kind(
            "responses_only",
            "Chat Completions only. Answers with 404, as if the model were available only in Responses.",
            "`NotFoundError`",
            "responses_only",
            routes=(CHAT_COMPLETIONS,),
        ),
        Kind(
            "encrypted_content_invalid",
            "Responses only. Answers with 400 if the input has encrypted reasoning, as if another organization had "
            "encrypted it. Other requests are answered normally.",
            "`BadRequestError`",
            "encrypted_content_invalid",
            error_to="encrypted",
            routes=(RESPONSES,),
        ),
        Kind(
            "prompt_flagged",
            "Answers with 400, as if the prompt violated the usage policies.",
            "`BadRequestError`",
            "prompt_flagged",
        ),
        Kind(
            "azure_content_filter",
            "Answers with 400, as if Azure's content filter had stopped the prompt.",
            "`BadRequestError`",
            "azure_content_filter",
        ),
        Kind(
            "context_length",
            "Answers with 400, as if the input were too long, whatever its actual length. The numbers in the message "
            "are made up.",
            "`BadRequestError`",
            "context_length.responses",
            "context_length.chat",
        ),
        Kind(
            "deployment_not_found",
            "Answers with 404, in Azure's wording.",
            "`NotFoundError`",
            "deployment_not_found",
        ),
        Kind(
            "http_error",
            "Answers with any status from 400 to 599, given in `status=` (for example, `status=409`), and an error "
            "that says it is simulated.",
            "the exception for that status, after retries if it is 408, 409, 429, or 500 or higher",
            "http_error",
        ),
        Kind(
            "html_page",
            "Answers with 200 and a web page, which is what a proxy, or a server at the wrong URL, might send.",
            "nothing from `create()`: the page comes back as a `str`, so reading `output_text` raises "
            "`AttributeError`; `parse()` and the methods that list objects raise that error themselves; a stream has "
            "no events",
        ),
        Kind(
            "error_as_200",
            "Answers with 200, but the JSON is an error, which is how some gateways send errors.",
            "nothing from `create()`: the object has an `error`, and every other field is `None`, so reading "
            "`output_text` raises `TypeError`; a stream has no events",
        ),
        Kind(
            "malformed_json",
            "Answers with 200, but the JSON is cut in half; in a stream, only the JSON of one event is cut.",
            "`json.JSONDecodeError`",
        ),
        Kind(
            "webhook_duplicate",
            "Delivers the next webhook event twice in a row, with the same `webhook-id`.",
            "nothing: `unwrap` accepts both deliveries",
            of_deliveries=True,
        ),
        Kind(
            "webhook_retry",
            "Delivers the next webhook event again a second later, as if your receiver's reply had been lost.",
            "nothing: `unwrap` accepts both deliveries",
            of_deliveries=True,
        ),
        Kind(
            "webhook_forged",
            "Before the next webhook event, sends a copy signed with a different secret.",
            "`InvalidWebhookSignatureError`",
            of_deliveries=True,
        ),
        Kind(
            "webhook_replayed",
            "Before the next webhook event, sends a copy with a signature that is ten minutes old.",
            "`InvalidWebhookSignatureError`",
            of_deliveries=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request.

    `after` is the number of events before a stream ends, `latency` is in seconds, `retry_after` (seconds) and
    `retry_after_ms` (milliseconds) become headers of an error reply, `status` is that of an `http_error`, and `param`
    is the name of the parameter that a `parameter_unsupported` refuses. `hangs` is the number of seconds after which a
    `timeout` closes the connection; None means never.
    """

    kind: Kind
    after: int | None = None
    latency: float | None = None
    retry_after: float | None = None
    retry_after_ms: float | None = None
    status: int | None = None
    param: str = "temperature"
    hangs: float | None = None

    def error(self, path: str, body: dict[str, Any] | None) -> str | None:
        """Return the catalog id of the error for a request with this path and JSON, or None if it is let through."""
        kind = self.kind
        if not self._concerns(body or {}):
            return None
        return kind.error_on_chat if kind.error_on_chat and path == CHAT_COMPLETIONS else kind.error

    def _concerns(self, body: dict[str, Any]) -> bool:
        match self.kind.error_to:
            case "streamed":
                return body.get("stream") is True
            case "plain":
                return body.get("stream") is not True
            case "param":
                return body.get(self.param) is not None
            case "system":
                return any(message.get("role") == "system" for message in _objects(body.get("messages")))
            case "encrypted":
                return any(item.get("encrypted_content") for item in _objects(body.get("input")))
        return True

    def headers(self) -> dict[str, str]:
        """Return the retry headers of the reply."""
        headers = {}
        if self.retry_after is not None:
            headers["retry-after"] = f"{self.retry_after:g}"
        if self.retry_after_ms is not None:
            headers["retry-after-ms"] = f"{self.retry_after_ms:g}"
        return headers


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
