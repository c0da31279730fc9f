"""The table of partnership regions."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class PartnerRegion(Base, table=True):
    """One region of the partnership; it may overlap with others."""

    __tablename__ = "regions"

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=200)
    # The name as compared: two regions of one name would be one to people.
    name_key: str = Field(max_length=200, unique=True)
    nuts_codes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
