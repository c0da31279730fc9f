"""What goes in and out of the contacts' routes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.membership import Consent, ContactStatus, HelixSide, Role
from services.kit.fields import Email, Id, Language, Line, Region, Zone
from services.membership.organisations.schemas import OrganisationBrief, Terms

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
    language: str
    time_zone: str


class MemberCounts(BaseModel):
    """How many members each side has, how many regions they come from, and organisations."""

    sides: dict[str, int]
    regions: int
    organisations: int
