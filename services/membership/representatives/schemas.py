"""What goes in and out of the representatives' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from events.catalogue.membership import HelixSide, Representation
from services.kit.fields import Id


class Ask(BaseModel):
    """What someone wants to be for an organisation."""

    model_config = ConfigDict(extra="forbid")

    role: Representation


class RoleGiven(BaseModel):
    """What someone shall be for an organisation from now on."""

    model_config = ConfigDict(extra="forbid")

    role: Representation


class Decision(BaseModel):
    """Yes or no to what someone asked."""

    model_config = ConfigDict(extra="forbid")

    granted: bool


class ColleagueRead(BaseModel):
    """Someone of an organisation, whom the viewer may see."""

    contact_id: Id
    name: str
    helix_side: HelixSide | None
    role: Representation
    since: datetime | None
    """None for those who are members by their own word."""


class AskRead(BaseModel):
    """A wish that waits for a decision, as deciders see it."""

    contact_id: Id
    name: str
    role: Representation
    asked_at: datetime
    works_here: bool
    """Whether the person's profile names this organisation."""
    same_domain: bool
    """Whether the person's e-mail address is of the website's domain; it is never told itself."""


class Standing(BaseModel):
    """What the viewer is for an organisation, wants to be and may do."""

    role: Representation | None = None
    asked: Representation | None = None
    removed: bool = False
    """Whether an owner took the viewer off: choosing the organisation anew must be asked for."""
    may_edit: bool = False
    may_decide: bool = False
    may_manage: bool = False
    last_owner: bool = False


class OrganisationPeople(BaseModel):
    """Who is of an organisation, as the viewer may know; and what may be done about it."""

    people: list[ColleagueRead]
    more: int
    """How many others are listed beyond these."""
    owned: bool
    """Whether somebody answers for it; else moderators decide who may."""
    standing: Standing
    asks: list[AskRead]
    """Open wishes; empty for those who do not decide."""
