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


class MemberForgotten(Fact):
    """An erased person is forgotten here; membership collects these into the receipt."""

    TYPE: ClassVar[str] = "hub.notification.member-forgotten.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str


class ReceiptSent(Fact):
    """The receipt of an erasure went out; its address is needed no longer."""

    TYPE: ClassVar[str] = "hub.notification.receipt-sent.v1"
    SUBJECT: ClassVar[str] = "erasure_id"

    erasure_id: str
