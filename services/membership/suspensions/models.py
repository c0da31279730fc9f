"""The table of suspensions."""

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Suspension(Base, table=True):
    """An account closed for a reason that moderators alone see; ended, it stays as a record."""

    __tablename__ = "suspensions"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(max_length=36, index=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    # None: somebody who is erased.
    suspended_by: str | None = Field(default=None, max_length=36)
    suspended_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    reinstated_by: str | None = Field(default=None, max_length=36)
    reinstated_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
