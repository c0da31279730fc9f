"""What goes in and out of the routes of joining."""

from pydantic import BaseModel, ConfigDict

from events.catalogue.membership import HelixSide
from services.kit.fields import Email, Id, Language, Line, Region, Zone
from services.membership.accounts.schemas import Entry, Secret
from services.membership.contacts.schemas import Consents, Interests
from services.membership.organisations.schemas import Terms


class MemberJoin(BaseModel):
    """The join form; an organisation is chosen by id, or named anew, or left out."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    helix_side: HelixSide
    region_code: Region
    organisation_id: Id | None = None
    organisation_name: Line | None = None
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
    expertise_offered: Terms = []
    expertise_sought: Terms = []
    interests: Interests = []
    """Of citizens only; private, unlike expertise."""
    consents: Consents
    made_up: bool = False
    asked_by: Secret | None = None
    """Held by the browser, which alone can use a sign-in link that this leads to."""


class InvitationRead(BaseModel):
    """What an import brought of somebody; only the holder of the invitation sees it."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    email: str
    helix_side: HelixSide | None
    region_code: str | None
    organisation_name: str = ""
    expertise_offered: list[str]
    expertise_sought: list[str]
    language: str
    time_zone: str


class InvitationAccept(BaseModel):
    """The join form of an invitation: the address is that to which its mail went."""

    model_config = ConfigDict(extra="forbid")

    invitation: Secret
    name: Line
    helix_side: HelixSide
    region_code: Region
    organisation_id: Id | None = None
    organisation_name: Line | None = None
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
    expertise_offered: Terms = []
    expertise_sought: Terms = []
    interests: Interests = []
    consents: Consents
    entry: Entry = Entry()


class AdminCreate(BaseModel):
    """Someone who shall run the hub."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"
