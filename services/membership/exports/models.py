"""The table of exports."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class DataExport(Base, table=True):
    """A member may fetch their data once; of the link's secret only the SHA-256 is kept."""

    __tablename__ = "data_exports"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(foreign_key="contacts.id", max_length=36, index=True)
    secret_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
