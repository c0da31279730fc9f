"""The table of versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.scheduling.base import Base


class GatheringVersion(Base, table=True):
    """One change of a gathering: which fields, from what to what.

    Of the online address, which is a secret, and of people only that they changed.
    """

    __tablename__ = "gathering_versions"

    gathering_id: str = Field(primary_key=True, foreign_key="gatherings.id", max_length=36)
    version: int = Field(primary_key=True)
    # After the change.
    status: str = Field(max_length=16)
    changes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
