"""The table of notices."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.notification.base import Base


class Notice(Base, table=True):
    """One message in one person's inbox; its id is that of the message."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_inbox", "contact_id", "made_at", "id"),)

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(max_length=36)
    kind: str = Field(max_length=40)
    title: str = Field(sa_column=Column(Text, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    path: str = Field(max_length=200)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
