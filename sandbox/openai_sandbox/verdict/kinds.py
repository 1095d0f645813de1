"""The findings by id: what is wrong, why it matters, what to do, and how it is detected."""

from dataclasses import dataclass
from typing import Literal

Certainty = Literal["certain", "likely"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One way in which a finding shows.

    Args:
        certainty: `certain` if nothing else explains what was seen, `likely` if something else might.
        evidence: what was seen, a `str.format` template.
    """

    certainty: Certainty
    evidence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A finding by id.

    Args:
        id: its name in reports.
        what: what the client did.
        why: why that matters.
        remedy: what to do instead.
        seen: how the sandbox detects it, and what it does not count.
        signs: the signs it shows, by name.
        asks_outcome: whether detecting it takes more than the journal: what the program printed, returned or raised.
    """

    id: str
    what: str
    why: str
    remedy: str
    seen: str
    signs: dict[str, Sign]
    asks_outcome: bool = False

    @property
    def certainties(self) -> list[Certainty]:
        """How certain the finding may be."""
        return sorted({sign.certainty for sign in self.signs.values()})


KINDS = {
    kind.id: kind
    for kind in (
        Kind(
            "retry_after_ignored",
            "It retried a request sooner than the server asked",
            "The request is refused again and still counts against the rate limit.",
            "Wait as long as `retry-after-ms` or `retry-after` says. The SDK's own retries do this.",
            "The wait between the error response and the next attempt at the same request was too short, and "
            "`Retry-After` was 20 ms or more. Waiting longer than the server asked is not a finding.",
            {"early": Sign("certain", "request {number} came {wait} after a {status} that asked to wait {asked}")},
        ),
        Kind(
            "no_backoff",
            "It retried a failed request repeatedly without waiting longer each time",
            "An overloaded server gets the same load again and stays down longer.",
            "Double the wait with each retry, add random jitter, and give up after a few retries. The SDK's own "
            "retries do this.",
            "Your own retry loop waited two or more times, always for less than 50 ms or always for the same length "
            "of time, and the server had specified no wait. The SDK's own waits are not judged.",
            {
                "none": Sign("likely", "requests {numbers} came {waits} after the failure before"),
                "constant": Sign("likely", "requests {numbers} each came the same {wait} after the failure before"),
            },
        ),
        Kind(
            "no_jitter",
            "When several calls failed together, it retried them all at the same time",
            "The load that was too much at once comes back at once.",
            "Add random jitter to each wait. The SDK's own retries do this.",
            "Several calls failed at the same time, the server specified no wait, and in your own retry loop, most of "
            "the calls (at least three) waited for the same length of time.",
            {"together": Sign("likely", "{count} calls that failed together were all sent again after {wait}")},
        ),
        Kind(
            "retried_in_vain",
            "It resent a request unchanged although the request could not succeed",
            "It costs time and requests and hides what has to change: the key, the request, or the billing.",
            "Retry only after 408, 409, 429, or 500 or higher, and not if `code` says that credit or quota is used up.",
            "The same POST, with the same key, was sent again after a 400 (unless its code is `conversation_locked`), "
            "401, 403, 404, 413, or 422, or after a 429 that says that credit or quota is used up. The SDK's own "
            "retries of such a 429 are not counted.",
            {
                "again": Sign(
                    "certain", "request {number} repeats request {before}, which was refused with {status}{code}"
                )
            },
        ),
        Kind(
            "retries_multiplied",
            "It put a retry loop around a client that retries",
            "The attempts multiply: three times three is nine requests for one call, and nine waits.",
            "Retry in one place: either set `max_retries` on the client, or set it to 0 and use your own loop.",
            "A request was started over after the SDK's own retries had failed, as `x-stainless-retry-count` shows.",
            {"anew": Sign("certain", "request {number} restarts the same call after the SDK had tried {tries} times")},
        ),
        Kind(
            "no_timeout",
            "It waited for an answer without a time limit",
            "One connection that hangs stops the program for good.",
            "Set `timeout` on the client. The SDK's default is 600 seconds for each wait for data.",
            "The Python SDK (1.109 or later) sent no `x-stainless-read-timeout` header, or sent a value of more than "
            "an hour. Or a client other than the SDK was still waiting when the sandbox ended the `timeout` fault "
            "(after 20 seconds, or after `within` seconds if that is shorter), or had been waiting for 10 seconds when "
            "the program was interrupted.",
            {
                "unset": Sign("certain", "request {number} says that the client was made with no read timeout"),
                "long": Sign("certain", "request {number} says that the client waits {seconds} seconds for data"),
                "waited": Sign("likely", "request {number} got no answer, and the client still waited after {waited}"),
            },
        ),
        Kind(
            "cut_stream_accepted",
            "It treated a stream that broke off as a complete answer",
            "A partial answer is shown, stored, or paid for as if it were complete.",
            "Accept a stream only after `response.completed` (in Chat Completions, after a `finish_reason`). "
            "Otherwise, raise an exception.",
            "The stream broke off, and the client did not ask again, retrieve the response, or continue from it. Then "
            "either the program ended normally without reporting the break, or the function under test returned only "
            "the text that had arrived.",
            {
                "printed": Sign("likely", "the stream of request {number} broke off{text}; {end}"),
                "returned": Sign("likely", "the stream of request {number} broke off{text}, and that was returned"),
            },
            asks_outcome=True,
        ),
        Kind(
            "status_ignored",
            "It did not look at `status` or `finish_reason`",
            "An answer that failed, was cut off by a cap, or was stopped by a filter passes for a good one.",
            "Check `response.status == 'completed'`, or `finish_reason` in Chat Completions, before you use the text.",
            "The answer said it was incomplete, and the client did not ask again, retrieve the response, or continue "
            "from it. Then either the program ended normally without reporting that, or the function under test "
            "returned only the text. A function that returns the whole response is not judged, and neither is an "
            "answer that was cut off by a cap of 10 tokens or fewer.",
            {
                "printed": Sign("likely", "the answer to request {number} ended as {finish}{text}; {end}"),
                "returned": Sign(
                    "likely", "the answer to request {number} ended as {finish}{text}, and that was returned"
                ),
            },
            asks_outcome=True,
        ),
        Kind(
            "usage_lost",
            "It did not get a stream's usage",
            "A budget or bill that does not count every call is wrong.",
            "In Chat Completions, pass `stream_options={'include_usage': True}`, and read the stream to its end.",
            "The client asked for a stream's usage but disconnected before the usage arrived, or asked for it in some "
            "streams and not in others. Or the program printed 0 or None as its token count, or a total that includes "
            "only the calls that reported usage.",
            {
                "left": Sign(
                    "certain", "the client left the stream of request {number} before the event with its usage"
                ),
                "uneven": Sign("likely", "request {asked} asks for the usage of its stream, request {number} does not"),
                "printed": Sign("likely", "it printed {printed!r}, but the answer to request {number} took tokens"),
            },
        ),
        Kind(
            "client_per_call",
            "It created a new client for each call",
            "Each call opens its own connection, which costs a handshake, and leaves it behind.",
            "Create one client and share it, including between threads.",
            "Three or more calls in a row each opened a new connection although the previous one could have been "
            "reused, and no connection was ever reused. `Connection: close`, streams, and calls that overlap are not "
            "counted.",
            {
                "opened": Sign(
                    "likely", "requests {numbers} each opened a connection although the previous one was free"
                )
            },
        ),
        Kind(
            "key_elsewhere",
            "It sent a key where no key belongs",
            "URLs and bodies are logged and stored, and whoever reads them has the key.",
            "Send the key only in the `Authorization` header, and take it from the environment.",
            "A request's key was also in its URL, its body, or another header, or a request had a real-looking key "
            "that the sandbox did not issue. The sandbox does not see requests to other hosts.",
            {
                "place": Sign("certain", "request {number} has its key in {places}"),
                "foreign": Sign("certain", "request {number} has the key {key}, which is not the sandbox's"),
            },
        ),
        Kind(
            "over_deadline",
            "It took longer than you allowed",
            "Somebody is waiting.",
            "Put a deadline, such as `asyncio.timeout`, around the whole call. The client's `timeout` limits each "
            "wait separately.",
            "The call had not ended by the deadline set with `within`. Without `within`, there is no deadline to "
            "check.",
            {"late": Sign("certain", "the call had not ended after {seconds}")},
            asks_outcome=True,
        ),
    )
}
