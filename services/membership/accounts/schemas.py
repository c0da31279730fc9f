"""What goes in and out of the accounts' routes."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from events.catalogue.membership import Consent, Role
from services.kit.fields import Email, Id

LinkKind = Literal["confirm", "sign-in", "stay", "invite", "check", "address", "address-back"]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Software = Annotated[str, StringConstraints(max_length=40)]


class Accepted(BaseModel):
    """The same answer whether or not the address is known; what follows comes by mail."""


class Entry(BaseModel):
    """Where somebody signs in: in which browser, and which of its sessions ends by that."""

    model_config = ConfigDict(extra="forbid")

    browser: Software = ""
    system: Software = ""
    replaces: Secret | None = None


class SignInCreate(BaseModel):
    """A wish for a sign-in link by mail; it works for whoever holds the secret `asked_by`."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    asked_by: Secret


class LinkHeld(BaseModel):
    """A confirmation link's secret, and where it is used."""

    model_config = ConfigDict(extra="forbid")

    secret: Secret
    entry: Entry = Entry()


class SignInHeld(LinkHeld):
    """A sign-in link's secret, and that of the browser which asked for it, if this is it."""

    asked_by: Secret | None = None


class CodeHeld(BaseModel):
    """The code of a mail, typed in the browser that asked for it."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    asked_by: Secret
    entry: Entry = Entry()


class SecretHeld(BaseModel):
    """A secret someone presents: of a session."""

    model_config = ConfigDict(extra="forbid")

    secret: Secret


class LinkMinted(BaseModel):
    """A fresh secret for the mail about to be sent; it is shown nowhere else.

    `code` is what can be typed instead of using a sign-in link; `to` is where the mail goes when
    that is not the address of the account.
    """

    kind: LinkKind
    secret: str
    code: str = ""
    to: str = ""


class SessionStarted(BaseModel):
    """A session; its secret belongs in a cookie and is shown nowhere else."""

    secret: str
    expires_at: datetime
    contact_id: Id


class SessionRead(BaseModel):
    """Who is signed in, when they last proved who they are, and to what they are asked again."""

    session_id: Id
    contact_id: Id
    name: str
    roles: list[Role]
    coordinates: list[str]
    language: str
    time_zone: str
    proved_at: datetime
    used_on: date
    expires_at: datetime
    outdated_consents: list[Consent] = []


class SessionBrief(BaseModel):
    """One browser in which a member is signed in, for that member."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    browser: str
    system: str
    started_at: datetime
    used_on: date


class SessionKept(BaseModel):
    """The session that goes on when all others end."""

    model_config = ConfigDict(extra="forbid")

    session_id: Id
