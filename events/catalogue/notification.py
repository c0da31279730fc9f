"""What notification publishes: that a message reached its channel."""

from typing import ClassVar, Literal

from events.envelope import Fact

Channel = Literal["mail", "inbox"]


class MessageDelivered(Fact):
    """One message went out by one channel, once (the ledger's entry), to one person."""

    TYPE: ClassVar[str] = "hub.notification.message-delivered.v1"
    SUBJECT: ClassVar[str] = "delivery_id"

    delivery_id: str
    event_id: str
    kind: str
    channel: Channel
    contact_id: str = ""
