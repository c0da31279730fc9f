"""What goes in and out of the invitations' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.kit.fields import Id

MOST_AT_ONCE = 50


class InvitationsCreate(BaseModel):
    """People who are to be invited."""

    model_config = ConfigDict(extra="forbid")

    contact_ids: list[Id] = Field(min_length=1, max_length=MOST_AT_ONCE)


class InvitationRead(BaseModel):
    """Somebody who is invited; for the organiser alone."""

    model_config = ConfigDict(from_attributes=True)

    contact_id: Id
    added_at: datetime
