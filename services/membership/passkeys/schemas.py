"""What goes in and out of the passkeys' routes."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.kit.fields import Id, Line
from services.membership.accounts.schemas import Entry, Secret

Origin = Annotated[
    str, StringConstraints(pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$", max_length=300)
]
Credential = Annotated[dict[str, Any], Field(max_length=20)]


class OptionsAsked(BaseModel):
    """Someone is about to use a passkey at this origin; `holder` may answer."""

    model_config = ConfigDict(extra="forbid")

    origin: Origin
    holder: Secret


class RegistrationAsked(OptionsAsked):
    """A member is about to add a passkey to the hub of this name."""

    hub: Line


class PasskeyUsed(OptionsAsked):
    """What a device signed to sign in, as the browser gives it."""

    credential: Credential
    entry: Entry = Entry()


class PasskeyCreate(OptionsAsked):
    """What a device made to sign in with from now on, as the browser gives it."""

    credential: Credential
    label: Line


class PasskeyUpdate(BaseModel):
    """Another name for a passkey."""

    model_config = ConfigDict(extra="forbid")

    label: Line


class PasskeyRead(BaseModel):
    """A passkey as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    label: str
    backed_up: bool
    created_at: datetime
    last_used_at: datetime | None
