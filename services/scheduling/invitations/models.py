"""The table of invitations."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class Invitation(Base, table=True):
    """That somebody may register for a gathering which is for those invited alone."""

    __tablename__ = "invitations"

    gathering_id: str = Field(foreign_key="gatherings.id", primary_key=True, max_length=36)
    contact_id: str = Field(primary_key=True, max_length=36, index=True)
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
