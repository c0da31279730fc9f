"""The table of roles."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class RoleGrant(Base, table=True):
    """A role that somebody was given; withdrawn, it stays as a record. Members' own has none."""

    __tablename__ = "role_grants"

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(max_length=36, index=True)
    role: str = Field(max_length=16, index=True)
    # Of a coordinator: the region they look after.
    region_code: str | None = Field(default=None, max_length=8)
    # None: the hub itself, from a terminal; or somebody who is erased.
    granted_by: str | None = Field(default=None, max_length=36)
    granted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    withdrawn_by: str | None = Field(default=None, max_length=36)
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
