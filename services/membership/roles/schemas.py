"""What goes in and out of the routes of roles."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.membership import Role
from services.kit.fields import Id, Region

Granted = Literal["organiser", "coordinator", "moderator", "admin"]


class RolesUpdate(BaseModel):
    """All roles a member shall have; `member` always stays."""

    model_config = ConfigDict(extra="forbid")

    roles: list[Role] = Field(max_length=20)


class RoleOrder(BaseModel):
    """A role to give or to withdraw; a coordinator's is for one region."""

    model_config = ConfigDict(extra="forbid")

    role: Granted
    region_code: Region | None = None


class RoleHandOver(RoleOrder):
    """A role that passes to another member."""

    to_id: Id


class RolesHeld(BaseModel):
    """What a member may do now, and where they coordinate."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    roles: list[Role]
    coordinates: list[str]


class GrantRead(BaseModel):
    """One line of the record of roles; None is the hub itself, or somebody who is erased."""

    model_config = ConfigDict(from_attributes=True)

    role: Role
    region_code: str | None
    granted_by: Id | None
    granted_at: datetime
    withdrawn_by: Id | None
    withdrawn_at: datetime | None
