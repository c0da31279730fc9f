"""The table of sessions."""

from datetime import datetime

from sqlalchemy import JSON, Column, DateTime, Text, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class AgendaSession(Base, table=True):
    """One entry of a gathering's agenda."""

    __tablename__ = "agenda_sessions"
    __table_args__ = (UniqueConstraint("gathering_id", "source_uid"),)

    id: str = Field(primary_key=True, max_length=36)
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36, index=True)
    version: int
    slug: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=40)
    title: str = Field(max_length=200)
    abstract: str = Field(sa_column=Column(Text, nullable=False))
    starts_local: datetime = Field(sa_column=Column(DateTime(), nullable=False))
    ends_local: datetime = Field(sa_column=Column(DateTime(), nullable=False))
    starts_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    ends_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    track: str = Field(max_length=80)
    room: str = Field(max_length=80)
    speakers: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    language: str = Field(max_length=8)
    # Where it was imported from: the UID there.
    source_uid: str | None = Field(default=None, max_length=255)
    sequence: int = 0
    revised_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
