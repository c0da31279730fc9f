"""What goes in and out of the accounts' routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from events.catalogue.membership import HelixSide, Role
from services.kit.fields import Email, Id, Language, Line, Region, Zone
from services.membership.contacts.schemas import Consents
from services.membership.organisations.schemas import Terms

LinkKind = Literal["confirm", "sign-in"]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


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
    consents: Consents
    made_up: bool = False


class Accepted(BaseModel):
    """The same answer whether or not the address is known; what follows comes by mail."""


class SignInCreate(BaseModel):
    """A wish for a sign-in link by mail."""

    model_config = ConfigDict(extra="forbid")

    email: Email


class AdminCreate(BaseModel):
    """Someone who shall run the hub."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    language: Language = "en"
    time_zone: Zone = "Europe/Brussels"


class SecretHeld(BaseModel):
    """A secret someone presents: of a mail's link, or of a session."""

    model_config = ConfigDict(extra="forbid")

    secret: Secret


class LinkMinted(BaseModel):
    """A fresh secret for the mail about to be sent; it is shown nowhere else."""

    kind: LinkKind
    secret: str


class SessionStarted(BaseModel):
    """A session; its secret belongs in a cookie and is shown nowhere else."""

    secret: str
    expires_at: datetime
    contact_id: Id


class SessionRead(BaseModel):
    """Who is signed in."""

    session_id: Id
    contact_id: Id
    name: str
    roles: list[Role]
    language: str
    time_zone: str
    expires_at: datetime
