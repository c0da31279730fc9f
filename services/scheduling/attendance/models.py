"""The tables of attendance."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class Attendance(Base, table=True):
    """Somebody with a seat came to one date of a gathering.

    When the registration is forgotten, its id gives way to the row's own: what remains is a count.
    """

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("registration_id", "occurrence"),)

    id: str = Field(primary_key=True, max_length=36)
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36, index=True)
    registration_id: str = Field(max_length=36)
    # Local start of the date in ISO 8601; empty when there is one date.
    occurrence: str = Field(default="", max_length=19)
    arrival: str = Field(max_length=10)
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class Ticket(Base, table=True):
    """What a person shows at the door; it opens nothing by itself."""

    __tablename__ = "tickets"

    registration_id: str = Field(primary_key=True, foreign_key="registrations.id", max_length=36)
    code: str = Field(max_length=32, unique=True)
