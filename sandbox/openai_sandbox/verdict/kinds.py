"""The findings by id: what is wrong, why it matters, what to do, and how it is seen."""

from dataclasses import dataclass
from typing import Literal

Certainty = Literal["certain", "likely"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One way in which a finding shows.

    Args:
        certainty: `certain` where nothing else explains what was seen, `likely` where something else might.
        evidence: what was seen, a `str.format` template.
    """

    certainty: Certainty
    evidence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A finding by id.

    Args:
        id: what reports call it.
        what: what the client did.
        why: why that matters.
        remedy: what to do instead.
        seen: how the sandbox sees it, and what it takes for none.
        signs: the ways in which it shows, by name.
        asks_outcome: whether it takes more than the journal: what the program printed, returned or raised.
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
        """How certain it may be."""
        return sorted({sign.certainty for sign in self.signs.values()})


KINDS = {
    kind.id: kind
    for kind in (
        Kind(
            "retry_after_ignored",
            "It sent a request again before the time that the server had asked it to wait",
            "The request is refused again, and counts against the rate limit all the same.",
            "Wait as long as `retry-after-ms` or `retry-after` says. The SDK's own retries do.",
            "The time between the refusal and the next try of the same request, from a `Retry-After` of 20 ms up. A "
            "request that comes late says nothing.",
            {"early": Sign("certain", "request {number} came {wait} after a {status} that asked to wait {asked}")},
        ),
        Kind(
            "no_backoff",
            "It sent a failed request again and again without waiting longer each time",
            "A server that is overloaded gets the same load again, and stays down longer.",
            "Double the wait with each try, vary it at random, and give up after some tries. The SDK's own retries do.",
            "Two waits or more of a loop of your own, where the server named none: all below 50 ms, or all the same. "
            "The SDK's own waits are not looked at.",
            {
                "none": Sign("likely", "requests {numbers} came {waits} after the failure before"),
                "constant": Sign("likely", "requests {numbers} each came the same {wait} after the failure before"),
            },
        ),
        Kind(
            "no_jitter",
            "Calls that failed together were sent again together",
            "What was too much at once comes back at once.",
            "Vary each wait at random. The SDK's own retries do.",
            "Calls that fail at the same time, and of which most, at least three, wait the same time in a loop of your "
            "own, where the server named none.",
            {"together": Sign("likely", "{count} calls that failed together were all sent again after {wait}")},
        ),
        Kind(
            "retried_in_vain",
            "It sent a request again, unchanged, that cannot succeed",
            "It costs time and requests, and hides what has to be changed: the key, the request, or the bill.",
            "Retry 408, 409, 429 and from 500 up, but not where `code` says that credit or quota is used up.",
            "The same POST with the same key after a 400, 401, 403, 404, 413 or 422, or after a 429 that says that "
            "credit or quota is used up. That the SDK retries such a 429 is not counted.",
            {
                "again": Sign(
                    "certain", "request {number} repeats request {before}, which was refused with {status}{code}"
                )
            },
        ),
        Kind(
            "retries_multiplied",
            "It put a retry loop around a client that retries",
            "The tries multiply: three times three are nine requests for one call, and nine waits.",
            "Retry in one place: set `max_retries` on the client, or `max_retries=0` and your own loop.",
            "A request that starts anew, by `x-stainless-retry-count`, after the SDK's own retries of it have failed.",
            {
                "anew": Sign(
                    "certain", "request {number} starts the same call anew, after the SDK had tried {tries} times"
                )
            },
        ),
        Kind(
            "no_timeout",
            "It waits for an answer without a limit",
            "One connection that hangs stops the program for good.",
            "Set `timeout` on the client. The SDK's default is 600 seconds, for each wait for data.",
            "An SDK that sends no `x-stainless-read-timeout`, or one of over an hour. Of other clients, one that still "
            "waits when the sandbox ends the fault `timeout`, after 20 seconds or what `within` says.",
            {
                "unset": Sign("certain", "request {number} says that the client was made with no read timeout"),
                "long": Sign("certain", "request {number} says that the client waits {seconds} seconds for data"),
                "waited": Sign("likely", "request {number} got no answer, and the client still waited after {waited}"),
            },
        ),
        Kind(
            "cut_stream_accepted",
            "It took a stream that broke off for a whole answer",
            "Half an answer is shown, stored or paid for as if it were all.",
            "A stream is whole when `response.completed` came, in Chat Completions a `finish_reason`. Raise otherwise.",
            "The stream was broken off, the request was not repeated, and the program ended well without a word about "
            "it, or the function returned just the text that had come.",
            {
                "printed": Sign("likely", "the stream of request {number} broke off{text}; {end}"),
                "returned": Sign("likely", "the stream of request {number} broke off{text}, and that was returned"),
            },
            asks_outcome=True,
        ),
        Kind(
            "status_ignored",
            "It did not look at `status` or `finish_reason`",
            "An answer that failed, was cut off by a cap or stopped by a filter passes for a good one.",
            "Check `response.status == 'completed'`, in Chat Completions `finish_reason`, before you use the text.",
            "The answer said that it was not whole, the request was not repeated, and the program ended well without a "
            "word about it, or the function returned just the text. One that returns the whole response is not judged.",
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
            "It did not get the usage of a stream",
            "A budget or a bill that does not count every call is wrong.",
            "In Chat Completions pass `stream_options={'include_usage': True}`, and read the stream to its end.",
            "A client that asks for the usage of a stream and leaves before it comes; that asks for it in one stream "
            "and not in another; or a program that prints 0 or None for its tokens, or the sum of only those calls "
            "that told it.",
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
            "It made a new client for each call",
            "Each call opens a connection of its own, which costs a handshake, and leaves one behind.",
            "Make one client and share it, also between threads.",
            "Three calls or more, one after the other, each by a new connection though the one before could be used "
            "again, and none used again. `Connection: close`, streams, and calls that overlap are not counted.",
            {"opened": Sign("likely", "requests {numbers} each opened a connection, though the one before was free")},
        ),
        Kind(
            "key_elsewhere",
            "It sent a key where no key belongs",
            "URLs and bodies are logged and stored: who reads them has the key.",
            "Send the key in the header `Authorization` only, and take it from the environment.",
            "The key of a request is in its URL, its body or another header too; or the request has a real-looking key "
            "that the sandbox did not give out. What goes to other hosts is not seen.",
            {
                "place": Sign("certain", "request {number} has its key in {places}"),
                "foreign": Sign("certain", "request {number} has the key {key}, which is not the sandbox's"),
            },
        ),
        Kind(
            "over_deadline",
            "It took longer than you allow",
            "Somebody is waiting.",
            "Put a deadline around the whole call, such as `asyncio.timeout`. The client's `timeout` limits each wait.",
            "The call had not ended after the seconds of `within`. Nothing else knows a deadline.",
            {"late": Sign("certain", "the call had not ended after {seconds}")},
            asks_outcome=True,
        ),
    )
}
