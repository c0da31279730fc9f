"""What calendar publishes: secret feed addresses made and revoked (never the secret)."""

from typing import ClassVar

from events.envelope import Fact


class FeedAddressIssued(Fact):
    """A member made a secret feed address."""

    TYPE: ClassVar[str] = "hub.calendar.feed-address-issued.v1"
    SUBJECT: ClassVar[str] = "feed_id"

    feed_id: str
    contact_id: str


class FeedAddressRevoked(Fact):
    """A secret feed address answers 410 from now on."""

    TYPE: ClassVar[str] = "hub.calendar.feed-address-revoked.v1"
    SUBJECT: ClassVar[str] = "feed_id"

    feed_id: str
    contact_id: str


class MemberForgotten(Fact):
    """An erased person is forgotten here; membership collects these into the receipt."""

    TYPE: ClassVar[str] = "hub.calendar.member-forgotten.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str
