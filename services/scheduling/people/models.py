"""The table of people of gatherings."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class GatheringPerson(Base, table=True):
    """Somebody who helps to run a gathering, or who is one of its hosts."""

    __tablename__ = "gathering_people"

    gathering_id: str = Field(primary_key=True, foreign_key="gatherings.id", max_length=36)
    contact_id: str = Field(primary_key=True, max_length=36, index=True)
    role: str = Field(primary_key=True, max_length=12)
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
