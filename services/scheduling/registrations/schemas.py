"""What goes in and out of the registrations' routes."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from events.catalogue.scheduling import Attending, RegisteredDate, RegistrationStatus
from services.kit.fields import Id, OptionalLine, WallClock

Answers = dict[Id, Any]


class RegistrationCreate(BaseModel):
    """A wish for a seat; only the hub itself names a contact other than the caller.

    `unproved` says that nobody has shown yet to be behind the contact's address: a seat is held
    until they do by the link in a mail.
    """

    model_config = ConfigDict(extra="forbid")

    gathering_id: Id
    contact_id: Id | None = None
    attending: Attending | Literal[""] = ""
    answers: Answers = Field(default={}, max_length=50)
    access_needs: OptionalLine = ""
    unproved: bool = False
    dates: list[WallClock] = Field(default=[], max_length=100)


class RegistrationUpdate(BaseModel):
    """What somebody registered may change; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    attending: Attending | None = None
    answers: Answers | None = Field(default=None, max_length=50)
    access_needs: OptionalLine | None = None
    dates: list[WallClock] | None = Field(default=None, max_length=100)


class RegistrationRead(BaseModel):
    """A registration; `position` is the place in line (1 is next) when waitlisted.

    `until` is the end of the time in which a seat is held for an answer.
    """

    model_config = ConfigDict(from_attributes=True)

    id: Id
    gathering_id: Id
    contact_id: Id
    status: RegistrationStatus
    revised_at: datetime
    attending: str = ""
    until: datetime | None = None
    position: int | None = None
    dates: list[RegisteredDate] | None = None

    @field_validator("dates", mode="before")
    @classmethod
    def _as_kept(cls, value: Any) -> Any:
        """Tables have pairs."""
        if not value or not isinstance(value[0], list):
            return value
        return [{"occurrence": day, "status": status} for day, status in value]


class DateOpen(BaseModel):
    """A date that people can register for, with how many seats it has left; None is no limit."""

    occurrence: datetime
    starts_local: datetime
    title: str
    seats_left: int | None


class RegistrationDetails(RegistrationRead):
    """The same with what the person answered and needs; for themselves."""

    answers: Answers = {}
    access_needs: str = ""
    # The place in the line of each date that has no seat yet; 1 is next.
    lines: dict[datetime, int] = {}


class RegistrationSecret(BaseModel):
    """The secret part of a guest's link to their registration."""

    secret: str
