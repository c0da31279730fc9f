"""What goes in and out of the feed addresses' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.kit.fields import Id, Line


class FeedAddressCreate(BaseModel):
    """A new secret address, with a label that tells its owner where it is used."""

    model_config = ConfigDict(extra="forbid")

    label: Line


class FeedAddressRead(BaseModel):
    """An address as its owner sees it, without the secret."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    label: str
    made_at: datetime
    revoked_at: datetime | None


class FeedAddressIssued(BaseModel):
    """A new address: `/feeds/private/SECRET.ics`; the secret is shown this once."""

    id: Id
    label: str
    secret: str
