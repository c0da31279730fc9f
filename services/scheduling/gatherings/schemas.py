"""What goes in and out of the gatherings' routes."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from events.catalogue.membership import HelixSide
from events.catalogue.scheduling import (
    GatheringKind,
    GatheringMode,
    GatheringStatus,
    RegistersFor,
)
from services.kit.fields import (
    Id,
    Language,
    Line,
    Link,
    OptionalLine,
    Prose,
    Region,
    Term,
    WallClock,
    Zone,
    as_line,
)
from services.scheduling.admission.schemas import Admits, Seats
from services.scheduling.registrations.schemas import RegistrationRead
from services.scheduling.versions.schemas import VersionRead

Rrule = Annotated[str, StringConstraints(pattern=r"^FREQ=[A-Z0-9;=,+-]+$", max_length=200)]
LongLine = Annotated[str, AfterValidator(as_line), StringConstraints(max_length=400)]
Topics = Annotated[list[Term], Field(max_length=12)]
Things = Annotated[list[Id], Field(max_length=12)]
Sides = Annotated[list[HelixSide], Field(max_length=5)]
Regions = Annotated[list[Region], Field(max_length=20)]
OfferHours = Annotated[int, Field(ge=0, le=240)]
DoorsMinutes = Annotated[int, Field(ge=0, le=240)]


class GatheringCreate(BaseModel):
    """A new gathering, published at once unless it is a draft; times are wall-clock in the zone.

    An event in person and online can have two numbers of seats instead of `capacity`.
    """

    model_config = ConfigDict(extra="forbid")

    kind: GatheringKind = "seminar"
    mode: GatheringMode = "online"
    title: Line
    summary: OptionalLine = ""
    description: Prose = ""
    starts_local: WallClock
    ends_local: WallClock
    time_zone: Zone
    rrule: Rrule | None = None
    registers_for: RegistersFor = "series"
    capacity: Seats | None = None
    capacity_online: Seats | None = None
    capacity_onsite: Seats | None = None
    location: OptionalLine = ""
    join_url: Link | None = None
    topics: Topics = []
    region_code: Region | None = None
    pilot_id: Id | None = None
    demo_case_ids: Things = []
    host_organisation_ids: Things = []
    language: Language = "en"
    captions: bool = False
    access: LongLine = ""
    costs: OptionalLine = ""
    admits: Admits = "open"
    admits_sides: Sides = []
    admits_regions: Regions = []
    needs_approval: bool = False
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    offer_hours: OfferHours = 0
    doors_minutes: DoorsMinutes = 15
    draft: bool = False
    made_up: bool = False


class GatheringUpdate(BaseModel):
    """What may change; fields left out stay as they are, and so do those that are null.

    Null takes away what an event need not have: see CLEARED. Only a draft gets another rule.
    """

    model_config = ConfigDict(extra="forbid")

    kind: GatheringKind | None = None
    mode: GatheringMode | None = None
    title: Line | None = None
    summary: OptionalLine | None = None
    description: Prose | None = None
    starts_local: WallClock | None = None
    ends_local: WallClock | None = None
    time_zone: Zone | None = None
    rrule: Rrule | None = None
    registers_for: RegistersFor | None = None
    capacity: Seats | None = None
    capacity_online: Seats | None = None
    capacity_onsite: Seats | None = None
    location: OptionalLine | None = None
    join_url: Link | None = None
    topics: Topics | None = None
    region_code: Region | None = None
    pilot_id: Id | None = None
    demo_case_ids: Things | None = None
    host_organisation_ids: Things | None = None
    language: Language | None = None
    captions: bool | None = None
    access: LongLine | None = None
    costs: OptionalLine | None = None
    admits: Admits | None = None
    admits_sides: Sides | None = None
    admits_regions: Regions | None = None
    needs_approval: bool | None = None
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    offer_hours: OfferHours | None = None
    doors_minutes: DoorsMinutes | None = None


KINDS = frozenset({"capacity_online", "capacity_onsite"})
"""Fields that are of kinds of seats: see admission."""
CLEARED = frozenset({"rrule", "capacity", "region_code", "pilot_id", "opens_at", "closes_at"})
"""Fields that null empties."""


class GatheringBrief(BaseModel):
    """A gathering as lists show it; `seats_left` is None when there is no limit.

    `own` is the caller's registration, when it was asked for and there is one.
    """

    model_config = ConfigDict(from_attributes=True)

    id: Id
    version: int
    audience: str
    slug: str
    kind: GatheringKind
    mode: GatheringMode
    status: GatheringStatus
    title: str
    summary: str
    starts_local: datetime
    ends_local: datetime
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    finishes_at: datetime
    occurrences: list[datetime] = []
    rrule: str | None
    capacity: int | None
    seats_left: int | None = None
    location: str
    organiser_id: str
    topics: list[str]
    region_code: str | None
    language: str
    cover: str | None
    cover_small: str | None
    cover_alt: str
    made_up: bool
    own: RegistrationRead | None = None


class GatheringRead(GatheringBrief):
    """A gathering as its viewer may see it.

    `attendees` are those registered, when they were asked for by someone who may know them.
    `changes` are what changed, newest first, with `own`: for who is registered or looks after it.
    """

    description: str
    registers_for: RegistersFor
    pilot_id: str | None
    demo_case_ids: list[str]
    host_organisation_ids: list[str]
    host_ids: list[str]
    co_organiser_ids: list[str]
    captions: bool
    access: str
    costs: str
    recorded: bool
    materials: int
    admits: Admits
    admits_sides: list[HelixSide]
    admits_regions: list[str]
    needs_approval: bool
    opens_at: datetime | None
    closes_at: datetime | None
    offer_hours: int
    pooled: bool
    asks: bool
    doors_minutes: int
    created_at: datetime
    revised_at: datetime
    attendees: list[RegistrationRead] | None = None
    changes: list[VersionRead] | None = None


class GatheringCounts(BaseModel):
    """How many gatherings are coming, and how many have taken place."""

    coming: int
    past: int
