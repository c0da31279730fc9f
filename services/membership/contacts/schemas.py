"""What goes in and out of the contacts' routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from events.catalogue.membership import Consent, ContactStatus, HelixSide, Role, Visibility
from services.kit.fields import Email, Id, Language, Line, Region, Zone
from services.membership.organisations.schemas import OrganisationBrief, Terms

Interest = Literal[
    "cancer", "heart", "diabetes", "brain", "mental-health", "rare-diseases", "children",
    "healthy-ageing", "prevention", "medicines", "genetics", "digital-health", "data-privacy",
    "care-at-home",
]  # fmt: skip
"""Broad topics that citizens choose from; their words are in the gateway."""


def _each_once(interests: list[Interest]) -> list[Interest]:
    return list(dict.fromkeys(interests))


Interests = Annotated[list[Interest], Field(max_length=30), AfterValidator(_each_once)]
Consents = Annotated[list[Consent], Field(max_length=20)]


class GuestCreate(BaseModel):
    """Someone who takes part without an account."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
    made_up: bool = False


class ContactRef(BaseModel):
    """The id under which every service knows a person."""

    contact_id: Id


class ContactsAsked(BaseModel):
    """Addresses whose contacts the hub itself needs to know."""

    model_config = ConfigDict(extra="forbid")

    emails: list[Email] = Field(max_length=200)


class ContactRead(BaseModel):
    """A person's name; the address only for the hub itself and the person."""

    id: Id
    status: ContactStatus
    name: str
    email: str | None


class MemberUpdate(BaseModel):
    """What members change about themselves; fields left out stay as they are.

    `organisation_id` null means none; the address and the roles are not theirs to change.
    """

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    helix_side: HelixSide | None = None
    region_code: Region | None = None
    organisation_id: Id | None = None
    organisation_name: Line | None = None
    language: Language | None = None
    time_zone: Zone | None = None
    expertise_offered: Terms | None = None
    expertise_sought: Terms | None = None
    consents: Consents | None = None
    visibility: Visibility | None = None
    interests: Interests | None = None


class MemberProfile(BaseModel):
    """What members see of themselves."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    helix_side: HelixSide | None
    region_code: str | None
    organisation: OrganisationBrief | None = None
    roles: list[Role]
    expertise_offered: list[str]
    expertise_sought: list[str]
    version: int
    email: str
    consents: list[Consent]
    visibility: Visibility
    interests: list[Interest]
    """Of citizens; nobody else ever sees them."""
    checked_at: datetime | None
    hidden_for_age: bool = False
    """Whether the hub hid the profile, for nobody said in time that it still holds."""
    language: str
    time_zone: str


class MemberCounts(BaseModel):
    """How many members each side has, how many regions they come from, and organisations."""

    sides: dict[str, int]
    regions: int
    organisations: int
