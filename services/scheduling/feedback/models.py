"""The tables of feedback; nothing in them says whose it is unless the person wished so."""

from datetime import date

from sqlalchemy import Column, Date, Text
from sqlmodel import Field

from services.scheduling.base import Base


class Feedback(Base, table=True):
    """What somebody said; its id is random, lest its order tell when it came."""

    __tablename__ = "feedback"

    id: str = Field(primary_key=True, max_length=36)
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36, index=True)
    rating: int
    text: str = Field(sa_column=Column(Text, nullable=False))
    given_on: date = Field(sa_column=Column(Date, nullable=False))
    # Only when the person wished to be named.
    contact_id: str | None = Field(default=None, max_length=36, index=True)


class FeedbackGiven(Base, table=True):
    """That somebody has answered, so that they do so once."""

    __tablename__ = "feedback_given"

    gathering_id: str = Field(primary_key=True, foreign_key="gatherings.id", max_length=36)
    contact_id: str = Field(primary_key=True, max_length=36, index=True)
