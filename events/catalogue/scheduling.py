"""What scheduling publishes: gatherings and who registered for them."""

from datetime import datetime
from typing import ClassVar, Literal

from events.envelope import Fact, State

GatheringKind = Literal["workshop", "seminar", "plenary", "brokerage", "visit"]
GatheringMode = Literal["online", "onsite", "hybrid"]
GatheringStatus = Literal["draft", "published", "cancelled", "finished"]
RegistrationStatus = Literal["confirmed", "waitlisted", "cancelled"]


class GatheringPublished(Fact):
    """A gathering is open for registration."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-published.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    organiser_id: str


class GatheringChanged(Fact):
    """A published gathering changed in a way that those registered must know."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-changed.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    changed: tuple[str, ...]


class GatheringCancelled(Fact):
    """A published gathering will not take place."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-cancelled.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str


class GatheringFinished(Fact):
    """The last occurrence of a gathering has ended."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-finished.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str


class RegistrationConfirmed(Fact):
    """A person has a seat."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-confirmed.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str


class RegistrationWaitlisted(Fact):
    """All seats are taken; the person waits in line."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-waitlisted.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str


class WaitlistPromoted(Fact):
    """A seat became free and the first in line has it now."""

    TYPE: ClassVar[str] = "hub.scheduling.waitlist-promoted.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str


class RegistrationCancelled(Fact):
    """A person gave up a seat or a place in line."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-cancelled.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str


class GatheringState(State):
    """A gathering as people see it; a series carries its RRULE (RFC 5545).

    Local times are wall-clock in `time_zone`; `starts_at`, `ends_at` are UTC and derived.
    `sequence` is the iCalendar SEQUENCE; `revised_at` its LAST-MODIFIED. The video link of
    an online gathering is a secret and stays in scheduling.
    """

    TYPE: ClassVar[str] = "hub.scheduling.gathering.v1"

    slug: str
    kind: GatheringKind
    mode: GatheringMode
    status: GatheringStatus
    title: str
    summary: str = ""
    description: str = ""
    starts_local: datetime
    ends_local: datetime
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    rrule: str | None = None
    exdates: tuple[datetime, ...] = ()
    capacity: int | None = None
    location: str = ""
    organiser_id: str
    topics: tuple[str, ...] = ()
    region_code: str | None = None
    language: str = "en"
    sequence: int = 0
    created_at: datetime
    revised_at: datetime
    made_up: bool = False


class RegistrationState(State):
    """One person's registration for one gathering (or series); audience `contact:ID`."""

    TYPE: ClassVar[str] = "hub.scheduling.registration.v1"

    gathering_id: str
    contact_id: str
    status: RegistrationStatus
    revised_at: datetime


class MemberForgotten(Fact):
    """An erased person is forgotten here; membership collects these into the receipt."""

    TYPE: ClassVar[str] = "hub.scheduling.member-forgotten.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str
