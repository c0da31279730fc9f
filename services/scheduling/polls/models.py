"""The tables of polls."""

from datetime import datetime

from sqlalchemy import JSON, Column, DateTime, Text, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class Poll(Base, table=True):
    """Dates that people are asked about; `code` is the secret of the link that all share."""

    __tablename__ = "polls"

    id: str = Field(primary_key=True, max_length=36)
    version: int
    organiser_id: str = Field(max_length=36, index=True)
    code: str = Field(max_length=64, unique=True)
    title: str = Field(max_length=200)
    description: str = Field(sa_column=Column(Text, nullable=False))
    time_zone: str = Field(max_length=64)
    # How long the gathering is to last.
    minutes: int
    # Parts that somebody must play, such as a speaker, for a date to be of use.
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    status: str = Field(default="open", max_length=8)
    closes_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    opened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, index=True))
    # The draft that came of it; it may be deleted by now.
    gathering_id: str | None = Field(default=None, max_length=36)


class Slot(Base, table=True):
    """One date of a poll, by the clock of its zone."""

    __tablename__ = "poll_slots"
    __table_args__ = (UniqueConstraint("poll_id", "starts_local"),)

    id: str = Field(primary_key=True, max_length=36)
    poll_id: str = Field(foreign_key="polls.id", max_length=36)
    starts_local: datetime = Field(sa_column=Column(DateTime(), nullable=False))
    starts_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Ballot(Base, table=True):
    """What one person says to each date, by slot id; empty until they vote.

    `name` is what somebody unknown wrote, or what the organiser called whom they asked: what
    membership knows of a person is not told by asking them.
    """

    __tablename__ = "ballots"
    __table_args__ = (UniqueConstraint("poll_id", "contact_id"),)

    id: str = Field(primary_key=True, max_length=36)
    poll_id: str = Field(foreign_key="polls.id", max_length=36)
    contact_id: str | None = Field(default=None, max_length=36, index=True)
    name: str = Field(default="", max_length=200)
    role: str = Field(default="", max_length=80)
    votes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    voted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class BallotLink(Base, table=True):
    """A link to one's own ballot; only its SHA-256 is kept."""

    __tablename__ = "ballot_links"

    secret_hash: str = Field(primary_key=True, max_length=64)
    ballot_id: str = Field(foreign_key="ballots.id", max_length=36, index=True)
