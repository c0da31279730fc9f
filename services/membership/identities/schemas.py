"""What goes in and out of the identities' routes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.kit.fields import Email, Id
from services.membership.accounts.schemas import Entry, SessionStarted

Issuer = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=300)]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Outcome = Literal["signed in", "unknown", "not verified"]


class IdentityProved(BaseModel):
    """Whom a provider says somebody is; the address only as far as the provider verified it."""

    model_config = ConfigDict(extra="forbid")

    issuer: Issuer
    subject: Subject


class IdentityUsed(IdentityProved):
    """A wish to sign in; `verified_email` is None when the provider vouches for none."""

    verified_email: Email | None = None
    entry: Entry = Entry()


class SignInAnswer(BaseModel):
    """What came of it; a session only when somebody is signed in."""

    outcome: Outcome
    session: SessionStarted | None = None


class IdentityRead(BaseModel):
    """An identity as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    issuer: str
    subject: str
    linked_at: datetime
    last_used_at: datetime | None
