"""The table of demo-cases."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.matchmaking.base import Base


class DemoCase(Base, table=True):
    """One demo-case with the expertise it needs."""

    __tablename__ = "demo_cases"
    __table_args__ = (Index("ix_demo_cases_newest", "proposed_at", "id"),)

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, unique=True)
    phase: str = Field(max_length=16, index=True)
    title: str = Field(max_length=200)
    challenge: str = Field(sa_column=Column(Text, nullable=False))
    solution: str = Field(sa_column=Column(Text, nullable=False))
    lead_organisation_id: str | None = Field(default=None, max_length=36, index=True)
    region_code: str | None = Field(default=None, max_length=8)
    proposer_id: str = Field(max_length=36, index=True)
    required_terms: list[str] = Field(sa_column=Column(JSON, nullable=False))
    link: str | None = Field(default=None, max_length=500)
    proposed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    made_up: bool = False
