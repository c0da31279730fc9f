"""The table of organisations."""

from datetime import datetime

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Organisation(Base, table=True):
    """One organisation, known to everybody."""

    __tablename__ = "organisations"

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=200)
    # The name as compared: whoever writes it a little differently means the same one.
    name_key: str = Field(max_length=200, unique=True)
    helix_side: str = Field(max_length=16)
    region_code: str | None = Field(default=None, max_length=8)
    country: str | None = Field(default=None, max_length=2)
    description: str = Field(default="", sa_column=Column(Text, nullable=False))
    expertise: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # The same as terms: its own and those of its people who are listed.
    term_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Name and expertise, folded for the search.
    words: str = Field(sa_column=Column(Text, nullable=False))
    made_up: bool = False
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
