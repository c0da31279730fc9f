"""The tables of the ledger: messages, and announcements that wait for late recipients."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.notification.base import Base


class Message(Base, table=True):
    """What one fact tells one person by one channel; only ids, the words are made when sent."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("event_id", "contact_id", "channel"),
        Index("ix_messages_queue", "status", "urgent", "happened_at", "id"),
        Index("ix_messages_waiting_for_contact", "status", "contact_id"),
        Index("ix_messages_waiting_for_thing", "status", "about_id"),
        Index("ix_messages_expiry", "status", "expires_at"),
    )

    # Made from event, contact and channel, so that the same message has the same id anywhere.
    id: str = Field(primary_key=True, max_length=36)
    event_id: str = Field(max_length=64)
    contact_id: str = Field(max_length=36, index=True)
    channel: str = Field(max_length=8)
    kind: str = Field(max_length=40)
    # The gathering, post or demo-case it speaks of.
    about_id: str | None = Field(default=None, max_length=36)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    urgent: bool = False
    happened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    correlationid: str = Field(max_length=64)
    traceparent: str | None = Field(default=None, max_length=64)
    status: str = Field(max_length=8)
    # Why it failed, was dropped or is tried again; never an address.
    reason: str = Field(default="", max_length=400)
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    attempts: int = 0
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    leased_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    leased_by: str | None = Field(default=None, max_length=80)


class Announcement(Base, table=True):
    """A fact for everybody registered: kept for those whose registration arrives later."""

    __tablename__ = "announcements"

    event_id: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=40)
    gathering_id: str = Field(max_length=36, index=True)
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    happened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    correlationid: str = Field(max_length=64)
    traceparent: str | None = Field(default=None, max_length=64)
