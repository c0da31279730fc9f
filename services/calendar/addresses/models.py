"""The table of secret feed addresses; no replay touches it."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.calendar.base import Base
from services.kit.db import UtcDateTime


class FeedAddress(Base, table=True):
    """One address of one person's feed; of its secret only the SHA-256 is kept."""

    __tablename__ = "feed_addresses"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(max_length=36, index=True)
    label: str = Field(max_length=200)
    secret_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
