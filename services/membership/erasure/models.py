"""The tables of erasures."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Erasure(Base, table=True):
    """That somebody was erased: an id with nobody behind it, kept to erase again after a restore.

    Where the receipt goes is known until it went out, or could not for too long.
    """

    __tablename__ = "erasures"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(max_length=36, unique=True)
    reason: str = Field(max_length=16)
    erased_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    email: str | None = Field(default=None, max_length=254)
    language: str | None = Field(default=None, max_length=8)
    time_zone: str | None = Field(default=None, max_length=64)
    # Times that services which had not confirmed were asked again.
    chased: int = 0
    completed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    receipt_sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class ErasureConfirmation(Base, table=True):
    """That one service has forgotten somebody."""

    __tablename__ = "erasure_confirmations"

    erasure_id: str = Field(primary_key=True, foreign_key="erasures.id", max_length=36)
    service: str = Field(primary_key=True, max_length=40)
    confirmed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
