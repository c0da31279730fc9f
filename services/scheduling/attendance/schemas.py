"""What goes in and out of attendance's routes."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.scheduling import Arrival, RegistrationStatus
from services.kit.fields import Id, WallClock


class EntryRead(BaseModel):
    """The way in to where a gathering happens online."""

    url: str


class WalkIn(BaseModel):
    """Somebody without a registration who is at the door; only the hub itself names them."""

    model_config = ConfigDict(extra="forbid")

    contact_id: Id
    occurrence: WallClock | None = None
    arrival: Literal["door", "online"] = "door"


class CheckIn(BaseModel):
    """Which date of a series somebody came to; None is the one that is on, or comes next."""

    model_config = ConfigDict(extra="forbid")

    occurrence: WallClock | None = None


class Presence(BaseModel):
    """One person with a seat at one date, and when they came, if they did."""

    registration_id: Id
    contact_id: Id
    status: RegistrationStatus
    arrived_at: datetime | None = None
    arrival: Arrival | None = None


class AttendanceRead(BaseModel):
    """Who was expected at one date, and who came; `erased` came and are not known any more."""

    gathering_id: Id
    occurrence: datetime | None
    occurrences: list[datetime]
    people: list[Presence]
    came: int
    erased: int
    link_released: bool


class TicketRead(BaseModel):
    """What a code at the door stands for."""

    code: str
    registration_id: Id
    contact_id: Id
    status: RegistrationStatus
    gathering_slug: str
    gathering_title: str
    occurrence: datetime | None
    arrived_at: datetime | None


class TicketCode(BaseModel):
    """The code that a person shows at the door."""

    code: str


class VideoAttendance(BaseModel):
    """Who the video service says was there."""

    model_config = ConfigDict(extra="forbid")

    registration_ids: list[Id] = Field(max_length=10_000)
    occurrence: WallClock | None = None


class Counted(BaseModel):
    """How many were written down, and how many of them were not known to have come before."""

    known: int
    new: int


class CertificateRead(BaseModel):
    """What a certificate says of one person's attendance."""

    contact_id: Id
    title: str
    dates: list[datetime]
    starts_local: datetime
    ends_local: datetime
    time_zone: str
    minutes: int
    location: str
    organiser_id: str
