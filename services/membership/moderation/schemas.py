"""What goes in and out of the routes of the moderation desk."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.membership import ContactStatus, HelixSide, Role, Visibility
from services.kit.fields import MOST_SKIPPED, Email, Id, Language, Line, OptionalLine
from services.membership.roles.schemas import GrantRead
from services.membership.suspensions.schemas import SuspensionRead


class AccountsAsked(BaseModel):
    """Whom a moderator looks for; in a body, for addresses belong in no log."""

    model_config = ConfigDict(extra="forbid")

    q: OptionalLine = ""
    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=MOST_SKIPPED)


class InvitationCreate(BaseModel):
    """Somebody who is asked whether they want to join."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    language: Language = "en"


class AccountBrief(BaseModel):
    """A person as moderators find them, whether or not anybody else does."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    status: ContactStatus
    helix_side: HelixSide | None
    region_code: str | None
    roles: list[Role]
    coordinates: list[str]
    visibility: Visibility


class AccountsFound(BaseModel):
    """One part of the list of accounts."""

    total: int
    accounts: list[AccountBrief]


class Waiting(BaseModel):
    """How much waits for moderators."""

    terms: int
    """Words that members suggested."""
    asks: int
    """Wishes to speak for an organisation that has no owner who could decide."""
    organisations: int
    """Organisations that nobody verified."""


class AccountRead(AccountBrief):
    """The same with everything that was done to the account; `names` are of who did it."""

    created_at: datetime
    grants: list[GrantRead] = []
    suspensions: list[SuspensionRead] = []
    names: dict[str, str] = {}
