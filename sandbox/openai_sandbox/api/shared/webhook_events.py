"""The events for a webhook: that a background response or a batch has ended."""

from dataclasses import dataclass

from pydantic_core import to_json

RESPONSE_STATUSES = ("completed", "failed", "incomplete", "cancelled")
BATCH_STATUSES = ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """An event.

    Args:
        id: the event's own id.
        webhook_id: the value of the header `webhook-id`, the same in each delivery.
        type: such as `response.completed`.
        created_at: in Unix seconds.
        of: the id of what has ended.
    """

    id: str
    webhook_id: str
    type: str
    created_at: int
    of: str

    def body(self) -> bytes:
        """Return the event as it is sent."""
        told = {"object": "event", "id": self.id, "type": self.type, "created_at": self.created_at}
        return to_json({**told, "data": {"id": self.of}})
