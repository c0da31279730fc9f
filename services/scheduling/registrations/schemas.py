"""What goes in and out of the registrations' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from events.catalogue.scheduling import RegistrationStatus
from services.kit.fields import Id


class RegistrationCreate(BaseModel):
    """A wish for a seat; only the hub itself names a contact other than the caller."""

    model_config = ConfigDict(extra="forbid")

    gathering_id: Id
    contact_id: Id | None = None


class RegistrationRead(BaseModel):
    """A registration; `position` is the place in line (1 is next) when waitlisted."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    gathering_id: Id
    contact_id: Id
    status: RegistrationStatus
    revised_at: datetime
    position: int | None = None


class RegistrationSecret(BaseModel):
    """The secret part of a guest's link to their registration."""

    secret: str
