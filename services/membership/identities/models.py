"""The table of identities."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class LinkedIdentity(Base, table=True):
    """An account at a provider that stands for a member here."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: str = Field(primary_key=True, max_length=36)
    contact_id: str = Field(foreign_key="contacts.id", max_length=36, index=True)
    # The provider's own address, and its name for the person: never given to somebody else.
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    linked_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
