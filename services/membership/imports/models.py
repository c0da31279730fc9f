"""What imports keep to know what they have done."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field

from services.kit.db import UtcDateTime
from services.membership.base import Base


class ImportedOrganisation(Base, table=True):
    """An organisation that an import made, as it left it."""

    __tablename__ = "imported_organisations"

    organisation_id: str = Field(
        primary_key=True, foreign_key="organisations.id", ondelete="CASCADE", max_length=36
    )
    # The organisation's version: a higher one means that others have changed it since.
    version: int
    # SHA-256 of the row that said so.
    digest: str = Field(max_length=64)


class Invitation(Base, table=True):
    """Somebody who was brought by an import has been asked to join; nobody is asked twice."""

    __tablename__ = "invitations"

    contact_id: str = Field(
        primary_key=True, foreign_key="contacts.id", ondelete="CASCADE", max_length=36
    )
    invited_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
