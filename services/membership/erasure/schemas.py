"""What goes in and out of the routes of erasures."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.kit.fields import Id

Reason = Literal["left", "asked", "term", "restored"]


class ErasureCreate(BaseModel):
    """An order to erase somebody now."""

    model_config = ConfigDict(extra="forbid")

    contact_id: Id


class Confirmation(BaseModel):
    """That one service has forgotten somebody."""

    model_config = ConfigDict(from_attributes=True)

    service: str
    confirmed_at: datetime


class ErasureRead(BaseModel):
    """How far an erasure is; names nobody."""

    id: Id
    contact_id: Id
    reason: Reason
    erased_at: datetime
    completed_at: datetime | None
    receipt_sent_at: datetime | None
    confirmations: list[Confirmation]
    missing: list[str]


class ReceiptMinted(BaseModel):
    """What the receipt's mail needs, given when it is about to be sent."""

    email: str
    language: str
    time_zone: str
    erased_at: datetime
    confirmations: list[Confirmation]


class Reapplied(BaseModel):
    """What was done about somebody who had been erased before a backup was restored."""

    contact_id: Id
    was_back: bool
