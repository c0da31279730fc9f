"""The table of registrations."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class Registration(Base, table=True):
    """One person's seat, or place in line, in one gathering."""

    __tablename__ = "registrations"
    __table_args__ = (
        # In this order it also finds all registrations of one person.
        UniqueConstraint("contact_id", "gathering_id"),
        Index("ix_registrations_line", "gathering_id", "status", "asked_at", "id"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True, max_length=36)
    version: int
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36)
    contact_id: str = Field(max_length=36)
    status: str = Field(max_length=16)
    # Order of the waitlist; set anew when someone comes back after cancelling.
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    revised_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # Whether the person is known to be behind the address; guests are by a link in a mail.
    proved: bool = True
    # 'online' or 'onsite' where seats differ by that, else empty.
    attending: str = Field(default="", max_length=8)
    # The kind of seat that is taken, where there are kinds.
    pool_id: str | None = Field(default=None, max_length=36)
    # Until when a seat is held for an answer.
    until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    # What the person needs to take part; for the organiser's eyes, erased when it is over.
    access_needs: str = Field(default="", max_length=400)
    # The dates it is for, as RegistrationDate has them; nothing when it is for all.
    dates: list[Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )


class RegistrationDate(Base, table=True):
    """One date of a series that somebody registered for: a seat, or a place in its line."""

    __tablename__ = "registration_dates"
    __table_args__ = (
        Index("ix_registration_dates_line", "gathering_id", "occurrence", "status", "asked_at"),
    )

    registration_id: str = Field(foreign_key="registrations.id", primary_key=True, max_length=36)
    # The local start by the rule, to the second.
    occurrence: str = Field(primary_key=True, max_length=19)
    gathering_id: str = Field(max_length=36)
    status: str = Field(max_length=16)
    asked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class DateSeats(Base, table=True):
    """How many seats of one date are taken; changed only by guarded updates in days.py."""

    __tablename__ = "date_seats"

    gathering_id: str = Field(foreign_key="gatherings.id", primary_key=True, max_length=36)
    occurrence: str = Field(primary_key=True, max_length=19)
    taken: int = 0


class RegistrationLink(Base, table=True):
    """A link sent by mail to manage a registration; only its SHA-256 is kept."""

    __tablename__ = "registration_links"

    secret_hash: str = Field(primary_key=True, max_length=64)
    registration_id: str = Field(foreign_key="registrations.id", max_length=36, index=True)
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
