"""The table of registrations."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class Registration(Base, table=True):
    """One person's seat, or place in line, in one gathering."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("gathering_id", "contact_id"),
        Index("ix_registrations_line", "gathering_id", "status", "asked_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=36)
    version: int
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36)
    contact_id: str = Field(max_length=36, index=True)
    status: str = Field(max_length=16)
    # Order of the waitlist; set anew when someone comes back after cancelling.
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    revised_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # SHA-256 of the secret in the link by which a guest manages it.
    secret_hash: str | None = Field(default=None, max_length=64, index=True)
