"""What goes in and out of the accounts' routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from events.catalogue.membership import Role
from services.kit.fields import Email, Id

LinkKind = Literal["confirm", "sign-in"]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Accepted(BaseModel):
    """The same answer whether or not the address is known; what follows comes by mail."""


class SignInCreate(BaseModel):
    """A wish for a sign-in link by mail."""

    model_config = ConfigDict(extra="forbid")

    email: Email


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
