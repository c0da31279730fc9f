"""The table of representatives."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class Representative(Base, table=True):
    """What a person is for an organisation (active), wants to be (asked), or may not (removed).

    Whoever says in the profile that they work somewhere is a member of it by their own word
    and has no row here.
    """

    __tablename__ = "representatives"
    __table_args__ = (UniqueConstraint("organisation_id", "contact_id", "status"),)

    id: str = Field(primary_key=True, max_length=36)
    organisation_id: str = Field(foreign_key="organisations.id", max_length=36)
    contact_id: str = Field(foreign_key="contacts.id", max_length=36, index=True)
    role: str = Field(max_length=16)
    status: str = Field(max_length=8)
    asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
