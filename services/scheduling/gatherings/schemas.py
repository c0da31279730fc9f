"""What goes in and out of the gatherings' routes."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.catalogue.scheduling import GatheringKind, GatheringMode, GatheringStatus
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
)
from services.scheduling.registrations.schemas import RegistrationRead

Rrule = Annotated[str, StringConstraints(pattern=r"^FREQ=[A-Z0-9;=,+-]+$", max_length=200)]


class GatheringCreate(BaseModel):
    """A new gathering, published at once unless it is a draft; times are wall-clock in the zone."""

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
    capacity: int | None = Field(default=None, ge=1, le=100_000)
    location: OptionalLine = ""
    join_url: Link | None = None
    topics: list[Term] = Field(default=[], max_length=12)
    region_code: Region | None = None
    language: Language = "en"
    draft: bool = False
    made_up: bool = False


class GatheringUpdate(BaseModel):
    """What may change; fields left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    title: Line | None = None
    summary: OptionalLine | None = None
    description: Prose | None = None
    starts_local: WallClock | None = None
    ends_local: WallClock | None = None
    time_zone: Zone | None = None
    location: OptionalLine | None = None
    join_url: Link | None = None


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
    made_up: bool
    own: RegistrationRead | None = None


class GatheringRead(GatheringBrief):
    """A gathering as its viewer may see it.

    `attendees` are those registered, when they were asked for by someone who may know them.
    """

    description: str
    attendees: list[RegistrationRead] | None = None


class GatheringCounts(BaseModel):
    """How many gatherings are coming, and how many have taken place."""

    coming: int
    past: int
