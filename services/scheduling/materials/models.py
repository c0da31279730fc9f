"""The table of materials."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class Material(Base, table=True):
    """Slides, a recording, a paper: a file kept here or a link to where it is."""

    __tablename__ = "materials"

    id: str = Field(primary_key=True, max_length=36)
    gathering_id: str = Field(foreign_key="gatherings.id", max_length=36, index=True)
    kind: str = Field(max_length=12)
    title: str = Field(max_length=200)
    url: str = Field(default="", max_length=500)
    file_id: str | None = Field(default=None, max_length=64)
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    told_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
