"""What scheduling publishes: gatherings and who registered for them."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from events.envelope import Fact, State

GatheringKind = Literal["workshop", "seminar", "plenary", "brokerage", "visit"]
GatheringMode = Literal["online", "onsite", "hybrid"]
GatheringStatus = Literal["draft", "published", "postponed", "cancelled", "finished"]
RegistrationStatus = Literal[
    "requested", "unconfirmed", "confirmed", "waitlisted", "offered", "declined", "cancelled"
]
Attending = Literal["online", "onsite"]
RegistersFor = Literal["series", "occurrence"]
Arrival = Literal["door", "online", "organiser", "import"]


class Occurrence(BaseModel):
    """One date of a series that is not as the rule says; `occurrence` is its start by the rule."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    occurrence: datetime
    starts_local: datetime
    ends_local: datetime
    title: str = ""
    location: str = ""
    cancelled: bool = False


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


class GatheringPostponed(Fact):
    """A published gathering will take place later; when, is not known yet."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-postponed.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str


class OccurrenceChanged(Fact):
    """One date of a published series, or that and all later ones, was moved, renamed or placed
    elsewhere.
    """

    TYPE: ClassVar[str] = "hub.scheduling.occurrence-changed.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    occurrence: datetime
    changed: tuple[str, ...]
    starts_local: datetime
    ends_local: datetime
    following: bool = False


class OccurrenceCancelled(Fact):
    """One date of a published series, or that and all later ones, will not take place."""

    TYPE: ClassVar[str] = "hub.scheduling.occurrence-cancelled.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    occurrence: datetime
    following: bool = False


class GatheringReminded(Fact):
    """A date is a day away: those with a seat are reminded; `occurrence` says which of a series."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-reminded.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    occurrence: datetime | None = None
    starts_local: datetime
    ends_local: datetime


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


class RegistrationRequested(Fact):
    """A person asks for a seat that the organiser gives."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-requested.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str
    organiser_id: str


class RegistrationDeclined(Fact):
    """The organiser did not give the seat that a person asked for."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-declined.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str


class RegistrationHeld(Fact):
    """A seat is held for a guest until they confirm by the link in a mail."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-held.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str
    until: datetime


class RegistrationOffered(Fact):
    """A seat became free and is kept for the first in line until they take it or time is up."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-offered.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str
    until: datetime


class RegistrationLapsed(Fact):
    """A seat that was held for a person's answer is not held any more."""

    TYPE: ClassVar[str] = "hub.scheduling.registration-lapsed.v1"
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


class AttendanceRecorded(Fact):
    """Somebody with a seat came."""

    TYPE: ClassVar[str] = "hub.scheduling.attendance-recorded.v1"
    SUBJECT: ClassVar[str] = "registration_id"

    registration_id: str
    gathering_id: str
    contact_id: str
    occurrence: datetime | None = None
    arrival: Arrival


class FeedbackReceived(Fact):
    """Somebody said how a gathering was; who, is not told."""

    TYPE: ClassVar[str] = "hub.scheduling.feedback-received.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    feedback_id: str


class GatheringInvited(Fact):
    """A person is invited to a gathering that is for those invited alone."""

    TYPE: ClassVar[str] = "hub.scheduling.gathering-invited.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str
    contact_id: str


class MaterialsPublished(Fact):
    """Materials or the recording of a gathering are there for those who came."""

    TYPE: ClassVar[str] = "hub.scheduling.materials-published.v1"
    SUBJECT: ClassVar[str] = "gathering_id"

    gathering_id: str


class PollOpened(Fact):
    """People are asked which dates suit them."""

    TYPE: ClassVar[str] = "hub.scheduling.poll-opened.v1"
    SUBJECT: ClassVar[str] = "poll_id"

    poll_id: str
    organiser_id: str


class PollInvited(Fact):
    """A person is asked for their vote, by a link of their own."""

    TYPE: ClassVar[str] = "hub.scheduling.poll-invited.v1"
    SUBJECT: ClassVar[str] = "poll_id"

    poll_id: str
    ballot_id: str
    contact_id: str


class PollClosed(Fact):
    """A poll is over; a gathering may have come of it."""

    TYPE: ClassVar[str] = "hub.scheduling.poll-closed.v1"
    SUBJECT: ClassVar[str] = "poll_id"

    poll_id: str
    organiser_id: str
    gathering_id: str | None = None


class SpeakerInvited(Fact):
    """A speaker gets a link to what is asked of them: slides, a biography, consents."""

    TYPE: ClassVar[str] = "hub.scheduling.speaker-invited.v1"
    SUBJECT: ClassVar[str] = "speaker_id"

    speaker_id: str
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
    rdates: tuple[datetime, ...] = ()
    overrides: tuple[Occurrence, ...] = ()
    registers_for: RegistersFor = "series"
    capacity: int | None = None
    location: str = ""
    organiser_id: str
    topics: tuple[str, ...] = ()
    region_code: str | None = None
    pilot_id: str | None = None
    demo_case_ids: tuple[str, ...] = ()
    host_ids: tuple[str, ...] = ()
    host_organisation_ids: tuple[str, ...] = ()
    co_organiser_ids: tuple[str, ...] = ()
    language: str = "en"
    captions: bool = False
    access: str = ""
    costs: str = ""
    cover: str | None = None
    materials: int = 0
    recorded: bool = False
    sequence: int = 0
    created_at: datetime
    revised_at: datetime
    made_up: bool = False


class RegisteredDate(BaseModel):
    """One date of a series that somebody registered for: its local start by the rule."""

    model_config = ConfigDict(frozen=True)

    occurrence: datetime
    status: Literal["confirmed", "waitlisted", "requested"]


class RegistrationState(State):
    """One person's registration for one gathering (or series); audience `contact:ID`.

    `dates` lists those it is for where people register for each date, else it is for all.
    """

    TYPE: ClassVar[str] = "hub.scheduling.registration.v1"

    gathering_id: str
    contact_id: str
    status: RegistrationStatus
    occurrence: datetime | None = None
    attending: Attending | None = None
    until: datetime | None = None
    dates: tuple[RegisteredDate, ...] | None = None
    revised_at: datetime


class SessionState(State):
    """One entry of a gathering's agenda: a talk, a workshop, a break."""

    TYPE: ClassVar[str] = "hub.scheduling.session.v1"

    gathering_id: str
    gathering_slug: str
    slug: str
    title: str
    abstract: str = ""
    starts_local: datetime
    ends_local: datetime
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    track: str = ""
    room: str = ""
    speakers: tuple[str, ...] = ()
    language: str = "en"
    sequence: int = 0
    revised_at: datetime


class PollState(State):
    """A poll for a date, as notification needs it; audience `contact:ID` of its organiser."""

    TYPE: ClassVar[str] = "hub.scheduling.poll.v1"

    title: str
    organiser_id: str
    status: Literal["open", "closed"]
    closes_at: datetime
    time_zone: str


class MemberForgotten(Fact):
    """An erased person is forgotten here; membership collects these into the receipt."""

    TYPE: ClassVar[str] = "hub.scheduling.member-forgotten.v1"
    SUBJECT: ClassVar[str] = "contact_id"

    contact_id: str
    erasure_id: str
